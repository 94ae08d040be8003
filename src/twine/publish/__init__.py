"""Publish several files: in which order, what became of each."""
