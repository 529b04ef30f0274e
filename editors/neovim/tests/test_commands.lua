-- `:Fimls`, `:checkhealth fimls`, the help, the options.
local session = require('session')

local new_set, eq = MiniTest.new_set, MiniTest.expect.equality

local open
local T = new_set({
  hooks = {
    post_case = function()
      if open then
        open:close()
        open = nil
      end
    end,
  },
})

local ADD = { 'def add(a, b):', '    return █' }

---@param text string
---@param part string
local function has(text, part)
  if not text:find(part, 1, true) then error(('%q is not in:\n%s'):format(part, text), 2) end
end

---@param name string
---@return string
local function view(name)
  session.wait(
    name,
    function() return open.child.api.nvim_buf_get_name(0):find(name, 1, true) ~= nil end
  )
  return open:text()
end

T['status'] = function()
  open = session.open(ADD):ready()
  local said = open.child.cmd_capture('Fimls status')
  has(said, 'fimls: ready')
  has(said, 'codellama:7b-code on ollama')
  has(said, '(this machine)')
  eq(open.child.cmd_capture('Fimls'), said)
  eq(open.child.lua_get("require('fimls').statusline()"), 'fimls codellama:7b-code')
end

T['why'] = function()
  session.model_says('a + b <EOT>')
  open = session.open(ADD):ready():insert():sees('a + b'):keys('<Esc>')
  open.child.cmd('Fimls why')
  local said = view('fimls://why')
  has(said, '## Shown\n\n~~~~~~\na + b\n~~~~~~')
  has(said, '## Prompt')
end

-- A file beside it defines what the line uses, and its map shows that.
local function has_map(line)
  open = session.open({ 'from other import total_price', '', line }):ready()
  local lines = { 'def total_price(prices):', '    return sum(prices)' }
  vim.fn.writefile(lines, vim.fs.dirname(open.file) .. '/other.py')
  open.child.cmd('Fimls map')
  has(view('fimls://map'), 'total_price(prices)')
end

T['map'] = function()
  has_map('print(total_price(█))')
  -- The view itself is no file.
  open.child.cmd('Fimls map')
  open:is_told('there is no file here')
end

-- Places are counted in characters: these are more bytes than the line has characters.
T['map behind other letters'] = function()
  has_map("x = 'éééééééé' + total_price(█)")
end

T['toggle'] = function()
  session.model_says('a + b <EOT>')
  open = session.open(ADD, { before = '' }):ready():insert():sees('a + b'):keys('<Esc>')
  open.child.cmd('Fimls toggle')
  open:is_told('completions are off')
  eq(open.child.lua_get("require('fimls').statusline()"), 'fimls off')
  open.child.cmd('Fimls toggle')
  open:is_told('completions are on')
  open:insert():sees('a + b')
end

-- Another model is used from then on; one that is not here is fetched first.
T['model'] = function()
  open = session
    .open(ADD, {
      before = [[vim.ui.select = function(items, options, done)
      _G.offered = vim.tbl_map(options.format_item, items)
      done(items[2])
    end]],
    })
    :ready()
  open.child.cmd('Fimls model')
  open:is_told('from now on')
  has(table.concat(open.child.lua_get('_G.offered'), '\n'), 'codellama:7b-code on ollama')
  open.child.cmd('Fimls model codellama:7b-instruct')
  open:is_told('codellama:7b-instruct from now on')
  -- For this session, whatever becomes of the server.
  local pid = open:server_pid()
  open.child.cmd('Fimls restart')
  open:has_another_server(pid)
  open.child.lua([[require('fimls.status').take({ state = 'starting' })]])
  session.wait(
    'the model',
    function()
      return open.child.lua_get("require('fimls').statusline()") == 'fimls codellama:7b-instruct'
    end
  )
end

-- A program that is not there, and one that serves without being told to.
T['no program'] = function()
  open = session.open(ADD, { setup = [[require('fimls').setup({ cmd = { 'no-such-fimls' } })]] })
  eq(open.child.lua_get("require('fimls.config').program()"), { 'fimls' })
  open.child.lua([[require('fimls.config').set({ cmd = { 'no-such-fimls', 'serve' } })]])
  open.child.cmd('Fimls map')
  open:is_told('no-such-fimls is not executable here')
end

T['log'] = function()
  open = session.open(ADD):ready()
  open.child.cmd('Fimls log')
  has(open:text(), 'fimls')
end

-- What is under way is stopped, and nothing comes of it.
T['cancel'] = function()
  open = session.open(ADD, { env = { FIMLS_HOST = vim.env.TEST_STALLED } }):insert()
  session.wait(
    'a question',
    function()
      return open.child.lua_get([[(function()
      local client = require('fimls.client').any()
      return client ~= nil and next(client.requests) ~= nil
    end)()]])
    end
  )
  eq(open.child.lua_get('require("fimls").cancel()'), true)
  eq(open.child.lua_get('require("fimls").cancel()'), false)
end

T['its subcommands are completed'] = function()
  open = session.open(ADD)
  eq(open.child.fn.getcompletion('Fimls re', 'cmdline'), { 'restart' })
  eq(open.child.fn.getcompletion('Fimls model x', 'cmdline'), {})
  local all = 'cancel explain fix generate log map model restart status toggle why'
  eq(table.concat(open.child.fn.getcompletion('Fimls ', 'cmdline'), ' '), all)
end

T['checkhealth'] = function()
  open = session.open(ADD, { before = '' }):ready()
  open.child.cmd('checkhealth fimls')
  session.wait('the report', function() return open:text():find('completion', 1, true) ~= nil end)
  local said = open:text()
  has(said, 'Neovim ' .. tostring(vim.version()))
  has(said, 'the server runs, with 1 buffer(s)')
  has(said, 'codellama:7b-code')
  eq(said:find('ERROR', 1, true), nil)
end

-- Every tag that the help points at is there, and every command, map and option is in it.
T['help'] = function()
  local docs = session.root .. '/doc'
  local copy = vim.fn.tempname()
  vim.fn.mkdir(copy)
  vim.fn.writefile(vim.fn.readfile(docs .. '/fimls.txt'), copy .. '/fimls.txt')
  vim.cmd.helptags(copy)
  local tags = table.concat(vim.fn.readfile(copy .. '/tags'), '\n')
  local text = table.concat(vim.fn.readfile(copy .. '/fimls.txt'), '\n')
  for link in text:gmatch('|(fimls[^|%s]*)|') do
    has('\n' .. tags, '\n' .. link .. '\t')
  end
  open = session.open(ADD)
  for _, name in ipairs(open.child.fn.getcompletion('Fimls ', 'cmdline')) do
    has(tags, ':Fimls-' .. name)
  end
  for _, mode in ipairs({ 'i', 'n', 'x' }) do
    for _, map in ipairs(open.child.api.nvim_get_keymap(mode)) do
      if map.lhs:find('<Plug>(fimls', 1, true) then has(text, map.lhs) end
    end
  end
  for option in pairs(require('fimls.config').get().keys) do
    has(text, option)
  end
end

-- A slip in the options is told, and the rest of them counts.
T['wrong options'] = function()
  open = session.open(ADD, {
    setup = [[require('fimls').setup({ cmd = _G.cmd, ghost = true, filetypes = 'python' })]],
  })
  open:is_told('`ghost` is no option')
  open:is_told('`filetypes` is to be a table')
  open:ready()
end

-- `vim.lsp.enable` alone starts the server, with the default keys and `vim.g.fimls`.
T['without setup'] = function()
  if vim.fn.has('nvim-0.11') == 0 then
    -- There is no such function; `setup` is the way, and says what is missing.
    eq(vim.lsp.enable, nil)
    return
  end
  session.model_says('a + b <EOT>')
  open = session
    .open(ADD, {
      setup = [[vim.g.fimls = { cmd = _G.cmd } vim.lsp.enable('fimls')]],
    })
    :ready()
    :insert()
    :sees('a + b')
  open:keys('<Tab>')
  eq(open:text(), 'def add(a, b):\n    return a + b')
end

return T
