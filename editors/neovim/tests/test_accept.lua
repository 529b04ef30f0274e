-- Accepting, whole and in parts; going from one completion to another; undoing.
local session = require('session')

local new_set, eq = MiniTest.new_set, MiniTest.expect.equality

local open
local T = new_set({
  hooks = {
    pre_case = function()
      session.model_says('first + second * third <EOT>')
      open = session.open({ 'def f(first, second, third):', '    return █' }):ready():insert()
      open:sees('first + second * third')
    end,
    post_case = function() open:close() end,
  },
})

---@param picture string what comes after `return `
local function returns(picture)
  eq(open:picture(), 'def f(first, second, third):\n    return ' .. picture)
end

T['all of it'] = function()
  open:keys('<Tab>')
  returns('first + second * third█')
  -- The server is told, for its statistics.
  session.wait(
    'the note of the server',
    function() return open:log():find('accepted: item', 1, true) ~= nil end
  )
end

T['word by word'] = function()
  open:keys('<M-w>')
  returns('first█')
  eq(open:ghost(), ' + second * third')
  open:keys('<M-w>')
  returns('first +█')
  open:keys('<M-w>')
  returns('first + second█')
  eq(open:ghost(), ' * third')
  open:keys('<Tab>')
  returns('first + second * third█')
end

-- What was typed, what was accepted, and what was typed then are three steps.
T['is one step of undo'] = function()
  open:keys('f', 'i')
  eq(open:ghost(), 'rst + second * third')
  open:keys('<Tab>', ' ', '-', '<Esc>')
  open:keys('u')
  eq(open.child.api.nvim_get_current_line(), '    return first + second * third')
  open:keys('u')
  eq(open.child.api.nvim_get_current_line(), '    return fi')
  open:keys('u')
  eq(open.child.api.nvim_get_current_line(), '    return ')
end

T['is hidden until the text changes'] = function()
  open:keys('<C-]>')
  eq(open:ghost(), '')
  open:keys('<Tab>')
  -- Nothing to accept: the key does what it did, with 'expandtab'.
  returns(' █')
end

-- The mapping that was there before ours has the key where nothing is shown.
T['leaves the key to others'] = function()
  open:close()
  session.model_says('first <EOT>')
  open = session
    .open({ 'x = █' }, {
      before = [[vim.keymap.set('i', '<Tab>', function() return 'theirs' end, { expr = true })]],
    })
    :ready()
    :insert()
  open:sees('first'):keys('<C-]>', '<Tab>')
  eq(open:text(), 'x = theirs')
end

-- In the mapping of a script its own functions are meant.
T['leaves the key to a script'] = function()
  open:close()
  local script = vim.fn.tempname() .. '.vim'
  vim.fn.writefile({
    'function! s:Theirs()',
    "  return 'theirs'",
    'endfunction',
    'inoremap <expr> <Tab> <SID>Theirs()',
    'inoremap <M-w> <C-R>=<sid>Theirs()<CR>',
  }, script)
  open = session.open({ 'x = █' }, { before = ('vim.cmd.source(%q)'):format(script) }):insert()
  open:keys('<Tab>', ' ', '<M-w>')
  eq(open:text(), 'x = theirs theirs')
end

-- Without default keys there are the maps.
T['has no keys where none are wanted'] = function()
  open:close()
  session.model_says('first <EOT>')
  open = session
    .open({ 'x = █' }, {
      setup = [[
      require('fimls').setup({ cmd = _G.cmd, keys = false })
      vim.keymap.set('i', '<C-y>', '<Plug>(fimls-accept)')
    ]],
    })
    :ready()
    :insert()
  open:sees('first')
  eq(open.child.fn.maparg('<M-w>', 'i'), '')
  open:keys('<C-y>')
  eq(open:text(), 'x = first')
end

T['goes from one to the next'] = function()
  open:close()
  session.model_says('second + first <EOT>', 'third + first <EOT>', 'first + third <EOT>')
  open = session
    .open({ 'def f(first, second, third):', '    return █' }, {
      setup = [[require('fimls').setup({
      cmd = _G.cmd,
      settings = { completion = { candidates = 3 } },
    })]],
    })
    :ready()
    :insert()
  open:sees('second + first')
  -- One was asked for by itself; the others are asked for by the key.
  open:keys('<M-n>')
  session.wait(
    'a second completion',
    function() return open:ghost():find(' (2/', 1, true) ~= nil end
  )
  local second = open:ghost():gsub(' %(.*', '')
  open:keys('<M-p>')
  eq(open:ghost():match(' %((%d)/'), '1')
  open:keys('<M-n>', '<Tab>')
  returns(second .. '█')
end

T['line by line'] = function()
  open:close()
  session.model_says(
    'total = 0\n    for price in prices:\n        total += price\n    return total\n <EOT>'
  )
  open = session
    .open({ 'def total_of(prices):', '    █', '' }, {
      setup = [[require('fimls').setup({
      cmd = _G.cmd,
      settings = { completion = { multiline = 'always' } },
    })]],
    })
    :ready()
    :insert()
  open:sees('total = 0\n    for price in prices:\n        total += price\n    return total')
  open:keys('<M-l>')
  eq(open:picture(), 'def total_of(prices):\n    total = 0█\n')
  open:keys('<M-l>')
  eq(open:picture(), 'def total_of(prices):\n    total = 0\n    for price in prices:█\n')
  open:keys('<Tab>', '<Esc>', 'u')
  eq(open:text(), 'def total_of(prices):\n    total = 0\n    for price in prices:\n')
end

return T
