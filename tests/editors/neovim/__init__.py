"""The Neovim plug-in, tested in real Neovims: `python -m tests.editors.neovim`."""
