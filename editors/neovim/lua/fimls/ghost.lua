-- Ghost text: draws a completion into a window without touching the buffer.
local M = {}

local namespace = vim.api.nvim_create_namespace('fimls')

--- Virtual text has no tab stops; indentation, where tabs are, needs none.
---@param text string
---@return string
local function without_tabs(text) return (text:gsub('\t', (' '):rep(vim.bo.tabstop))) end

--- Removes what is drawn.
---@param buf integer
function M.clear(buf)
  if vim.api.nvim_buf_is_valid(buf) then vim.api.nvim_buf_clear_namespace(buf, namespace, 0, -1) end
end

--- Draws a completion in place of what is drawn.
---@param buf integer
---@param fit fimls.Fit
---@param count string which of how many this is, "" for the only one
function M.draw(buf, fit, count)
  M.clear(buf)
  local places = require('fimls.fit').places(fit)
  local hidden = without_tabs(places.hidden)
  for index, span in ipairs(places.spans) do
    local text = without_tabs(span.text)
    local blanks = (' '):rep(vim.api.nvim_strwidth(hidden) - vim.api.nvim_strwidth(text))
    local is_last = index == #places.spans and #places.below == 0
    vim.api.nvim_buf_set_extmark(buf, namespace, fit.row, span.col, {
      virt_text = { { text, 'FimlsGhost' }, { blanks }, { is_last and count or '', 'FimlsCount' } },
      virt_text_pos = hidden == '' and 'inline' or 'overlay',
      hl_mode = 'combine',
    })
  end
  local function drawn(line) return { { without_tabs(line), 'FimlsGhost' } } end
  local lines = vim.tbl_map(drawn, places.below)
  if #lines > 0 then
    vim.list_extend(lines[#lines], { { without_tabs(places.kept) }, { count, 'FimlsCount' } })
    vim.api.nvim_buf_set_extmark(buf, namespace, fit.row, fit.col, { virt_lines = lines })
  end
end

return M
