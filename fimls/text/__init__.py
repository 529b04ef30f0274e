"""Text as values: positions, line ends, languages, the hole, token estimates, edits.  Pure."""
