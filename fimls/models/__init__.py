"""Models: formats of families, backends behind one protocol, choosing one, the slot.

The only room that opens outgoing connections.
"""
