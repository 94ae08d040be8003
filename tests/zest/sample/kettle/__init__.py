"""Boil water."""
