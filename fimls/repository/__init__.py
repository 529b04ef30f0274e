"""Repository: files, ignore rules and the index of a workspace; hands out an immutable view."""
