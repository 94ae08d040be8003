"""What the tests share: distributions, a scripted index, the command, a terminal."""
