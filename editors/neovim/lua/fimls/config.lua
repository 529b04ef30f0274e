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
  if #merged.cmd == 0 then merged.cmd = { 'fimls', 'serve', '--log-file', M.log_file() } end
  return merged
end

--- Where the server writes its log, unless it is started otherwise; the folder is made.
---@return string
function M.log_file()
  vim.fn.mkdir(vim.fn.stdpath('log') --[[@as string]], 'p')
  return vim.fs.joinpath(vim.fn.stdpath('log'), 'fimls.log')
end

--- The words that the server's program is called with, before what it is to do.
---@return string[]
function M.program() return vim.list_slice(M.get().cmd, 1, vim.fn.index(M.get().cmd, 'serve')) end

return M
