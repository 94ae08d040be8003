"""How Sphinx builds this documentation."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "_ext"))

project = "twine"
author = "the twine contributors"
copyright = "the twine contributors"
version = release = installed_version("twine")

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "generated",
    "rulespage",
]
exclude_patterns = ["_build", "_ext"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["twine.css"]
html_title = f"twine {release}"
html_show_sphinx = False
html_copy_source = False

# `$ twine ...` in an example is typed, and what follows is what comes back.
highlight_language = "none"

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False

_ELSEWHERE = (
    "abc",
    "argparse",
    "collections",
    "contextlib",
    "datetime",
    "importlib",
    "packaging",
    "requests",
    "rich",
    "threading",
    "typing",
    "urllib3",
)
# The build asks no other site for its index of names, so that it gives the same
# result everywhere; names of other projects are shown, but lead nowhere.
nitpick_ignore_regex = [
    (r"py:.*", rf"({'|'.join(_ELSEWHERE)})\..*"),
    (r"py:class", r"RawMetadata"),  # of packaging
    (r"py:mod", r"hashlib"),
]
