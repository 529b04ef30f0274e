"""Syntax: trees of tree-sitter, what stands where in them, and what a change does.  Pure."""
