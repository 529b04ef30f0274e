-- For `vim.lsp.enable('fimls')` of Neovim 0.11 and later.
return require('fimls.client').config()
