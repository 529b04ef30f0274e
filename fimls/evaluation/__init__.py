"""Measurements of fimls itself: how good completions are, and how quick."""
