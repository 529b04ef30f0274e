-- What is done with code on request: explaining it, and turning a comment into it.
local client = require('fimls.client')

local M = {}

---@type { client: vim.lsp.Client, name: string, id: integer }? the action that is under way
local running

---@return boolean
local function is_explaining() return running ~= nil and running.name == 'fimls.explain' end

--- Runs an action of the server, in place of the one that is under way.
---@param name string
---@param first? integer[] row from 0 and byte; default: the cursor
---@param last? integer[] behind the last byte
---@param done fun(result: any)
local function run(name, first, last, done)
  local buf = vim.api.nvim_get_current_buf()
  local server = client.of(buf)
  if not server then return client.warn('no server has this buffer; see :checkhealth fimls') end
  M.cancel()
  local cursor = vim.api.nvim_win_get_cursor(0)
  local function position(mark)
    mark = mark or { cursor[1] - 1, cursor[2] }
    return client.position(server, buf, mark[1], mark[2])
  end
  local argument = {
    uri = vim.uri_from_bufnr(buf),
    range = { start = position(first), ['end'] = position(last) },
    version = client.version(buf),
  }
  local this = { client = server, name = name }
  running = this
  this.id = client.execute(server, name, { argument }, function(result)
    if running ~= this then return end
    running = nil
    done(result)
  end, buf)
end

--- Whoever closes an explanation does not wait for the rest of it.
---@param explanation string
local function show(explanation)
  local function closed() return is_explaining() and M.cancel() end
  require('fimls.view').show('fimls://explanation', explanation, 'markdown', closed)
end

--- Explains what is between two places, as it comes.
---@param first? integer[]
---@param last? integer[]
local function explain(first, last)
  vim.api.nvim_echo({ { 'fimls: explaining…' } }, false, {})
  run('fimls.explain', first, last, function(result)
    vim.api.nvim_echo({ { '' } }, false, {})
    if result then show(result.markdown) end
  end)
end

--- The operator: explains what a motion or the selection covers.
---@param kind 'char'|'line'|'block'
function M.operator(kind)
  local first, last = vim.api.nvim_buf_get_mark(0, '['), vim.api.nvim_buf_get_mark(0, ']')
  if kind ~= 'char' then return M.explain({ first[1], last[1] }) end
  local character = vim.fn.strpart(vim.fn.getline(last[1]), last[2], 1, true)
  explain({ first[1] - 1, first[2] }, { last[1] - 1, last[2] + #character })
end

--- Explains whole lines, or what is around the cursor.
---@param lines? integer[] the first and the last, from 1
function M.explain(lines)
  if not lines then return explain() end
  explain({ lines[1] - 1, 0 }, { lines[2] - 1, vim.v.maxcol })
end

--- Turns the comment at the cursor into code; the server sends the edit.
function M.generate()
  require('fimls.suggest').leave()
  run('fimls.generate', nil, nil, function() end)
end

--- The text of an explanation so far (`fimls/actionText`); nobody waits for it once it is closed.
---@param params { text: string }
function M.text(params)
  if is_explaining() then show(params.text) end
end

--- Stops the action that is under way; false where there is none.
---@return boolean
function M.cancel()
  if not running then return false end
  client.cancel(running.client, running.id)
  running = nil
  vim.api.nvim_echo({ { '' } }, false, {})
  return true
end

return M
