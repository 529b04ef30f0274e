-- What is seen of a completion while it is typed at.
local session = require('session')

local new_set, eq = MiniTest.new_set, MiniTest.expect.equality

local open
local T = new_set({
  hooks = {
    post_case = function()
      if open then open:close() end
    end,
  },
})

---@param lines string[]
---@param answer string
---@param options? table
local function at(lines, answer, options)
  session.model_says(answer)
  open = session.open(lines, options):ready():insert()
  return open
end

-- Where a line ends, the text goes on; nothing of it is in the buffer.
T['at the end of a line'] = function()
  at({ 'def add(a, b):', '    return █' }, 'a + b <EOT>'):sees('a + b')
  open:looks_like('end-of-line')
  eq(open:text(), 'def add(a, b):\n    return ')
end

-- What follows the cursor is moved aside, not hidden.
T['in the middle of a line'] = function()
  at({ 'name = "fimls"', 'print(█, end="")' }, 'name <EOT>'):sees('name')
  open:looks_like('middle-of-line')
end

-- The bracket that an editor closed by itself stays where it is; the text goes on around it.
T['around a bracket that is closed'] = function()
  at({ 'def add(█)' }, 'a, b): <EOT>'):sees('a, b:')
  open:looks_like('closed-bracket')
  open:keys('<M-w>', '<M-w>', '<M-w>')
  eq(open:picture(), 'def add(a, b█)')
  open:keys('<Tab>')
  eq(open:picture(), 'def add(a, b):█')
end

-- A body is drawn below the line, and what follows moves down.
T['over several lines'] = function()
  local answer =
    'total = 0\n    for price in prices:\n        total += price\n    return total\n <EOT>'
  local lines = { 'def total_of(prices):', '    █', '', '', 'print(total_of([1, 2]))' }
  at(lines, answer, {
    setup = [[require('fimls').setup({
    cmd = _G.cmd,
    settings = { completion = { multiline = 'always' } },
  })]],
  })
  open:sees('total = 0\n    for price in prices:\n        total += price\n    return total')
  open:looks_like('several-lines')
  open:keys('<Tab>')
  eq(
    open:text(),
    table.concat({
      'def total_of(prices):',
      '    total = 0',
      '    for price in prices:',
      '        total += price',
      '    return total',
      '',
      '',
      'print(total_of([1, 2]))',
    }, '\n')
  )
end

-- What agrees with the ghost text leaves it there before any answer: the server stands still.
T['stays while it is typed'] = function()
  at({ 'def add(a, b):', '    return █' }, 'a + b <EOT>'):sees('a + b')
  vim.uv.kill(open:server_pid(), 'sigstop')
  open:keys('a')
  eq(open:ghost(), ' + b')
  open:keys(' ', '+')
  eq(open:ghost(), ' b')
  open:keys('<BS>')
  eq(open:ghost(), '+ b')
  open:keys('-')
  eq(open:ghost(), '')
  vim.uv.kill(open:server_pid(), 'sigcont')
end

-- A menu is not drawn over.
T['gives way to a menu'] = function()
  at({ 'def add(a, b):', '    return █' }, 'a + b <EOT>'):sees('a + b')
  open:keys('<C-x><C-n>')
  eq(open.child.fn.pumvisible(), 1)
  eq(open:ghost(), '')
  open:keys('<C-e>'):sees('a + b')
end

-- The menus of the two plug-ins most people have are windows of their own.
T['gives way to the menu of a plug-in'] = new_set({
  parametrize = {
    { [[{ visible = function() return _G.is_open end, event = { on = function() end } }]], 'cmp' },
    { [[{ is_visible = function() return _G.is_open end }]], 'blink.cmp' },
  },
})

T['gives way to the menu of a plug-in']['by name'] = function(module, name)
  at({ 'def add(a, b):', '    return █' }, 'a + b <EOT>'):sees('a + b')
  open.child.lua(('package.loaded[%q] = %s'):format(name, module))
  open.child.lua('_G.is_open = true')
  open.child.lua("require('fimls.suggest').follow()")
  eq({ open:ghost(), open.child.lua_get('require("fimls").is_shown()') }, { '', false })
  open.child.lua('_G.is_open = false')
  open.child.lua("require('fimls.suggest').follow()")
  eq(open:ghost(), 'a + b')
  open.child.lua(('package.loaded[%q] = nil'):format(name))
end

T['goes with insert mode'] = function()
  at({ 'def add(a, b):', '    return █' }, 'a + b <EOT>'):sees('a + b')
  open:keys('<Esc>')
  eq(open:ghost(), '')
end

-- Buffers that are no files are left alone, whatever their language.
T['leaves other buffers alone'] = function()
  open = session.open({ 'x = █1' }):ready()
  open.child.cmd('new')
  open.child.bo.buftype = 'nofile'
  open.child.bo.filetype = 'python'
  eq(open.child.lua_get('#vim.lsp.get_clients({ bufnr = 0 })'), 0)
end

-- A secret file: nothing is completed, and the status says why.
T['says why a secret file has none'] = function()
  session.model_says('hunter2 <EOT>')
  open = session.open({ 'export PASSWORD=█' }, { name = '.env' }):ready():insert()
  session.wait(
    'the status of the document',
    function() return open.child.lua_get("require('fimls').statusline()") == 'fimls off' end
  )
  local report = open.child.lua_get("require('fimls.status').report()")
  eq(report:find('secret', 1, true) ~= nil, true)
  eq(open:ghost(), '')
end

return T
