"""Emacs with its two clients, lsp-mode and eglot, in batch."""
