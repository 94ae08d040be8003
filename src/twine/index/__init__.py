"""Talk to an index: sessions, the upload's body, answers, retries, look-ups."""
