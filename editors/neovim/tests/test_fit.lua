-- Where the text of a completion is seen, and what of the line it replaces: no editor is needed.
local fit = require('fimls.fit')

local new_set, eq = MiniTest.new_set, MiniTest.expect.equality

local T = new_set()

T['around'] = new_set({
  parametrize = {
    -- Nothing is replaced.
    { 'a + b', '', { 'a + b' } },
    -- The last bracket is the one that was closed by the editor.
    { 'len(x))', ')', { 'len(x)', '' } },
    { 'a, b):', ')', { 'a, b', ':' } },
    { 'x[0]) + y', '])', { 'x[0', '', ' + y' } },
    -- Characters of several bytes.
    { 'é»é', '»', { 'é', 'é' } },
    -- What is replaced does not occur.
    { 'a + b', ')', nil },
    { ')(', '()', nil },
  },
})

T['around']['puts the text about what stays'] = function(text, over, parts)
  eq(fit.around(text, over), parts)
end

---@param text string
---@param over string
---@param after string
---@return fimls.Places
local function places(text, over, after)
  return fit.places({ row = 0, col = 4, text = text, over = over, after = after })
end

T['one line stands in the line'] = function()
  local seen = places('a, b):', ')', ' + 1')
  eq(seen.spans, { { col = 4, text = 'a, b' }, { col = 5, text = ':' } })
  eq({ seen.below, seen.hidden, seen.kept }, { {}, '', '' })
end

-- The rest of the line ends up below: it is seen there, and not twice.
T['the rest of the line moves down'] = function()
  local seen = places('a,\n    b', '', ') + 1')
  eq(seen.spans, { { col = 4, text = 'a,' } })
  eq({ seen.below, seen.hidden, seen.kept }, { { '    b' }, ') + 1', ') + 1' })
end

-- The bracket is one of the last line.
T['what is replaced moves down'] = function()
  local seen = places('\n    b\n)', ')', '')
  eq(seen.spans, { { col = 4, text = '' } })
  eq({ seen.below, seen.hidden, seen.kept }, { { '    b', ')' }, ')', '' })
end

-- The first part leaves the bracket alone, the whole takes it.
T['what a part replaces'] = function()
  local all = { row = 0, col = 0, text = 'x):', over = ')', after = '' }
  eq(fit.replaced_by(all, 1), 0)
  eq(fit.replaced_by(all, 2), 1)
  eq(fit.replaced_by(all, 3), 1)
end

return T
