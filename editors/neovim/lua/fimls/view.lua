-- Windows for text that is read and thrown away.
local M = {}

--- The buffer of a view that is open, or a new one.
---@param name string
---@param closed fun()
---@return integer
local function buffer_of(name, closed)
  local buf = vim.fn.bufnr('^' .. name .. '$')
  if buf ~= -1 then return buf end
  buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buf, name)
  vim.bo[buf].bufhidden = 'wipe'
  vim.api.nvim_create_autocmd('BufWipeout', { buffer = buf, callback = closed })
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buf, desc = 'Close' })
  return buf
end

--- Shows text in a split that `q` closes; the one of that name, if it is open.
---@param name string
---@param text string
---@param filetype string
---@param closed? fun() told when it is
---@return integer win
function M.show(name, text, filetype, closed)
  local buf = buffer_of(name, closed or function() end)
  vim.bo[buf].modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, vim.split(text, '\n', { plain = true }))
  vim.bo[buf].modifiable = false
  local win = vim.fn.bufwinid(buf)
  if win ~= -1 then return win end
  local split = vim.o.columns >= 160 and 'right' or 'below'
  win = vim.api.nvim_open_win(buf, false, { split = split, win = 0, style = 'minimal' })
  vim.wo[win].wrap, vim.wo[win].linebreak, vim.wo[win].conceallevel = true, true, 2
  vim.bo[buf].filetype = filetype
  pcall(vim.treesitter.start, buf, vim.treesitter.language.get_lang(filetype))
  return win
end

return M
