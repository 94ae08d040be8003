"""Names of wheels and sdists taken apart, and where things are in them. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from .model import Subject

# https://packaging.python.org/specifications/name-normalization/#valid-non-normalized-names
_NAME = re.compile(r"[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]", re.IGNORECASE | re.ASCII)
# What PyPI refuses in any file's name: C0 controls, DEL, and what separates folders.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\]")
# As in `parse_wheel_filename` of packaging 26.2, which PyPI has.
_PROJECT = re.compile(r"[\w.]*")
# What follows the version: build tag, Python, ABI, platform and label. PEP 825 (Draft)
# adds the label; an ABI in the place of the platform is that of a name without one.
_VARIANT_TAGS = re.compile(
    r"([0-9][^-]*-)?[a-z][^-]*-[^-]+-(any|win32|[^-]+_[^-]+)-(?P<label>[^-]+)"
)
SDIST_SUFFIXES = (".tar.gz", ".zip")


class InvalidName(Exception):
    """A file's name that cannot be taken apart; the text says why."""


class FileName(NamedTuple):
    """The name of a distribution.

    Args:
        project: The project as it is written there.
        version: The version as it is written there.
        platforms: A wheel's platform tags, in lower case; none of an sdist.
    """

    project: str
    version: str
    platforms: tuple[str, ...]

    @property
    def normalized(self) -> NormalizedName:
        """The project, normalized."""
        return canonicalize_name(self.project)


def parse_file_name(subject: Subject) -> FileName:
    """Take the name of a distribution apart.

    Raises:
        InvalidName: It is not a name that a wheel or an sdist may have.
    """
    if forbidden_characters(subject.filename):
        raise InvalidName("it has characters that no name may have")
    if subject.filetype == "bdist_wheel":
        return _parse_wheel_name(subject.filename)
    return _parse_sdist_name(subject.filename)


def known_file_name(subject: Subject) -> FileName | None:
    """Return the parts of a name; nothing if it cannot be taken apart."""
    try:
        return parse_file_name(subject)
    except InvalidName:
        return None


def forbidden_characters(filename: str) -> list[str]:
    """Return the characters of a file's name that PyPI never takes."""
    return list(dict.fromkeys(_FORBIDDEN.findall(filename)))


def is_project_name(text: str) -> bool:
    """Return whether a project may have this name."""
    return _NAME.fullmatch(text) is not None


def parse_version(text: str) -> Version | None:
    """Return a version; nothing if it is not in the standard's form."""
    try:
        return Version(text)
    except ValueError:  # also for a number of thousands of digits
        return None


def _parse_wheel_name(filename: str) -> FileName:
    # Not by `packaging`: its newer versions know more rules than PyPI.
    parts = filename.removesuffix(".whl").split("-")
    if variant := _VARIANT_TAGS.fullmatch("-".join(parts[2:])):
        raise InvalidName(
            f"it is that of a wheel variant, with the label `{variant['label']}` (PEP "
            "825); PyPI takes none yet, only wheels without a label"
        )
    if len(parts) not in {5, 6}:
        raise InvalidName(
            f"it should have 5 or 6 parts between hyphens, not {len(parts)}"
        )
    project, version = parts[:2]
    if "__" in project or not _PROJECT.fullmatch(project):
        raise InvalidName(f"`{project}` is not how a wheel spells a project's name")
    if parse_version(version) is None:
        raise InvalidName(f"`{version}` is not a version")
    if len(parts) == 6 and not re.match(r"[0-9]", parts[2]):
        raise InvalidName(f"the build tag `{parts[2]}` does not start with a digit")
    return FileName(project, version, tuple(parts[-1].lower().split(".")))


def _parse_sdist_name(filename: str) -> FileName:
    suffix = next((one for one in SDIST_SUFFIXES if filename.endswith(one)), "")
    # As `packaging.utils.parse_sdist_filename`: the version has no hyphen.
    project, hyphen, version = filename.removesuffix(suffix).rpartition("-")
    if not hyphen:
        raise InvalidName("it has no hyphen between the project and the version")
    if parse_version(version) is None:
        raise InvalidName(f"`{version}` is not a version")
    return FileName(project, version, ())


def info_folder(subject: Subject) -> str | None:
    """Return the ``.dist-info`` folder that belongs to a wheel's name.

    PyPI takes the first two parts as they are written; nothing if there are fewer
    than three.
    """
    parts = subject.filename.split("-")
    return f"{parts[0]}-{parts[1]}.dist-info" if len(parts) > 2 else None


def is_unread(subject: Subject) -> bool:
    """Return whether the archive says nothing about the members.

    That is so if it is packed another way than its name says (a zipped sdist is
    refused as such), or so broken that no member was found. Other rules report it.
    """
    archive = subject.archive
    expected = "zip" if subject.filetype == "bdist_wheel" else "tar"
    return archive.kind != expected or bool(archive.faults and not archive.names)


def info_text(subject: Subject, name: str) -> bytes | None:
    """Return a file of a wheel's own ``.dist-info``; nothing if it was not read."""
    folder = info_folder(subject)
    if subject.filetype != "bdist_wheel" or folder is None or is_unread(subject):
        return None
    return subject.archive.texts.get(f"{folder}/{name}")


def sdist_top(subject: Subject) -> str:
    """Return the folder at the top of an sdist; empty if there is none."""
    archive = subject.archive
    # What a lone file has in common with itself is its own path.
    if (
        subject.filetype != "sdist"
        or is_unread(subject)
        or archive.top in archive.names
    ):
        return ""
    return archive.top
