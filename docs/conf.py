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
exclude_patterns = ["_build", "_ext", "man"]  # `man` is a build of its own
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["twine.css"]
html_title = f"twine {release}"
html_show_sphinx = False
html_copy_source = False

# `tox -e linkcheck` asks other sites, but none that only an example names.
linkcheck_ignore = [r"http://127\.0\.0\.1"]

# Examples are commands with their output, not Python.
highlight_language = "none"

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
autodoc_preserve_defaults = True
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False

_OTHER_PROJECTS = (
    "abc",
    "argparse",
    "collections",
    "concurrent",
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
# The pages describe what other programs may import, not what is inside a package.
_INSIDE = "archives|check|config|form|index|publish|rules|terminal"
# The build asks no other site for its index of names, so that it gives the same
# result everywhere; names of other projects are shown, but are no links.
nitpick_ignore_regex = [
    (r"py:.*", rf"({'|'.join(_OTHER_PROJECTS)})\..*"),
    (r"py:.*", rf"twine\.({_INSIDE})\..*"),
    (r"py:class", r"[A-Z]\w+"),  # a type in a signature, as its module names it
    (r"py:class", r"twine\.auth\.\w+\.(TrustedPublishing|Keyring|_TokenSource)"),
    (r"py:class", r"dataclasses\.InitVar"),  # has no page of its own
    (r"py:.*", r"NotCheckedError|read_index"),
    (r"py:mod", r"hashlib"),
]
