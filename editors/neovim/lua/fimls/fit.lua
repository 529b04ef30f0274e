-- How a completion fits what is in the buffer: what is still to come of it, and where it is seen.
local M = {}

---@class fimls.Span
---@field col integer byte of the line before which it is seen
---@field text string

---@class fimls.Fit
---@field row integer of the cursor, from 0
---@field col integer byte of the cursor
---@field text string what is still to be inserted
---@field over string what follows the cursor and is replaced by that
---@field after string what stays of the line

--- The text between the characters of `over`, which must occur in it in their order; nil where
--- they do not.  What is replaced stays where it is on the screen, with the new text around it.
---@param text string
---@param over string
---@return string[]?
function M.around(text, over)
  local parts, limit = {}, #text
  for _, character in ipairs(vim.fn.reverse(vim.fn.split(over, '\\zs'))) do
    local at = vim.fn.strridx(text:sub(1, limit), character) + 1
    if at == 0 then return nil end
    table.insert(parts, 1, text:sub(at + #character, limit))
    limit = at - 1
  end
  table.insert(parts, 1, text:sub(1, limit))
  return parts
end

--- How an item that was made at an anchor fits the buffer as it is now; nil where it does not.
---@param anchor fimls.Anchor
---@param item fimls.Item
---@return fimls.Fit?
function M.now(anchor, item)
  local cursor = vim.api.nvim_win_get_cursor(0)
  local row, col = cursor[1] - 1, cursor[2]
  if row < anchor.row or (row == anchor.row and col < anchor.col) then return nil end
  local lines = vim.api.nvim_buf_get_lines(anchor.buf, anchor.row, row + 1, false)
  local line, count = lines[#lines], vim.api.nvim_buf_line_count(anchor.buf)
  if count - #lines ~= anchor.others or lines[1]:sub(1, anchor.col) ~= anchor.before then
    return nil
  end
  local tail = line:sub(col + 1)
  lines[#lines] = line:sub(1, col)
  local typed = table.concat(lines, '\n'):sub(anchor.col + 1)
  if not vim.startswith(item.text, typed) or not vim.endswith(tail, item.after) then return nil end
  local text, over = item.text:sub(#typed + 1), tail:sub(1, #tail - #item.after)
  if text == over or not M.around(text, over) then return nil end
  return { row = row, col = col, text = text, over = over, after = item.after }
end

---@class fimls.Places
---@field spans fimls.Span[] in the cursor's line
---@field below string[] lines below it
---@field hidden string what follows the cursor, where it ends up below the first line
---@field kept string the end of that, seen after the last line below

--- Where the text is seen.
---@param fit fimls.Fit
---@return fimls.Places
function M.places(fit)
  local below = vim.split(fit.text, '\n', { plain = true })
  local first = table.remove(below, 1)
  local parts = M.around(first, fit.over)
  if not parts or (#below > 0 and fit.after ~= '') then
    local hidden = fit.over .. fit.after
    local spans = { { col = fit.col, text = first } }
    return { spans = spans, below = below, hidden = hidden, kept = fit.after }
  end
  local spans, col = {}, fit.col
  local characters = vim.fn.split(fit.over, '\\zs')
  for index, text in ipairs(parts) do
    if text ~= '' then table.insert(spans, { col = col, text = text }) end
    col = col + #(characters[index] or '')
  end
  return { spans = spans, below = below, hidden = '', kept = '' }
end

--- The part of `over` that goes when only the first `length` bytes of the text are taken.
---@param fit fimls.Fit
---@param length integer
---@return integer bytes
function M.replaced_by(fit, length)
  local left = fit.text:sub(length + 1)
  local gone = 0
  for _, character in ipairs(vim.fn.split(fit.over, '\\zs')) do
    if M.around(left, fit.over:sub(gone + 1)) then break end
    gone = gone + #character
  end
  return gone
end

return M
