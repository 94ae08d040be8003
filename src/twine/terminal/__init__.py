"""The screen: what is printed, asked and hidden."""
