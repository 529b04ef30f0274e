-- What the server tells and asks of its own accord.
local M = {}

--- Ends a step of undo, so that what comes next is undone by itself.
---@param buf integer
local function break_undo(buf)
  vim.api.nvim_buf_call(buf, function() vim.go.undolevels = vim.go.undolevels end)
end

M['workspace/applyEdit'] = function(err, params, ctx)
  local buffers = {}
  for _, change in ipairs(params.edit.documentChanges or {}) do
    local document = change.textDocument or {}
    local buf = document.uri and vim.uri_to_bufnr(document.uri)
    if buf and vim.api.nvim_buf_is_loaded(buf) then
      local is_right = document.version == require('fimls.client').version(buf)
      if type(document.version) == 'number' and not is_right then
        return { applied = false, failureReason = 'the document has changed since' }
      end
      table.insert(buffers, buf)
    end
  end
  vim.tbl_map(break_undo, buffers)
  local applied = vim.lsp.handlers['workspace/applyEdit'](err, params, ctx)
  vim.tbl_map(break_undo, buffers)
  return applied
end

M['fimls/status'] = function(_, params) require('fimls.status').take(params) end

M['fimls/more'] = function(_, params) require('fimls.suggest').more(params) end

M['fimls/actionText'] = function(_, params) require('fimls.actions').text(params) end

M['fimls/input'] = function(_, params)
  local asker, is_main = coroutine.running()
  assert(asker and not is_main, 'handlers of requests run in coroutines')
  local value = require('fimls.client').plain(params).value
  local options = { prompt = params.prompt .. ' ', default = value }
  vim.ui.input(options, function(text)
    -- Neovim's own input calls back at once, before there is anything to resume.
    vim.schedule(function() coroutine.resume(asker, text) end)
  end)
  return { value = coroutine.yield() or vim.NIL }
end

return M
