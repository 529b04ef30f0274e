-- The Neovim that runs the tests: the plug-in, mini.test, and nothing of the user's.
local root = vim.fs.dirname(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)))
vim.opt.runtimepath = { root, vim.env.MINI_TEST, vim.env.VIMRUNTIME }
package.path = root .. '/tests/?.lua;' .. package.path
vim.o.swapfile = false
require('mini.test').setup({
  collect = {
    find_files = function()
      return vim.fn.globpath(root .. '/tests', vim.env.TEST_FILES, true, true)
    end,
  },
})
