"""Completion: from a hole to text that fits, with a reason wherever there is none."""
