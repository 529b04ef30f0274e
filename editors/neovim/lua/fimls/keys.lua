-- The default keys.  One that has nothing to do here does what it did before.
local M = {}

-- Accepting and the like: ours while ghost text is shown, everybody's otherwise.
local shared = { 'accept', 'accept_word', 'accept_line', 'next', 'previous', 'dismiss' }

-- The others, with their modes, are set where nobody else has them.
local own = { trigger = 'i', generate = 'i', generate_normal = 'n', cancel = 'in', explain = 'nx' }

---@type table<string, string> what each key was left to, by mode and key
M.left = {}

local is_set = false

---@param key string
---@param mode string
---@return table<string, any>? as `maparg()` tells it, without what is a buffer's own
local function mapped(key, mode)
  local map = vim.fn.maparg(key, mode, false, true)
  if not next(map) or map.buffer == 1 then return nil end
  -- It is told as it was typed, and `<SID>` means nothing outside of its script.
  local script = ('<SNR>%d_'):format(map.sid)
  map.rhs = map.rhs and vim.fn.substitute(map.rhs, [[\c<SID>]], script, 'g')
  return map
end

--- What a key did before: keys, after doing the rest.
---@param before table<string, any>?
---@param key string
---@return string
local function fall_through(before, key)
  if not before then return vim.keycode(key) end
  if before.expr == 1 then
    local keys = before.callback and before.callback() or vim.api.nvim_eval(before.rhs)
    return before.replace_keycodes == 1 and vim.keycode(keys or '') or keys or ''
  end
  if not before.callback then return vim.keycode(before.rhs) end
  -- The text may not be changed while keys are being mapped.
  vim.schedule(before.callback)
  return ''
end

---@param name string of the option, and of the function
---@param key string
local function share(name, key)
  local before = mapped(key, 'i')
  local does = vim.keycode(('<Cmd>lua require("fimls").%s()<CR>'):format(name))
  local function keys() return require('fimls').is_shown() and does or fall_through(before, key) end
  local remap = before ~= nil and before.noremap == 0
  local options = { expr = true, replace_keycodes = false, remap = remap, desc = 'fimls: ' .. name }
  vim.keymap.set('i', key, keys, options)
end

---@param name string of the option
---@param key string
---@param mode string
local function take(name, key, mode)
  local before = mapped(key, mode)
  local plug = ('<Plug>(fimls-%s)'):format((name:gsub('_.*', '')))
  if before then M.left[mode .. ' ' .. key] = before.desc or before.rhs or 'a function' end
  if not before then vim.keymap.set(mode, key, plug) end
end

--- Sets the default keys, once.
function M.set()
  local keys = require('fimls.config').get().keys
  if is_set or not keys then return end
  is_set = true
  for _, name in ipairs(shared) do
    if keys[name] then share(name, keys[name]) end
  end
  for name, modes in pairs(own) do
    for mode in (keys[name] and modes or ''):gmatch('.') do
      take(name, keys[name], mode)
    end
  end
end

return M
