-- The way of the README: a fresh profile, its own lines, and a real model, which says what it likes.
local session = require('session')

local T = MiniTest.new_set()

local ENVIRONMENT = {
  FIMLS_BACKEND = 'embedded',
  FIMLS_DATA_DIR = vim.env.TEST_DATA_DIR,
  -- A busy machine is slower than any user's.
  FIMLS_COMPLETION_TIMEOUT_MS = '60000',
  -- Where `fimls` is.
  PATH = vim.fs.dirname(vim.json.decode(vim.env.TEST_SERVER)[1]) .. ':' .. vim.env.PATH,
}

---@return string the lines for `init.lua`
local function from_readme()
  local readme = table.concat(vim.fn.readfile(session.root .. '/README.md'), '\n')
  return assert(readme:match('```lua\n(.-)```'))
end

T['completes, and is accepted'] = function()
  local home = vim.fn.tempname()
  vim.fn.mkdir(home .. '/pack/fimls/start', 'p')
  assert(vim.uv.fs_symlink(session.root, home .. '/pack/fimls/start/fimls'))
  vim.fn.writefile(vim.split(from_readme(), '\n'), home .. '/init.lua')
  vim.fn.writefile({ 'def add(a, b):', '    return ' }, home .. '/shop.py')
  local before = {}
  for name, value in pairs(ENVIRONMENT) do
    before[name], vim.env[name] = vim.env[name] or false, value
  end
  local open = session.start_at(home .. '/shop.py', home, home .. '/init.lua')
  for name, value in pairs(before) do
    vim.env[name] = value or nil
  end
  open:keys('G', 'A')
  open:ready():keys('<M-\\>')
  session.wait('a completion', function() return open:ghost() ~= '' end)
  local ghost = open:ghost()
  open:keys('<Tab>')
  MiniTest.expect.equality(open:text(), 'def add(a, b):\n    return ' .. ghost)
  print(('the embedded model completes `return `: %s'):format(ghost))
  open:close()
end

return T
