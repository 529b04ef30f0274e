-- The server as a process: a model that takes its time, a death, a new start.
local session = require('session')

local new_set, eq = MiniTest.new_set, MiniTest.expect.equality

local open
local T = new_set({
  hooks = {
    pre_case = function() session.model_says('a + b <EOT>') end,
    post_case = function() open:close() end,
  },
})

-- A server that answers nothing after its start.
local STUCK = [[
  _G.starts = 0
  local function server(dispatchers)
    _G.starts = _G.starts + 1
    local is_over = false
    return {
      request = function(method, _, callback)
        if method == 'initialize' then callback(nil, { capabilities = {} }) end
        return true, 1
      end,
      notify = function() return true end,
      is_closing = function() return is_over end,
      terminate = function()
        is_over = true
        vim.schedule(function() dispatchers.on_exit(0, 15) end)
      end,
    }
  end
  local config = require('fimls.client').config()
  config.cmd, config.root_dir = server, nil
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'python',
    callback = function() vim.lsp.start(config) end,
  })
]]

local ADD = { 'def add(a, b):', '    return █' }

-- The model takes 20 s to load; then the completion appears, and no key is pressed for it.
T['a load of 20 s'] = function()
  open = session.open(ADD, { env = { FIMLS_HOST = vim.env.TEST_SLOW } })
  local began = vim.uv.now()
  open:insert()
  session.wait(
    'a status that tells of the load',
    function()
      return open.child.lua_get("require('fimls').statusline()") == 'fimls codellama:7b-code …'
    end
  )
  open:sees('a + b', 120000)
  eq(vim.uv.now() - began > 15000, true)
end

-- It is started anew by itself, and knows what was typed before and since.
T['is killed'] = function()
  open = session.open(ADD, { before = '' }):ready():insert()
  open:sees('a + b'):keys('a')
  local pid = assert(open:server_pid())
  session.model_says('x + y <EOT>')
  vim.uv.kill(pid, 'sigkill')
  open:has_another_server(pid)
  -- No key was pressed since.
  open:sees('x + y'):keys('<Tab>')
  eq(open.child.api.nvim_get_current_line(), '    return ax + y')
end

T['is started anew by the user'] = function()
  open = session.open(ADD, { before = '' }):ready()
  local pid = open:server_pid()
  open.child.cmd('Fimls restart')
  open:has_another_server(pid)
  open:insert():sees('a + b')
end

-- It is given up in the end; the user may think otherwise.
T['dies again and again'] = function()
  open = session.open(ADD, { before = '' }):ready()
  local pid
  for _ = 1, 3 do
    pid = open:server_pid()
    vim.uv.kill(assert(pid), 'sigkill')
    open:has_another_server(pid)
  end
  pid = open:server_pid()
  vim.uv.kill(assert(pid), 'sigkill')
  open:is_told('dies again and again')
  open.child.cmd('Fimls restart')
  open:has_another_server(pid)
  open:insert():sees('a + b')
end

-- One that stands still does not end when it is told to: it is made to.
T['stands still'] = function()
  open = session.open(ADD, { setup = STUCK })
  session.wait(
    'the server',
    function() return open.child.lua_get('#vim.lsp.get_clients({ bufnr = 0 })') == 1 end
  )
  open.child.cmd('Fimls restart')
  session.wait('the next server', function() return open.child.lua_get('_G.starts') == 2 end)
end

-- One server has the files of all folders, and knows the folders.
T['has several folders'] = function()
  open = session.open(ADD, { before = '' }):ready()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder .. '/.git', 'p')
  vim.fn.writefile({ 'x = 1' }, folder .. '/other.py')
  open.child.cmd('edit ' .. folder .. '/other.py')
  session.wait(
    'the server in the other file',
    function() return open.child.lua_get('#vim.lsp.get_clients({ bufnr = 0 })') == 1 end
  )
  eq(open.child.lua_get('#vim.lsp.get_clients()'), 1)
  local folders = open.child.lua_get([[vim.tbl_map(function(each)
    return each.name
  end, vim.lsp.get_clients()[1].workspace_folders)]])
  eq(folders, { vim.fs.dirname(open.file), folder })
end

-- No server to be reached: the status line says so, and the report says what to do about it.
T['has no model'] = function()
  open = session.open(ADD, { env = { FIMLS_HOST = 'http://127.0.0.1:9' } })
  session.wait(
    'the status',
    function() return open.child.lua_get("require('fimls').statusline()") == 'fimls offline' end
  )
  local report = open.child.lua_get("require('fimls.status').report()")
  eq(report:find('ollama serve', 1, true) ~= nil, true)
end

return T
