-- Typing at full speed while completions come, and what the plug-in costs at each key.
local session = require('session')

local new_set, eq = MiniTest.new_set, MiniTest.expect.equality

local KEYS = 300
local PAUSE_MS = 60
local MOST_MS = 5

local open
local T = new_set({
  hooks = {
    post_case = function() open:close() end,
  },
})

-- Notes what each acceptance inserts, and how often ghost text is drawn.
local NOTED = [[
  _G.accepted, _G.drawn = {}, 0
  local suggest, ghost = require('fimls.suggest'), require('fimls.ghost')
  local accept, draw = suggest.accept, ghost.draw
  ghost.draw = function(...)
    _G.drawn = _G.drawn + 1
    draw(...)
  end
  suggest.accept = function(...)
    local before = #vim.api.nvim_get_current_line()
    local is_done = accept(...)
    table.insert(_G.accepted, vim.api.nvim_get_current_line():sub(before + 1))
    return is_done
  end
  vim.bo.indentexpr, vim.bo.autoindent = '', false
]]

-- The file is what was typed and accepted, key for key.
T['300 keys at 60 ms'] = function()
  session.model_says('count + 1 <EOT>')
  open = session.open({ 'price, count = 1, 2', '█' }, { before = '' }):ready()
  open.child.lua(NOTED)
  open:insert()
  local expected, typed, accepted = 'price, count = 1, 2\n', 0, 0
  local due = vim.uv.hrtime()
  local function press(key)
    due = math.max(due + PAUSE_MS * 1e6, vim.uv.hrtime())
    vim.wait(PAUSE_MS, function() return vim.uv.hrtime() >= due end, 1)
    open.child.api.nvim_input(key == ' ' and '<Space>' or key)
    typed = typed + 1
  end
  local line, index = 'total = price * ', 0
  while typed < KEYS do
    for key in line:gmatch('.') do
      press(key)
    end
    expected = expected .. line
    -- Most lines are left as they are, whatever is on its way for them.
    index = index + 1
    if index % 3 == 0 then
      session.wait(
        'ghost text',
        function() return open.child.lua_get('require("fimls").is_shown()') end
      )
      press('<Tab>')
      accepted = accepted + 1
      session.wait(
        'the acceptance',
        function() return open.child.lua_get('#_G.accepted') == accepted end
      )
      expected = expected .. open.child.lua_get('_G.accepted[#_G.accepted]')
    end
    press('<CR>')
    expected = expected .. '\n'
  end
  session.wait('the last key', function() return #open:text() >= #expected end)
  eq(open:text(), expected)
  local drawn = open.child.lua_get('_G.drawn')
  print(
    ('%d keys; ghost text was drawn %d times, accepted %d times'):format(typed, drawn, accepted)
  )
  eq(accepted > 0, true)
end

--- The median time from a key to Neovim's waiting for the next one, in milliseconds.
---@return number
local function key_ms()
  open.child.lua([[
    _G.times = {}
    local began
    vim.on_key(function() began = began or vim.uv.hrtime() end)
    vim.api.nvim_create_autocmd('SafeState', {
      callback = function()
        if began then
          table.insert(_G.times, (vim.uv.hrtime() - began) / 1e6)
          began = nil
        end
      end,
    })
  ]])
  for index = 1, 200 do
    open.child.api.nvim_input(index % 20 == 0 and '<CR>' or 'x')
    session.wait('the key', function() return open.child.lua_get('#_G.times') >= index end)
  end
  local times = open.child.lua_get('_G.times')
  table.sort(times)
  return times[math.ceil(#times / 2)]
end

-- The same keys with the plug-in and without; the server is busy with them meanwhile.
T['costs little at each key'] = function()
  session.model_says('xxxxxxxx <EOT>')
  open = session.open({ '█' }, { setup = '' }):insert()
  local without = key_ms()
  open:close()
  open = session.open({ '█' }, { before = '' }):ready():insert()
  local with = key_ms()
  print(('a key takes %.2f ms, %.2f ms without the plug-in'):format(with, without))
  eq(with - without < MOST_MS, true)
end

return T
