"""How Sphinx makes the manual page twine(1)."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "_ext"))

project = "twine"
version = release = installed_version("twine")
extensions = ["sphinx.ext.autodoc", "generated"]
root_doc = "index"
# The same text on every day: it is kept beside this file.
today = " "
man_pages = [("index", "twine", "publish Python packages", "", "1")]
