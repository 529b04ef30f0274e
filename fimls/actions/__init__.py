"""Code actions: what is asked of a model about a place, and what becomes of its answer.

`collect` tells what is there, `templates` makes the prompt, `extract` and `place` make an edit of
the answer, and `validate` says what is wrong with it, in words for the model.
"""
