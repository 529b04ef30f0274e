"""The protocol library of VS Code on Node.js, as a client that knows nothing of fimls."""
