-- `:checkhealth fimls`
local health = vim.health

local M = {}

-- The server's own examination loads a model and completes with it.
local DOCTOR_MS = 60000

local function check_editor()
  health.start('Neovim ' .. tostring(vim.version()))
  for key, owner in vim.spairs(require('fimls.keys').left) do
    health.info(('%s is left to %s'):format(key, owner))
  end
  for _, name in ipairs({ 'copilot', 'supermaven-nvim', 'codeium' }) do
    if package.loaded[name] then health.warn(name .. ' shows ghost text too', 'switch one off') end
  end
  local server = vim.lsp.get_clients({ name = 'fimls' })[1]
  if not server then return health.info('no server runs yet: it starts with a file of code') end
  health.ok(('the server runs, with %d buffer(s)'):format(vim.tbl_count(server.attached_buffers)))
end

local function check_server()
  health.start('What `fimls doctor` says')
  local program = require('fimls.config').program()
  if vim.fn.executable(program[1]) == 0 then
    local install = "pip install 'fimls[embedded]' && fimls model get"
    return health.error(program[1] .. ' is not executable here', { install, 'or set `cmd`' })
  end
  local command = vim.list_extend(program, { 'doctor', '--json' })
  local done = vim.system(command, { text = true }):wait(DOCTOR_MS)
  local is_json, told = pcall(vim.json.decode, done.stdout or '', { luanil = { object = true } })
  if not is_json then return health.error('it could not be run', done.stderr) end
  for _, check in ipairs(told.checks) do
    local report = ({ ok = health.ok, note = health.info })[check.state] or health.warn
    report(('%s: %s'):format(check.name, check.found), check.fix)
  end
end

function M.check()
  check_editor()
  check_server()
end

return M
