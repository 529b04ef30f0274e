-- The command `:Fimls`.
local client = require('fimls.client')
local config = require('fimls.config')

local M = {}

--- Each is given what `nvim_create_user_command()` gives, and its own argument.
---@type table<string, fun(given: table, argument?: string)>
local subcommands = {
  status = function() vim.api.nvim_echo({ { require('fimls.status').report() } }, true, {}) end,
  fix = function() require('fimls.status').fix() end,
  restart = function() client.restart() end,
  generate = function() require('fimls.actions').generate() end,
  why = function() require('fimls.why').show() end,
  model = function(_, name) require('fimls.model').run(name) end,
  cancel = function() require('fimls').cancel() end,
}

function subcommands.explain(given)
  require('fimls.actions').explain(given.range > 0 and { given.line1, given.line2 } or nil)
end

function subcommands.log()
  local cmd = config.get().cmd
  local at = vim.fn.index(cmd, '--log-file')
  local file = at ~= -1 and cmd[at + 2] or require('vim.lsp.log').get_filename()
  vim.cmd.tabedit(vim.fn.fnameescape(file))
  vim.cmd.normal({ 'G', bang = true })
end

function subcommands.toggle()
  local server = client.any()
  if not server then return end
  require('fimls.suggest').leave()
  client.execute(server, 'fimls.toggle', nil, function(result)
    if result then vim.notify('fimls: completions are ' .. (result.enabled and 'on' or 'off')) end
  end)
end

function subcommands.map()
  local file, filetype = vim.api.nvim_buf_get_name(0), vim.bo.filetype
  if file == '' or vim.bo.buftype ~= '' then return client.warn('there is no file here') end
  -- The command line counts characters, and not bytes.
  local place = ('%s:%d:%d'):format(file, vim.fn.line('.'), vim.fn.charcol('.'))
  local command = vim.list_extend(config.program(), { 'map', place })
  if vim.fn.executable(command[1]) == 0 then
    return client.warn(command[1] .. ' is not executable here; see :checkhealth fimls')
  end
  vim.api.nvim_echo({ { 'fimls: reading the repository…' } }, false, {})
  local function done(result)
    vim.api.nvim_echo({ { '' } }, false, {})
    if result.code ~= 0 then return client.warn(vim.trim(result.stderr)) end
    local text = vim.trim(result.stdout)
    vim.api.nvim_set_current_win(require('fimls.view').show('fimls://map', text, filetype))
  end
  vim.system(command, { text = true, env = { NO_COLOR = '1' } }, vim.schedule_wrap(done))
end

--- Runs a subcommand; `:Fimls` alone is `:Fimls status`.
---@param given table as `nvim_create_user_command()` gives it
function M.run(given)
  local run = subcommands[given.fargs[1] or 'status']
  if not run then return client.warn(('there is no :Fimls %s'):format(given.fargs[1])) end
  run(given, given.fargs[2])
end

--- The subcommands that begin with what has been typed.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  if line:match('Fimls%s+%S+%s') then return {} end
  local names = vim.tbl_keys(subcommands)
  table.sort(names)
  return vim.tbl_filter(function(name) return vim.startswith(name, lead) end, names)
end

return M
