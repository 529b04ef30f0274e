"""Context: what the model sees besides the hole, as text cleared of secrets.  Pure."""
