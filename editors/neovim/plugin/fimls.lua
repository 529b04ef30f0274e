-- What is there from the start: commands, <Plug> maps, colours.  Nothing else is loaded before use.
if vim.g.loaded_fimls then return end
vim.g.loaded_fimls = true

assert(vim.fn.has('nvim-0.10') == 1, 'fimls: Neovim 0.10 or later is needed')

local function map(name, modes)
  local method = name:gsub('-', '_')
  vim.keymap.set(
    modes,
    ('<Plug>(fimls-%s)'):format(name),
    function() return require('fimls')[method]() end,
    { desc = 'fimls: ' .. name, expr = name == 'explain', silent = true }
  )
end

local typing = { 'accept', 'accept-word', 'accept-line', 'next', 'previous', 'dismiss', 'trigger' }
for _, name in ipairs(typing) do
  map(name, 'i')
end
map('generate', { 'i', 'n' })
map('cancel', { 'i', 'n' })
map('explain', { 'n', 'x' })

vim.api.nvim_create_user_command('Fimls', function(given) require('fimls.command').run(given) end, {
  nargs = '*',
  range = true,
  desc = 'fimls: status, log, restart, …',
  complete = function(...) return require('fimls.command').complete(...) end,
})

-- The colour of NonText; colour schemes tend to give it none for terminals with few colours.
local function set_colours()
  local ghost = vim.api.nvim_get_hl(0, { name = 'NonText', link = false })
  ghost.ctermfg, ghost.default = ghost.ctermfg or 8, true
  vim.api.nvim_set_hl(0, 'FimlsGhost', ghost --[[@as vim.api.keyset.highlight]])
  vim.api.nvim_set_hl(0, 'FimlsCount', { default = true, link = 'MoreMsg' })
end

set_colours()

local group = vim.api.nvim_create_augroup('fimls', {})
vim.api.nvim_create_autocmd('ColorScheme', { group = group, callback = set_colours })
vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'fimls' then require('fimls.attached').attach(event.buf) end
  end,
})
