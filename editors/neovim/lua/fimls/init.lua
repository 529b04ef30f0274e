-- The functions for users: `require('fimls')`.
local M = {}

--- Sets the options, and starts the server with the files that are edited.
---@param options? fimls.Options
function M.setup(options)
  require('fimls.config').set(options)
  require('fimls.keys').set()
  require('fimls.client').enable()
end

--- Accepts the completion that is shown; false where there is none, as with those below.
---@return boolean
function M.accept() return require('fimls.suggest').accept() end

--- Accepts its next word.
---@return boolean
function M.accept_word()
  return require('fimls.suggest').accept(function(text)
    local word = text:match('^%s*[%w_\128-\255]+') or text:match('^%s*[^%w_%s\128-\255]+')
    return #(word or text)
  end)
end

--- Accepts its next line.
---@return boolean
function M.accept_line()
  return require('fimls.suggest').accept(function(text) return #text:match('^\n?[^\n]*') end)
end

--- Shows the next completion, or asks for others.
function M.next() require('fimls.suggest').step(1) end

--- Shows the previous completion.
function M.previous() require('fimls.suggest').step(-1) end

--- Hides the completion until the text changes.
---@return boolean
function M.dismiss() return require('fimls.suggest').dismiss() end

--- Asks for a completion now, for several where `completion.candidates` says so.
function M.trigger() require('fimls.suggest').trigger() end

--- Whether a completion is shown.
---@return boolean
function M.is_shown() return require('fimls.suggest').is_shown() end

--- For an expression mapping: explains the selection, or what the next motion covers.
---@return string keys
function M.explain()
  vim.go.operatorfunc = "v:lua.require'fimls.actions'.operator"
  return 'g@'
end

--- Turns the comment at the cursor into code.
function M.generate() require('fimls.actions').generate() end

--- Stops what is under way: a completion that was asked for, an explanation, an edit.
---@return boolean
function M.cancel()
  local had_action = require('fimls.actions').cancel()
  return require('fimls.suggest').dismiss() or had_action
end

--- How the server is doing, for the status line of a buffer; "" where it is not.
---@param buf? integer default: the current one
---@return string
function M.statusline(buf) return require('fimls.status').line(buf) end

return M
