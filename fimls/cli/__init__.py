"""The command line: one file per command, each calling one function of the rooms above."""
