"""The commands, one module each, and how they find their files."""

from __future__ import annotations

from .inputs import Inputs, find_dists, group_wheel_files_first, split_inputs

__all__ = ("Inputs",)

_find_dists = find_dists
_group_wheel_files_first = group_wheel_files_first
_split_inputs = split_inputs
