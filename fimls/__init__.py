"""fimls: a language server that completes code in the middle with a local model."""

__version__ = "0.1.0"
