-- How the server is doing, as it tells with `fimls/status`.
local client = require('fimls.client')

local M = {}

---@class fimls.Status
---@field state 'starting'|'ready'|'busy'|'offline'|'error'|'off'
---@field backend string
---@field model string
---@field host string
---@field ['local'] boolean whether the host is this machine
---@field message string
---@field fix? string
---@field command? lsp.Command it does what `fix` says
---@field uri? string of the one document that it is about

---@type table<string, fimls.Status> by document, and under "" the session's
local told = {}

-- The states in which there is a model.
local has_model = { starting = ' …', ready = '', busy = ' …' }

--- Takes a status.
---@param status fimls.Status
function M.take(status)
  status = client.plain(status)
  told[status.uri or ''] = status
  vim.api.nvim_exec_autocmds('User', { pattern = 'FimlsStatus', modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

--- The server has a buffer anew: what it said of it before need not hold any longer.
---@param buf integer
function M.forget(buf) told[vim.uri_from_bufnr(buf)] = nil end

--- The status that counts for a buffer: its own, or the session's.
---@param buf? integer
---@return fimls.Status?
function M.of(buf) return told[vim.uri_from_bufnr(buf or 0)] or told[''] end

--- A few words for the status line.
---@param buf? integer
---@return string
function M.line(buf)
  if not client.of(buf) then return '' end
  local status = M.of(buf) or { state = 'starting' }
  local busy = has_model[status.state]
  if not busy then return 'fimls ' .. status.state end
  local host = status['local'] == false and ' @ ' .. status.host or ''
  return 'fimls ' .. (status.model or '') .. host .. busy
end

--- Everything that is known, for people.
---@return string
function M.report()
  local status = M.of()
  if not client.any() or not status then return 'fimls: the server has not said anything' end
  if not client.of() then return 'fimls: the server does not have this buffer' end
  local where = status['local'] == false and 'REMOTE: your code leaves this machine'
    or 'this machine'
  local rows = {
    { 'model', status.model, ' on ' .. (status.backend or '') },
    { 'host', status.host, (' (%s)'):format(where) },
    { 'why', status.message, '' },
    { 'fix', status.fix, status.command and '; :Fimls fix does that' or '' },
  }
  local lines = { 'fimls: ' .. status.state }
  for _, row in ipairs(rows) do
    local name, value, more = unpack(row, 1, 3)
    if value and value ~= '' then table.insert(lines, ('  %-6s %s%s'):format(name, value, more)) end
  end
  return table.concat(lines, '\n')
end

--- Does what the status says would help.
function M.fix()
  local command, server = (M.of() or {}).command, client.any()
  if not command then return client.warn('there is no command that would help now') end
  if server then client.execute(server, command.command, command.arguments) end
end

return M
