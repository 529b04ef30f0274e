-- The server's side of Neovim: how it is started, asked, and started anew when it has died.
local M = {}

local has_methods = vim.fn.has('nvim-0.11') == 1

local root_markers = vim.split('.git pyproject.toml package.json Cargo.toml go.mod Makefile', ' ')

-- The server completes prose only where its settings enable it, so it is not started for it either.
local prose = 'asciidoc bib diff gitcommit gitrebase mail markdown org plaintex rst tex text typst'

-- A server that dies again and again is left alone after this many starts within a minute.
local MOST_DEATHS, WITHIN_MS = 3, 60000

-- A server that is to stop answers within that time, or stands still and is made to.
local PATIENCE_MS = 2000

local deaths = 0 -- within the last minute

---@type table<integer, boolean> servers that are to have a successor
local restarting = {}

--- The server that has a buffer.
---@param buf? integer
---@return vim.lsp.Client?
function M.of(buf) return vim.lsp.get_clients({ name = 'fimls', bufnr = buf or 0 })[1] end

--- A message with nil for every null, which Neovim 0.12 leaves to its readers.
---@param message table
---@return table
function M.plain(message)
  return vim.json.decode(vim.json.encode(message), { luanil = { object = true } })
end

--- Tells the user that something is not as it should be.
---@param text string
function M.warn(text) vim.notify('fimls: ' .. text, vim.log.levels.WARN) end

--- The server of the current buffer, or any other; where none runs, the user is told.
---@return vim.lsp.Client?
function M.any()
  local client = M.of() or vim.lsp.get_clients({ name = 'fimls' })[1]
  if not client then M.warn('no server runs here; see :checkhealth fimls') end
  return client
end

--- Calls a method of a client; before 0.11 they were plain functions.
---@param client vim.lsp.Client
---@param method string
---@param ... any
---@return any, any
local function call(client, method, ...)
  if has_methods then return client[method](client, ...) end
  return client[method](...)
end

--- Sends a request, after all changes of the buffer; returns its number, nil when it was not sent.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param handler fun(err: lsp.ResponseError?, result: any)
---@param buf? integer
---@return integer?
function M.request(client, method, params, handler, buf)
  local sent, id = call(client, 'request', method, params, handler, buf)
  return sent and id or nil
end

---@param client vim.lsp.Client
---@param method string
---@param params table
function M.notify(client, method, params) call(client, 'notify', method, params) end

--- Takes a request back.
---@param client vim.lsp.Client
---@param id integer
function M.cancel(client, id) call(client, 'cancel_request', id) end

--- Runs a command of the server.
---@param client vim.lsp.Client
---@param command string
---@param arguments? any[]
---@param done? fun(result: any)
---@param buf? integer
---@return integer?
function M.execute(client, command, arguments, done, buf)
  local params = { command = command, arguments = arguments }
  return M.request(client, 'workspace/executeCommand', params, function(err, result)
    -- A command that was cancelled says so by an error, and whoever cancelled it knows.
    local is_cancelled = err and err.code == vim.lsp.protocol.ErrorCodes.RequestCancelled
    if err and not is_cancelled then M.warn(err.message) end
    if done then done(result) end
  end, buf)
end

--- The version of a buffer's text that the server is told, or has been.
---@param buf integer
---@return integer
function M.version(buf) return vim.lsp.util.buf_versions[buf] end

--- The byte of a line that a position of the protocol lies at.
---@param client vim.lsp.Client
---@param line string
---@param character integer
---@return integer
function M.byte(client, line, character)
  if has_methods then return vim.str_byteindex(line, client.offset_encoding, character, false) end
  -- Neovim 0.10 speaks UTF-16, whatever the server could do.
  local is_there, byte = pcall(vim.str_byteindex, line, character, true)
  return is_there and byte or #line
end

--- The position of the protocol that a byte of a line lies at; a line's end for what is behind it.
---@param client vim.lsp.Client
---@param buf integer
---@param row integer
---@param byte integer
---@return lsp.Position
function M.position(client, buf, row, byte)
  local line = vim.api.nvim_buf_get_lines(buf, row, row + 1, false)[1]
  byte = math.min(byte, #line)
  if has_methods then
    byte = vim.str_utfindex(line, client.offset_encoding, byte, false)
  else
    -- Its own `make_position_params` is wrong in lines that are not ASCII.
    _, byte = vim.str_utfindex(line, byte)
  end
  return { line = row, character = byte }
end

--- Whether a buffer is one that the server should have.
---@param buf integer
---@return boolean
local function wanted(buf)
  local options, filetype = require('fimls.config').get(), vim.bo[buf].filetype
  if vim.bo[buf].buftype ~= '' or filetype == '' then return false end
  if #options.filetypes > 0 then return vim.tbl_contains(options.filetypes, filetype) end
  return options.settings.enabledLanguages ~= nil
    or not vim.tbl_contains(vim.split(prose, ' '), filetype)
end

---@param client vim.lsp.Client
---@param folder string
local function add_folder(client, folder)
  -- Nothing may be told before the server is initialized.
  if not client.initialized and not call(client, 'is_stopped') then
    return vim.defer_fn(function() add_folder(client, folder) end, 50)
  end
  local added = { uri = vim.uri_from_fname(folder), name = folder }
  local folders = client.workspace_folders or {}
  if vim.iter(folders):any(function(known) return known.uri == added.uri end) then return end
  client.workspace_folders = vim.list_extend(folders, { added })
  local event = { added = { added }, removed = {} }
  M.notify(client, 'workspace/didChangeWorkspaceFolders', { event = event })
end

--- One server has all folders: a second one would hold a second model.
---@param client vim.lsp.Client
---@param config vim.lsp.ClientConfig
---@return boolean
local function reuse(client, config)
  if client.name ~= config.name or call(client, 'is_stopped') then return false end
  if type(config.root_dir) == 'string' then add_folder(client, config.root_dir) end
  return true
end

---@param config vim.lsp.ClientConfig
---@param buffers integer[]
local function start(config, buffers)
  for _, buf in ipairs(vim.tbl_filter(vim.api.nvim_buf_is_loaded, buffers)) do
    vim.lsp.start(config, { bufnr = buf, reuse_client = reuse })
  end
end

---@param code integer
---@param signal integer
---@param id integer
local function on_exit(code, signal, id)
  local client = assert(vim.lsp.get_client_by_id(id))
  local buffers = vim.tbl_keys(client.attached_buffers)
  local has_died = code ~= 0 or (signal ~= 0 and signal ~= 15)
  vim.schedule(function()
    if vim.v.exiting ~= vim.NIL or not (restarting[id] or has_died) then return end
    deaths = deaths + (restarting[id] and 0 or 1)
    vim.defer_fn(function() deaths = math.max(deaths - 1, 0) end, WITHIN_MS)
    if deaths > MOST_DEATHS then
      return M.warn('the server dies again and again; see :Fimls log')
    end
    start(client.config, buffers)
  end)
end

--- How Neovim starts the server.
---@return vim.lsp.Config
function M.config()
  local options = require('fimls.config').get()
  return {
    name = 'fimls',
    cmd = options.cmd,
    root_dir = function(buf, on_dir)
      if wanted(buf) then on_dir(vim.fs.root(buf, root_markers)) end
    end,
    init_options = next(options.settings) and { fimls = options.settings } or nil,
    capabilities = {
      experimental = { fimls = { more = true, input = true, actionText = true } },
      textDocument = { inlineCompletion = { dynamicRegistration = false } },
      workspace = { workspaceEdit = { documentChanges = true } },
    },
    handlers = require('fimls.handlers'),
    -- Neovim's own ghost text, where it is on, would show every completion a second time.
    on_init = function(client) client.server_capabilities.inlineCompletionProvider = nil end,
    on_exit = on_exit,
    reuse_client = reuse,
  }
end

--- Starts the server for the files of this session, and for those to come.
function M.enable()
  if has_methods then return vim.lsp.enable('fimls') end
  local function follow(buf)
    local config = M.config()
    local all = vim.lsp.protocol.make_client_capabilities()
    config.capabilities = vim.tbl_deep_extend('force', all, config.capabilities)
    config.root_dir(buf, function(folder)
      config.root_dir = folder
      start(config, { buf })
    end)
  end
  local group = vim.api.nvim_create_augroup('fimls_start', {})
  local function callback(event) follow(event.buf) end
  vim.api.nvim_create_autocmd('FileType', { group = group, callback = callback })
  vim.iter(vim.api.nvim_list_bufs()):filter(vim.api.nvim_buf_is_loaded):each(follow)
end

--- Ends the server, however it fares, and starts it anew for the buffers that it had; where none
--- runs any more, for those that are to have it.
function M.restart()
  local client = M.of() or vim.lsp.get_clients({ name = 'fimls' })[1]
  deaths = 0
  if not client then return M.enable() end
  restarting[client.id] = true
  call(client, 'stop')
  vim.defer_fn(function() call(client, 'stop', true) end, PATIENCE_MS)
end

return M
