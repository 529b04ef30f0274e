"""The language server: one file per concern of the protocol, all registered in `features.py`.

The only room that knows pygls and lsprotocol.
"""
