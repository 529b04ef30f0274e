-- Choosing a model, and fetching one.
local client = require('fimls.client')

local M = {}

--- Makes the server use a model for this session.
---@param server vim.lsp.Client
---@param name string
local function use(server, name)
  local settings = vim.tbl_deep_extend('force', server.settings, { fimls = { model = name } })
  -- The latter are what its successor is started with.
  server.settings, server.config.settings = settings, settings
  client.notify(server, 'workspace/didChangeConfiguration', { settings = settings })
  local lasting = ("setup({ settings = { model = '%s' } }) keeps it"):format(name)
  vim.notify(('fimls: %s from now on; %s'):format(name, lasting))
end

---@param server vim.lsp.Client
---@param name string
local function pull(server, name)
  vim.notify(('fimls: fetching %s…'):format(name))
  client.execute(server, 'fimls.pull', { name }, function(got)
    if got then use(server, name) end
  end)
end

---@param entry { name: string, backend: string, fills: string }
---@return string
local function described(entry)
  if not entry.backend then return entry.name end
  return ('%s on %s, fills in: %s'):format(entry.name, entry.backend, entry.fills)
end

--- Lets the user choose a model, or uses the one of that name; what is not here is fetched.
---@param name? string
function M.run(name)
  local server = client.any()
  if not server then return end
  client.execute(server, 'fimls.models', nil, function(result)
    local entries = result and result.models or {}
    local is_here = vim.iter(entries):any(function(entry) return entry.name == name end)
    if name then return (is_here and use or pull)(server, name) end
    table.insert(entries, { name = 'Fetch another…' })
    vim.ui.select(entries, { prompt = 'Model', format_item = described }, function(entry)
      if entry and entry.backend then return use(server, entry.name) end
      local function go(other) return other and other ~= '' and pull(server, other) end
      if entry then vim.ui.input({ prompt = 'Name of the model: ' }, go) end
    end)
  end)
end

return M
