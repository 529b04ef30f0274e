"""Doubles and drawings for tests of fimls and of the editor plug-ins around it: public API."""
