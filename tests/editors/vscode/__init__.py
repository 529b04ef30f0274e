"""VS Code itself: its server and workbench, in a browser without a screen."""
