-- Why the last completion looked as it did, or why there was none (`fimls/explainLast`).
local client = require('fimls.client')

local M = {}

---@param text string
---@return string
local function fenced(text) return ('~~~~~~\n%s\n~~~~~~'):format((text:gsub('\r\n?', '\n'))) end

---@param step table
---@return string?
local function changed(step)
  if step.reason then return ('- %s: dropped, %s'):format(step.name, step.reason) end
  if step.before == step.after then return nil end
  return ('- %s: %s → %s'):format(step.name, vim.inspect(step.before), vim.inspect(step.after))
end

---@param part table
---@return string
local function shown(part) return ('- %s (%s), %d tokens'):format(part.path, part.kind, part.tokens) end

---@param stage string
---@param ms number
---@return string
local function timed(stage, ms) return ('- %s: %.1f'):format(stage, ms) end

--- The trace of a completion as Markdown.
---@param trace table
---@return string
function M.markdown(trace)
  local parts = { '# The last completion' }
  local function add(title, text)
    if text and text ~= '' then table.insert(parts, ('## %s\n\n%s'):format(title, text)) end
  end
  add('Nothing was shown', trace.skip)
  add('Shown', trace.text and trace.text ~= '' and fenced(trace.text))
  add('What the model said', trace.raw and fenced(trace.raw))
  add('Filters that did something', vim.iter(trace.filters or {}):map(changed):join('\n'))
  local model = '%s on %s, %s'
  add('Model', trace.model and model:format(trace.model, trace.backend, trace.mode or ''))
  add('Milliseconds', vim.iter(vim.spairs(trace.stages_ms or {})):map(timed):join('\n'))
  add('Seen of other files', vim.iter(trace.context or {}):map(shown):join('\n'))
  add('Prompt', trace.prompt and fenced(trace.prompt))
  return table.concat(parts, '\n\n')
end

--- Asks for it, and shows it.
function M.show()
  local server = client.of()
  if not server then return client.warn('the server does not have this buffer') end
  local params = { textDocument = vim.lsp.util.make_text_document_params() }
  client.request(server, 'fimls/explainLast', params, function(err, trace)
    if not trace then return client.warn(err and err.message or 'the server does not say') end
    local text = M.markdown(client.plain(trace))
    vim.api.nvim_set_current_win(require('fimls.view').show('fimls://why', text, 'markdown'))
  end)
end

return M
