"""What PyPI demands of classifiers, dependencies and licences. Pure."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Iterable, Iterator

from packaging.requirements import Requirement

from . import links
from .model import Subject, file_rule
from .values import show, value, values

_PRIVATE = "private ::"


@file_rule(
    pypi_message="is not a valid classifier",
    hint="Remove the classifier if this file is meant for everybody.",
    link=links.CLASSIFIERS,
)
def classifier_private(subject: Subject) -> Iterator[str]:
    """No classifier begins with ``Private ::``.

    ``Private :: Do Not Upload`` is how a project says that it must never be published:
    PyPI refuses it, and always will. If the project is meant for a company's own
    index, name that index; if it is meant for everybody, remove the classifier.
    """
    for classifier in values(subject, "classifiers"):
        if classifier.lower().startswith(_PRIVATE):
            yield f"The classifier {show(classifier)} keeps this file off PyPI."


@file_rule(
    pypi_message="is not a valid classifier",
    hint="Copy the classifier from the list, or leave it out.",
    link=links.CLASSIFIERS,
    requires="trove-classifiers",
    grows=True,
)
def classifier_unknown(subject: Subject) -> Iterator[str]:
    """Every classifier is in PyPI's list, letter by letter.

    ``Programming Language :: Python :: 3.12`` is; ``Programming Language:: Python``
    and ``License :: MIT`` are not. The list that is looked at is the one of the
    installed ``trove-classifiers``: upgrade it if a classifier is newer than that.
    """
    # The list changes every few weeks: that of the installed release may be old.
    import trove_classifiers

    known = trove_classifiers.classifiers
    for classifier in values(subject, "classifiers"):
        if not classifier.strip():
            yield "A classifier is empty."
        elif (
            classifier not in known
            and classifier not in trove_classifiers.deprecated_classifiers
            and not classifier.lower().startswith(_PRIVATE)
        ):
            meant = _find_closest(classifier, known)
            perhaps = f"; perhaps {show(meant)} is meant" if meant else ""
            yield f"PyPI does not know the classifier {show(classifier)}{perhaps}."


def _find_closest(classifier: str, known: Iterable[str]) -> str:
    """Return the classifier that was meant, most likely; empty if none is like it."""
    spelled = " ".join(classifier.casefold().split())
    # Another number is another version, perhaps one that is newer than the list.
    numbers = re.findall(r"[0-9]+", spelled)
    like = {
        one.casefold(): one for one in known if re.findall(r"[0-9]+", one) == numbers
    }
    found = difflib.get_close_matches(spelled, like, n=1, cutoff=0.8)
    return like[found[0]] if found else ""


@file_rule(
    pypi_message="has been deprecated",
    hint="Use what took its place, or leave the classifier out.",
    link=links.CLASSIFIERS,
    requires="trove-classifiers",
)
def classifier_deprecated(subject: Subject) -> Iterator[str]:
    """No classifier is one that PyPI has given up.

    ``Natural Language :: Ukranian`` was misspelled, for example, and
    ``Natural Language :: Ukrainian`` took its place. Some have nothing in theirs.
    """
    import trove_classifiers

    for classifier in values(subject, "classifiers"):
        # An empty list stands for a classifier that nothing replaces.
        instead = trove_classifiers.deprecated_classifiers.get(classifier)
        if instead is not None:
            names = " or ".join(show(name) for name in instead)
            then = f"use {names}" if instead else "nothing takes its place"
            yield f"The classifier {show(classifier)} was given up; {then}."


@file_rule(
    pypi_message="Can't have direct dependency",
    hint="Depend on a published version of the project.",
    link=links.DEPENDENCIES,
)
def direct_reference(subject: Subject) -> Iterator[str]:
    """No dependency is given by its URL.

    ``tool @ git+https://example.org/tool`` would make everybody who installs this
    project fetch from elsewhere. Publish ``tool`` and depend on ``tool>=1.2``; what
    only developers need belongs into ``[dependency-groups]``.
    """
    for text in values(subject, "requires_dist"):
        # One that cannot be parsed is the matter of `invalid-value`. packaging 26 lets
        # a few errors of its parser through, and goes down a level for each bracket.
        with contextlib.suppress(ValueError, SyntaxError, RecursionError):
            if Requirement(text).url:
                yield f"The dependency {show(text)} is given by its URL."


@file_rule(
    pypi_message="License is deprecated when License-Expression is present",
    hint='Write only `license = "..."` with an SPDX expression in `pyproject.toml`.',
    link=links.CORE_METADATA + "#license-expression",
)
def license_and_expression(subject: Subject) -> Iterator[str]:
    """A file has ``License`` or ``License-Expression``, not both.

    ``License-Expression: MIT`` took the place of the free text ``License: MIT
    License``. Both together come from ``pyproject.toml`` next to an old ``setup.py``
    or ``setup.cfg`` with another ``license``: remove it there.
    """
    # PEP 639. `License ::` classifiers beside an expression are deprecated as well, but
    # PyPI does not look at them.
    expression = value(subject, "license_expression")
    if expression and values(subject, "license"):
        yield (f"`License` is sent along with `License-Expression` {show(expression)}.")
