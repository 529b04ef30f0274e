-- The options of the plug-in: defaults, then `vim.g.fimls`, then what `setup` is given.
local M = {}

---@class fimls.Options
---@field cmd? string[] how the server is started
---@field filetypes? string[] default: all but prose
---@field settings? table settings of the server, as in its documentation
---@field keys? table<string, string|false>|false false: none
---@field beside_menu? boolean show ghost text while a completion menu is open

---@type fimls.Options
local defaults = {
  cmd = {},
  filetypes = {},
  settings = {},
  beside_menu = false,
  keys = {
    accept = '<Tab>',
    accept_word = '<M-w>',
    accept_line = '<M-l>',
    next = '<M-n>',
    previous = '<M-p>',
    dismiss = '<C-]>',
    trigger = '<M-\\>',
    generate = '<M-g>',
    generate_normal = 'grc',
    explain = 'gre',
    cancel = '<M-c>',
  },
}

---@type fimls.Options?
local given

--- Takes the options of `setup`; what is none is told, and left out.
---@param options? fimls.Options
function M.set(options)
  given = {}
  for name, value in pairs(options or {}) do
    local kind = type(defaults[name])
    local is_right = type(value) == kind or (name == 'keys' and value == false)
    local why = kind == 'nil' and '`%s` is no option' or '`%s` is to be a ' .. kind
    if is_right then given[name] = value end
    if not is_right then require('fimls.client').warn(why:format(name)) end
  end
end

--- The options in force.
---@return fimls.Options
function M.get()
  if not given then M.set(vim.g.fimls) end
  local merged = vim.tbl_deep_extend('force', defaults, given)
  -- Neovim has made that folder for the log of its own client.
  local log = vim.fs.joinpath(vim.fn.stdpath('log'), 'fimls.log')
  if #merged.cmd == 0 then merged.cmd = { 'fimls', 'serve', '--log-file', log } end
  return merged
end

--- The words that the server's program is called with, before what it is to do.
---@return string[]
function M.program()
  local cmd = M.get().cmd
  local at = vim.fn.index(cmd, 'serve')
  -- A program that serves without being told to can do nothing else.
  return at > 0 and vim.list_slice(cmd, 1, at) or { 'fimls' }
end

return M
