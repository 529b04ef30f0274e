-- What a buffer gets when the server has it: events to follow, and once for all the default keys.
local suggest = require('fimls.suggest')

local M = {}

local group = vim.api.nvim_create_augroup('fimls_attached', {})

local follow_soon = vim.schedule_wrap(suggest.follow)

local follows_cmp = false

--- nvim-cmp tells of its menu by no autocommand.
local function follow_cmp()
  local cmp = package.loaded['cmp']
  if not cmp or follows_cmp then return end
  follows_cmp = true
  for _, name in ipairs({ 'menu_opened', 'menu_closed' }) do
    cmp.event:on(name, follow_soon)
  end
end

---@param buf integer
function M.attach(buf)
  vim.api.nvim_clear_autocmds({ group = group, buffer = buf })
  if vim.bo[buf].buftype ~= '' then return end
  require('fimls.keys').set()
  require('fimls.status').forget(buf)
  local function on(events, callback)
    vim.api.nvim_create_autocmd(events, { group = group, buffer = buf, callback = callback })
  end
  on({ 'TextChangedI', 'CursorMovedI', 'TextChangedP', 'CompleteChanged' }, suggest.follow)
  -- The mode is not yet the new one, or the menu not yet closed.
  on({ 'InsertEnter', 'CompleteDone' }, follow_soon)
  on('InsertEnter', follow_cmp)
  on({ 'InsertLeave', 'InsertChange', 'BufLeave' }, suggest.leave)
  -- Insert mode may have begun before the server was there, or the one before has left a question.
  suggest.leave()
  suggest.follow()
end

vim.api.nvim_create_autocmd('User', {
  group = group,
  pattern = { 'BlinkCmpMenuOpen', 'BlinkCmpMenuClose' },
  callback = follow_soon,
})

return M
