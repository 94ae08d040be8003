"""A Python that lacks one library."""

import os
from pathlib import Path

_HIDE = '''"""Let Python find all libraries but one."""
import importlib.machinery
import sys


class AllButOne(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == "{module}" else super().find_spec(name, path, target)


sys.meta_path = [
    AllButOne if finder is importlib.machinery.PathFinder else finder
    for finder in sys.meta_path
]
'''


def without_library(folder: Path, module: str) -> dict[str, str]:
    """Return the environment of a Python that lacks a library.

    What hides its module is put into `folder`, which is made.
    """
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_HIDE.format(module=module))
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
