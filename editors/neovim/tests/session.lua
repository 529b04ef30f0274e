-- A Neovim with the plug-in, seen from a test: what is typed, what is on the screen.
local M = {}

-- Machines that test are busy; nothing takes that long but where something is wrong.
local PATIENCE_MS = 60000

local here = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))

--- The folder of the plug-in.
M.root = vim.fs.dirname(here)

--- Waits for a condition; fails with what was waited for.
---@param what string
---@param condition fun(): boolean?
---@param patience_ms? integer
function M.wait(what, condition, patience_ms)
  if not vim.wait(patience_ms or PATIENCE_MS, function() return condition() == true end, 10) then
    error(('waited in vain for: %s'):format(what), 2)
  end
end

--- Sends a request to one of the doubles, and gives the body of the answer.
---@param address string of the double
---@param path string
---@param value any the JSON value that is posted; nil: GET
---@return string
function M.http(address, path, value)
  local host, port = address:match('^http://([%d.]+):(%d+)$')
  local body = value ~= nil and vim.json.encode(value) or ''
  local head =
    '%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n'
  local socket, answer, is_over = assert(vim.uv.new_tcp()), '', false
  socket:connect(host, tonumber(port) --[[@as integer]], function(err)
    assert(not err, err)
    socket:write(head:format(value ~= nil and 'POST' or 'GET', path, #body) .. body)
    socket:read_start(function(_, chunk)
      answer, is_over = answer .. (chunk or ''), chunk == nil
    end)
  end)
  M.wait('an answer of ' .. address, function() return is_over end)
  socket:close()
  return (answer:gsub('^.-\r\n\r\n', ''))
end

--- What the model says from now on: one text for each request, the last one for all that follow.
---@param ... string
function M.model_says(...) M.http(vim.env.TEST_CONTROL, '/answers', { ... }) end

---@class Session
---@field child table of mini.test
local Session = {}
Session.__index = Session

---@type table? the Neovim of all tests that need none of their own
local shared

---@param args string[]
---@return table child
local function spawn(args)
  local child = MiniTest.new_child_neovim()
  child.start(args, { nvim_executable = vim.v.progpath, connection_timeout = PATIENCE_MS })
  return child
end

---@param options table
---@return table child
local function start(options)
  local child = spawn({ '-u', here .. '/child_init.lua' })
  for name, value in pairs(options.env or {}) do
    child.lua('vim.env[...] = select(2, ...)', { name, value })
  end
  child.lua(options.before or '')
  local cmd = vim.json.decode(vim.env.TEST_SERVER)
  local log = vim.fn.tempname()
  child.lua('_G.cmd = ...', { vim.list_extend(cmd, { '--log-file', log }) })
  child.lua(options.setup or "require('fimls').setup({ cmd = _G.cmd })")
  return child
end

--- A file in a Neovim that starts with packages and an `init.lua` of the test's.
---@param file string
---@param packages string what 'packpath' begins with
---@param init string
---@return Session
function M.start_at(file, packages, init)
  local child = spawn({ '--cmd', 'set packpath^=' .. packages, '-u', init, file })
  child.lua('_G.notes = {}')
  return setmetatable({ child = child, file = file }, Session)
end

--- A file of these lines in a Neovim; the cursor is put where `█` is.  The Neovim is shared with
--- other tests unless options are given for its start.
---@param lines string[]
---@param options? { name?: string, setup?: string, env?: table<string, string>, before?: string }
---@return Session
function M.open(lines, options)
  options = options or {}
  local needs_own = options.setup or options.env or options.before
  local child
  if needs_own then
    child = start(options)
  else
    shared = shared or start(options)
    child = shared
    child.lua('_G.notes = {}')
  end
  local folder = vim.fn.tempname()
  local self = setmetatable({ child = child, is_shared = not needs_own }, Session)
  self.file = folder .. '/' .. (options.name or 'shop.py')
  local row, col = 1, 0
  for index, line in ipairs(lines) do
    local at = line:find('█', 1, true)
    if at then
      row, col = index, at - 1
    end
  end
  local plain = vim.tbl_map(function(line) return (line:gsub('█', '')) end, lines)
  vim.fn.mkdir(folder .. '/.git', 'p')
  vim.fn.writefile(plain, self.file)
  child.cmd('edit ' .. self.file)
  child.api.nvim_win_set_cursor(0, { row, col })
  self.is_at_end = col == #plain[row]
  return self
end

--- Waits until the server is there, and its model.
---@return Session
function Session:ready()
  M.wait(
    'a server that is ready',
    function() return self.child.lua_get("(require('fimls.status').of() or {}).state") == 'ready' end
  )
  return self
end

--- Begins to insert at the mark.
---@return Session
function Session:insert()
  self.child.type_keys(self.is_at_end and 'A' or 'i')
  return self
end

--- The ghost text as it is drawn: what is in the line, and the lines below.
---@return string
function Session:ghost()
  return self.child.lua_get([[(function()
    local text = ''
    local space = vim.api.nvim_create_namespace('fimls')
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true })) do
      for _, chunk in ipairs(mark[4].virt_text or {}) do
        text = text .. chunk[1]
      end
      for _, line in ipairs(mark[4].virt_lines or {}) do
        text = text .. '\n'
        for _, chunk in ipairs(line) do
          text = text .. chunk[1]
        end
      end
    end
    return text
  end)()]])
end

--- Waits until that is the ghost text.
---@param text string
---@param patience_ms? integer
---@return Session
function Session:sees(text, patience_ms)
  local seen
  local is_seen = vim.wait(patience_ms or PATIENCE_MS, function()
    seen = self:ghost()
    return seen == text
  end, 10)
  if not is_seen then
    local notes = table.concat(self.child.lua_get('_G.notes'), '\n')
    error(('expected to see %q, saw %q; told: %s'):format(text, seen, notes), 2)
  end
  return self
end

---@param ... string
---@return Session
function Session:keys(...)
  self.child.type_keys(...)
  return self
end

---@return string
function Session:text()
  return table.concat(self.child.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

--- The text with `█` where the cursor is.
---@return string
function Session:picture()
  local cursor = self.child.api.nvim_win_get_cursor(0)
  local lines = self.child.api.nvim_buf_get_lines(0, 0, -1, false)
  local line = lines[cursor[1]]
  lines[cursor[1]] = line:sub(1, cursor[2]) .. '█' .. line:sub(cursor[2] + 1)
  return table.concat(lines, '\n')
end

--- Waits until the user has been told that text: by a note, or in the line of messages.
---@param text string
function Session:is_told(text)
  M.wait('a note with ' .. text, function()
    local notes = table.concat(self.child.lua_get('_G.notes'), '\n')
    return (notes .. self.child.cmd_capture('messages')):find(text, 1, true) ~= nil
  end)
end

--- The whole screen is as it was drawn once; `FIMLS_UPDATE=1` draws it anew.
---@param name string
function Session:looks_like(name)
  local place = ('%s/screenshots/%s'):format(here, name)
  MiniTest.expect.reference_screenshot(self.child.get_screenshot(), place, {
    force = vim.env.TEST_UPDATE ~= nil,
    -- The line of messages is nobody's.
    ignore_text = { 12 },
    ignore_attr = { 12 },
  })
end

--- The server's log.
---@return string
function Session:log()
  return table.concat(vim.fn.readfile(self.child.lua_get('_G.cmd[#_G.cmd]')), '\n')
end

--- The process of the server; nil while there is none, or a second one.
---@return integer?
function Session:server_pid()
  local pids = self.child.api.nvim_get_proc_children(self.child.fn.getpid())
  return #pids == 1 and pids[1] or nil
end

--- Waits until a server has the buffer that is not that one.
---@param pid integer?
function Session:has_another_server(pid)
  M.wait('another server', function()
    local now = self:server_pid()
    return now ~= nil
      and now ~= pid
      and self.child.lua_get(
        "require('fimls.client').of() ~= nil and require('fimls.client').of().initialized"
      )
  end)
end

function Session:close()
  if self.is_shared then
    self.child.type_keys('<C-\\><C-n>')
    self.child.cmd('silent! %bwipeout!')
  else
    self.child.stop()
  end
end

return M
