"""What `check` and the checks before an upload say about a file."""
