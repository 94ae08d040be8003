"""What was asked for: options, the environment, `.pypirc`, known indexes."""
