-- The Neovim that is tested: the plug-in, as a user has it, and a screen that shows only text.
local root = vim.fs.dirname(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)))
vim.opt.runtimepath:prepend(root)
vim.o.swapfile = false
vim.o.laststatus = 0
vim.o.ruler = false
vim.o.showmode = false
vim.o.showcmd = false
vim.o.more = false
vim.o.columns = 60
vim.o.lines = 12
vim.o.shiftwidth = 4
vim.o.expandtab = true
vim.g.loaded_matchparen = 1
vim.cmd.syntax('off')
_G.notes = {}
vim.notify = function(text) table.insert(_G.notes, text) end
