-- Completions of the buffer that is typed in: asking, keeping them true to the text, accepting.
local client = require('fimls.client')
local config = require('fimls.config')
local fit = require('fimls.fit')
local ghost = require('fimls.ghost')

local M = {}

local METHOD = 'textDocument/inlineCompletion'

-- The trigger kinds of the protocol.
local INVOKED, AUTOMATIC = 1, 2

---@class fimls.Item
---@field text string with LF
---@field after string what stays of the cursor's line
---@field command? lsp.Command

--- Where the items were made.
---@class fimls.Anchor
---@field buf integer
---@field row integer
---@field col integer
---@field before string the text of the line before it
---@field others integer how many lines the buffer had besides this one

---@class fimls.Shown
---@field anchor fimls.Anchor
---@field items fimls.Item[]
---@field at integer which item is shown
---@field chosen boolean whether the user has gone from one item to another

---@class fimls.Question
---@field buf integer
---@field tick integer
---@field cursor integer[]
---@field kind integer
---@field step integer which way to go in the answer's items
---@field id? integer while it is not answered
---@field again? boolean whether there is more than will be answered
---@field dismissed? boolean whether the user has hidden what came of it
---@field client vim.lsp.Client

---@type fimls.Shown?
local shown

---@type fimls.Question? the last one
local asked

---@type fun(kind: integer, step?: integer)
local ask

--- Whether ghost text gives way to a menu: the built-in one, nvim-cmp's or blink.cmp's.
---@return boolean
local function gives_way()
  local cmp, blink = package.loaded['cmp'], package.loaded['blink.cmp']
  local theirs = (cmp and cmp.visible()) or (blink and blink.is_visible())
  return (theirs or vim.fn.pumvisible() == 1) and not config.get().beside_menu
end

local function clear()
  if shown then ghost.clear(shown.anchor.buf) end
  shown = nil
end

--- Takes back the question that is not answered yet; false where there is none.
---@return boolean
local function take_back()
  if not (asked and asked.id) then return false end
  client.cancel(asked.client, asked.id)
  asked.id = nil
  return true
end

--- How what is shown fits the buffer now; nil where nothing is to be seen.
---@return fimls.Fit?
local function present()
  if not shown or shown.anchor.buf ~= vim.api.nvim_get_current_buf() then return nil end
  return fit.now(shown.anchor, shown.items[shown.at])
end

--- Draws what still fits, and forgets what does not.
local function draw()
  local now = present()
  if not shown or not now then return clear() end
  if gives_way() then return ghost.clear(shown.anchor.buf) end
  local count = #shown.items > 1 and (' (%d/%d)'):format(shown.at, #shown.items) or ''
  ghost.draw(shown.anchor.buf, now, count)
end

---@return boolean
local function is_inserting() return vim.api.nvim_get_mode().mode:sub(1, 1) == 'i' end

--- Whether a question was put to the text and the cursor as they are.
---@param question fimls.Question
---@return boolean
local function is_current(question)
  return question.buf == vim.api.nvim_get_current_buf()
    and question.tick == vim.api.nvim_buf_get_changedtick(question.buf)
    and vim.deep_equal(question.cursor, vim.api.nvim_win_get_cursor(0))
    and is_inserting()
end

---@param question fimls.Question
---@param given table[] the items of the answer
---@return fimls.Shown
local function read(question, given)
  local line, buf = vim.api.nvim_get_current_line(), question.buf
  local row, col = question.cursor[1] - 1, question.cursor[2]
  local items = vim.tbl_map(function(item)
    local stop = client.byte(question.client, line, item.range['end'].character)
    local text = item.insertText:gsub('\r\n?', '\n')
    return { text = text, after = line:sub(stop + 1), command = item.command }
  end, given)
  local anchor = { buf = buf, row = row, col = col, before = line:sub(1, col) }
  anchor.others = vim.api.nvim_buf_line_count(buf) - 1
  return { anchor = anchor, items = items, at = 1, chosen = false }
end

---@param question fimls.Question
---@param err? lsp.ResponseError
---@param result? table
local function on_answer(question, err, result)
  if asked ~= question or not question.id then return end
  question.id = nil
  -- An answer that is null is overtaken, and what is shown by then was checked against the text.
  if err or not result or not is_current(question) then return end
  if question.again then ask(question.kind) end
  local given = result.items or result
  if #given == 0 and question.kind == INVOKED then
    vim.api.nvim_echo({ { 'fimls: nothing to show here; see :Fimls why' } }, false, {})
  end
  if #given == 0 then return clear() end
  shown = read(question, given)
  if question.step ~= 0 and #given > 1 then M.step(question.step) end
  draw()
end

--- Asks for completions at the cursor.
---@param kind integer
---@param step? integer
function ask(kind, step)
  local buf = vim.api.nvim_get_current_buf()
  local server = client.of(buf)
  if not server then return end
  local cursor, tick = vim.api.nvim_win_get_cursor(0), vim.api.nvim_buf_get_changedtick(buf)
  local question =
    { buf = buf, tick = tick, cursor = cursor, kind = kind, step = step or 0, client = server }
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(buf),
    position = client.position(server, buf, cursor[1] - 1, cursor[2]),
    context = { triggerKind = kind },
  }
  local function answer(err, result) on_answer(question, err, result) end
  -- The server drops what is overtaken by itself, and may answer this from what it has begun.
  asked = question
  question.id = client.request(server, METHOD, params, answer, buf)
end

--- The text or the cursor has changed, or a menu has been opened or closed.
function M.follow()
  if not is_inserting() or vim.fn.reg_executing() ~= '' then return end
  draw()
  local keeps = shown ~= nil and shown.chosen
  if keeps or (asked and is_current(asked)) or gives_way() then return end
  ask(AUTOMATIC)
end

--- Insert mode has been left, or the buffer.
function M.leave()
  take_back()
  asked = nil
  clear()
end

--- The server has more than it has answered with (`fimls/more`).
---@param params { uri: string, version: integer }
function M.more(params)
  if not asked or asked.dismissed or not is_current(asked) then return end
  if (shown and shown.chosen) or gives_way() then return end
  local is_it = params.uri == vim.uri_from_bufnr(asked.buf)
  if not is_it or params.version ~= client.version(asked.buf) then return end
  asked.again = asked.id ~= nil
  if not asked.again then ask(asked.kind) end
end

--- Whether there is something to accept.
---@return boolean
function M.is_shown() return present() ~= nil and not gives_way() end

--- Asks now.
function M.trigger() ask(INVOKED) end

--- Goes on to the next item, or asks for more than one.
---@param by integer 1 or -1
function M.step(by)
  if not shown or (#shown.items == 1 and not shown.chosen) then return ask(INVOKED, by) end
  shown.at = (shown.at - 1 + by) % #shown.items + 1
  shown.chosen = true
  draw()
end

--- Hides what is shown until the text changes; false where there was nothing.
---@return boolean
function M.dismiss()
  local had_any = shown ~= nil
  if asked then asked.dismissed = true end
  clear()
  return take_back() or had_any
end

--- Inserts the first part of what is shown; false where nothing is.
---@param length_of? fun(text: string): integer how many bytes are taken; default: all
---@return boolean
function M.accept(length_of)
  local now = present()
  if not shown or not now or gives_way() then return false end
  local item, buf = shown.items[shown.at], shown.anchor.buf
  local length = length_of and length_of(now.text) or #now.text
  local stop = now.col + fit.replaced_by(now, length)
  local lines = vim.split(now.text:sub(1, length), '\n', { plain = true })
  -- A step of undo of its own.
  vim.go.undolevels = vim.go.undolevels
  vim.api.nvim_buf_set_text(buf, now.row, now.col, now.row, stop, lines)
  local col = #lines == 1 and now.col + #lines[1] or #lines[#lines]
  vim.api.nvim_win_set_cursor(0, { now.row + #lines, col })
  vim.go.undolevels = vim.go.undolevels
  draw()
  local server = not length_of and item.command and client.of(buf)
  if server then client.execute(server, item.command.command, item.command.arguments) end
  return true
end

return M
