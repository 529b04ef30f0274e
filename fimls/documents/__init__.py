"""Open documents: buffers that follow the editor's edits, notebooks, and snapshots of both."""
