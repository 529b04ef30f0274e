-- Answers that come late, at the wrong moment or in unusual forms, from a server within Neovim.
local session = require('session')

local new_set, eq = MiniTest.new_set, MiniTest.expect.equality

-- It keeps the questions in `_G.asked`; the test answers them.
local SERVER = [[
  _G.asked, _G.executed = {}, {}
  local function server(dispatchers)
    _G.notify_client = dispatchers.notification
    return {
      request = function(method, params, callback)
        if method == 'initialize' then
          callback(nil, {
            capabilities = { inlineCompletionProvider = true, positionEncoding = 'utf-16' },
          })
        elseif method == 'textDocument/inlineCompletion' then
          table.insert(_G.asked, { params = params, callback = callback })
        elseif method == 'workspace/executeCommand' then
          table.insert(_G.executed, params)
          callback(nil, vim.NIL)
        end
        return true, #_G.asked
      end,
      notify = function() return true end,
      is_closing = function() return false end,
      terminate = function() end,
    }
  end
  local config = require('fimls.client').config()
  config.cmd, config.root_dir = server, nil
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'python',
    callback = function() vim.lsp.start(config) end,
  })
]]

local open
local T = new_set({
  hooks = {
    pre_once = function()
      open = session.open({ '' }, { setup = SERVER })
      open.child.lua([[
        -- What the server answers to a question: items of a text and the bytes that it replaces.
        function _G.answer(index, ...)
          local question = _G.asked[index]
          local at = question.params.position
          local items = vim.tbl_map(function(item)
            local stop = { line = at.line, character = at.character + (item.over or 0) }
            return {
              insertText = item.text,
              range = { start = at, ['end'] = stop },
              command = { title = 'Accepted', command = 'fimls.accepted', arguments = { index } },
            }
          end, { ... })
          question.callback(nil, { items = items })
        end
      ]])
    end,
    pre_case = function()
      open:keys('<Esc>')
      open.child.cmd('%delete _')
      open.child.lua('_G.asked, _G.executed, _G.notes = {}, {}, {}')
    end,
    post_once = function() open:close() end,
  },
})

---@param count integer
local function is_asked(count)
  session.wait(
    ('question %d'):format(count),
    function() return open.child.lua_get('#_G.asked') == count end
  )
end

---@param index integer
---@param ... table
local function answer(index, ...) open.child.lua('_G.answer(...)', { index, ... }) end

--- There is more to show for the text as it was so many changes ago.
---@param ago integer
local function tell_more(ago)
  open.child.lua(
    [[
      local buf = vim.api.nvim_get_current_buf()
      local uri, tick = vim.uri_from_bufnr(buf), require('fimls.client').version(buf)
      _G.notify_client('fimls/more', { uri = uri, version = tick - ... })
    ]],
    { ago }
  )
end

--- A letter is typed, and this answered.
---@param text string
local function has_answer(text)
  open:keys('i', 'a')
  is_asked(2)
  answer(2, { text = text })
end

-- An answer to a text that has moved on is not shown, and the one to the present text is.
T['an answer that is overtaken'] = function()
  open:keys('i', 'a')
  is_asked(2)
  open:keys('b')
  is_asked(3)
  answer(2, { text = 'pple' })
  eq(open:ghost(), '')
  answer(3, { text = 'out' })
  eq(open:ghost(), 'out')
end

-- It is inserted where it was asked for or not at all, however late the key.
T['a text that does not fit any more'] = function()
  has_answer('pple')
  eq(open:ghost(), 'pple')
  open:keys('x', '<Tab>')
  eq(vim.trim(open:text()), 'ax')
end

-- An overtaken question is answered with null: what is shown by then stays.
T['null'] = function()
  has_answer('bc')
  open:keys('b')
  is_asked(3)
  open.child.lua('_G.asked[3].callback(nil, nil)')
  eq(open:ghost(), 'c')
end

-- No items: nothing is to be shown any more.
T['no items'] = function()
  has_answer('bc')
  open:keys('b')
  is_asked(3)
  answer(3)
  eq(open:ghost(), '')
end

-- There is more than was given: it is asked for again, where nothing was typed.
T['fimls/more'] = function()
  open:keys('i', 'a')
  is_asked(2)
  -- It comes before the answer.
  tell_more(0)
  answer(2, { text = 'b' })
  is_asked(3)
  eq(open:ghost(), 'b')
  answer(3, { text = 'b\nc' })
  eq(open:ghost(), 'b\nc')
  tell_more(0)
  is_asked(4)
  -- That text is not there any more.
  tell_more(1)
  open.child.lua('vim.wait(50)')
  is_asked(4)
end

-- What the user has hidden does not come back by itself.
T['fimls/more after it was dismissed'] = function()
  has_answer('b')
  open:keys('<C-]>')
  tell_more(0)
  open.child.lua('vim.wait(50)')
  is_asked(2)
  -- The text has changed.
  open:keys('b')
  is_asked(3)
  answer(3, { text = 'c' })
  eq(open:ghost(), 'c')
end

-- What is typed over text is no completion's.
T['not while text is replaced'] = function()
  has_answer('bcd')
  open:keys('<Insert>')
  eq({ open.child.api.nvim_get_mode().mode, open:ghost() }, { 'R', '' })
  open:keys('b', '<Insert>', 'c')
  is_asked(3)
end

-- Nothing is accepted that is not seen: the menu is.
T['not beneath a menu'] = function()
  open.child.o.completeopt = 'menuone,noinsert'
  open:keys('i', 'one two o')
  answer(open.child.lua_get('#_G.asked'), { text = 'ther' })
  open:keys('<C-x><C-n>')
  eq(open.child.fn.pumvisible(), 1)
  eq(open.child.lua_get('require("fimls").accept()'), false)
  open:keys('<C-e>')
  open:sees('ther')
  eq(open:text(), 'one two o')
  open.child.cmd('set completeopt&')
end

-- What was said of a document by one server is not the next one's word.
T['the status of a document'] = function()
  open.child.lua([[
    local told = { state = 'off', message = 'it is secret', uri = vim.uri_from_bufnr(0) }
    _G.notify_client('fimls/status', told)
    vim.wait(50)
  ]])
  eq(open.child.lua_get("require('fimls').statusline()"), 'fimls off')
  open.child.lua([[
    local client = vim.lsp.get_clients({ name = 'fimls' })[1]
    vim.lsp.buf_detach_client(0, client.id)
    vim.lsp.buf_attach_client(0, client.id)
  ]])
  eq(open.child.lua_get("require('fimls').statusline()"), 'fimls  …')
end

-- The rest of the line is seen where it will be.
T['several lines in the middle of one'] = function()
  open:keys('i', 'f(x) + 1', '<Esc>', '0', 'f', 'x', 'i')
  session.wait(
    'a question at the third byte',
    function()
      return open.child.lua_get('#_G.asked > 0 and _G.asked[#_G.asked].params.position.character')
        == 2
    end
  )
  answer(open.child.lua_get('#_G.asked'), { text = 'a,\n  ' })
  eq(open.child.lua_get('require("fimls").is_shown()'), true)
  open:looks_like('rest-moves-down')
  open:keys('<Tab>')
  eq(open:picture(), 'f(a,\n  █x) + 1')
end

-- Units of UTF-16 are not bytes; line ends are the document's own.
T['other units, other line ends'] = function()
  open:keys('i', '"😀é" + f()', '<Left>')
  eq(open.child.lua_get('_G.asked[#_G.asked].params.position.character'), 10)
  answer(open.child.lua_get('#_G.asked'), { text = '1):\r\n  g(', over = 1 })
  open:keys('<Tab>')
  eq(open:picture(), '"😀é" + f(1):\n  g(█')
end

-- The command of an item goes to the server, once, and only when all of it was accepted.
T['the command of an item'] = function()
  open:keys('i', 'a')
  is_asked(2)
  answer(2, { text = ' + b' })
  open:keys('<M-w>')
  eq(open.child.lua_get('#_G.executed'), 0)
  open:keys('<Tab>')
  eq(open.child.lua_get('_G.executed'), { { command = 'fimls.accepted', arguments = { 2 } } })
end

-- Editors that close brackets by themselves: the bracket they add is one of the completion's.
T['a bracket that is closed while it is typed'] = function()
  open:keys('i', 'f')
  is_asked(2)
  answer(2, { text = '(a, b)' })
  open.child.lua([[vim.keymap.set('i', '(', '()<Left>', { buffer = true })]])
  open:keys('(')
  eq(open:ghost(), 'a, b')
  open:keys('<Tab>')
  eq(open:picture(), 'f(a, b)█')
end

-- A macro types faster than anyone reads.
T['not in a macro'] = function()
  open.child.fn.setreg('q', 'ia\27')
  open:keys('@q')
  eq(open.child.lua_get('#_G.asked'), 0)
end

-- `fimls/input`: the user is asked, and the request answered.
T['fimls/input'] = function()
  open.child.lua([[
    vim.ui.input = function(options, done)
      _G.options = options
      vim.schedule(function() done('a loop') end)
    end
    coroutine.wrap(function()
      _G.answered = require('fimls.handlers')['fimls/input'](nil, { prompt = 'How?' })
    end)()
  ]])
  session.wait(
    'the answer',
    function() return vim.deep_equal(open.child.lua_get('_G.answered'), { value = 'a loop' }) end
  )
  eq(open.child.lua_get('_G.options'), { prompt = 'How? ' })
end

-- The server's edit is for another version: nothing is changed, and the server knows.
T['an edit for another version'] = function()
  local reply = open.child.lua([[
    local client = vim.lsp.get_clients({ name = 'fimls' })[1]
    local start = { line = 0, character = 0 }
    local version = require('fimls.client').version(vim.api.nvim_get_current_buf()) - 1
    local document = { uri = vim.uri_from_bufnr(0), version = version }
    local edits = { { range = { start = start, ['end'] = start }, newText = 'x' } }
    return require('fimls.handlers')['workspace/applyEdit'](nil, {
      edit = { documentChanges = { { textDocument = document, edits = edits } } },
    }, { client_id = client.id })
  ]])
  eq(reply.applied, false)
  eq(open:text(), '')
end

return T
