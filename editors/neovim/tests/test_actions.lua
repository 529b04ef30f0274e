-- Explaining code, and turning a comment into it.
local session = require('session')

local new_set, eq = MiniTest.new_set, MiniTest.expect.equality

local open
local T = new_set({
  hooks = {
    post_case = function() open:close() end,
  },
})

local EXPLANATION = '## What it does\n\nIt adds **two numbers**.'

local ADD = { 'def add(a, b):', '    return █a + b', '', 'print(add(1, 2))' }

---@return string? the explanation's text, where it is shown
local function explanation()
  return open.child.lua_get([[(function()
    for _, win in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
      local buf = vim.api.nvim_win_get_buf(win)
      if vim.api.nvim_buf_get_name(buf):find('fimls://explanation', 1, true) then
        return table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\n')
      end
    end
    return ''
  end)()]])
end

local function is_explained()
  session.wait(
    'the explanation',
    function() return explanation():find('It adds **two numbers**.', 1, true) ~= nil end
  )
end

-- The selection is explained beside it; the cursor stays in the code.
T['explains the selection'] = function()
  session.model_says(EXPLANATION)
  open = session.open(ADD):ready()
  open:keys('V', 'gre')
  is_explained()
  eq(open.child.api.nvim_buf_get_name(0):match('[^/]*$'), 'shop.py')
  eq(open.child.lua_get([[vim.bo[vim.fn.bufnr('fimls://explanation')].filetype]]), 'markdown')
  open:keys('<C-w>w', 'q')
  eq(explanation(), '')
end

-- An explanation that is whole is closed while another action is under way: that one goes on.
T['goes on when an explanation is closed'] = function()
  session.model_says(EXPLANATION)
  open = session.open({ '# double a number█', '', ADD[1], ADD[2] }):ready()
  open:keys('G', 'V', 'gre')
  is_explained()
  session.model_says('```python\ndef double(x):\n    return 2 * x\n```')
  open:keys('gg', 'grc', '<C-w>w', 'q')
  session.wait('the code', function() return open:text():find('return 2 * x', 1, true) ~= nil end)
  -- What is left of an explanation that nobody waits for does not open it again.
  open.child.lua([[
    local actions = require('fimls.actions')
    actions.generate()
    actions.text({ text = 'late' })
    actions.cancel()
  ]])
  eq(explanation(), '')
end

T['explains what a motion covers'] = function()
  session.model_says(EXPLANATION)
  open = session.open(ADD):ready()
  open:keys('gg', 'gre', 'j')
  is_explained()
end

T['explains the function at the cursor'] = function()
  session.model_says(EXPLANATION)
  open = session.open(ADD):ready()
  open.child.cmd('Fimls explain')
  is_explained()
end

-- Code comes below the comment, and goes with one step of undo.
T['turns a comment into code'] = function()
  session.model_says('```python\ndef double(x):\n    return 2 * x\n```')
  open = session.open({ 'import os', '', '', '# double a number█' }):ready()
  open:keys('grc')
  session.wait('the code', function() return open:text():find('return 2 * x', 1, true) ~= nil end)
  eq(open:text():find('# double a number\ndef double(x):\n    return 2 * x', 1, true) ~= nil, true)
  open:keys('u')
  eq(open:text(), 'import os\n\n\n# double a number')
end

-- The same while the comment is being typed; the comment is a step of undo of its own.
T['turns a comment into code while it is typed'] = function()
  session.model_says('```python\ndef double(x):\n    return 2 * x\n```')
  open = session.open({ 'import os', '', '█' }):ready()
  open:keys('i', '# double a number', '<M-g>')
  session.wait('the code', function() return open:text():find('return 2 * x', 1, true) ~= nil end)
  open:keys('<Esc>', 'u')
  eq(open:text(), 'import os\n\n# double a number')
end

-- A model that only completes explains nothing: the user is told the reason and the fix.
T['says why there is no explanation'] = function()
  open = session
    .open(ADD, {
      env = { FIMLS_BACKEND = 'embedded', FIMLS_DATA_DIR = vim.env.TEST_DATA_DIR },
      before = 'vim.ui.select = function(_, options) table.insert(_G.notes, options.prompt) end',
    })
    :ready()
  open.child.cmd('Fimls explain')
  open:is_told('codellama:7b-instruct')
  eq(explanation(), '')
end

return T
