"""What PyPI demands of a wheel's platform tags. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import links
from .filenames import known_file_name
from .model import Subject, file_rule
from .values import show

EXACT = frozenset({
    "any", "win32", "win_amd64", "win_arm64", "win_ia64",
    "linux_armv6l", "linux_armv7l",
    "manylinux1_x86_64", "manylinux1_i686",
    "manylinux2010_x86_64", "manylinux2010_i686",
    "manylinux2014_x86_64", "manylinux2014_i686", "manylinux2014_aarch64",
    "manylinux2014_armv7l", "manylinux2014_ppc64", "manylinux2014_ppc64le",
    "manylinux2014_s390x",
})  # fmt: skip
# The patterns of PyPI are anchored at their start only: it takes what follows them,
# which nobody writes.
_MUSL = "x86_64|i686|aarch64|armv7l|ppc64le|s390x|riscv64"
# Apple numbered macOS by the year after 15: no 16 to 25 were released.
_MAC = "ppc|ppc64|i386|x86_64|arm64|intel|fat|fat3|fat64|universal|universal2"
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"manylinux_\d+_\d+_({_MUSL}|ppc64)",
        rf"musllinux_\d+_\d+_({_MUSL})",
        rf"macosx_10_\d+_({_MAC})",
        rf"macosx_(11|12|13|14|15|26)_0_({_MAC})",
        r"ios_\d+_\d+_(arm64|x86_64)_(iphoneos|iphonesimulator)",
        r"android_\d+_(armeabi_v7a|arm64_v8a|x86|x86_64)",
        r"pyemscripten_\d+_\d+_wasm32",
    )
)
# PyPI learns new versions and processors of these every year. A macOS tag whose
# minor version is not 0 is a mistake of the build, not something to come.
_FAMILIES = re.compile(
    r"(win|manylinux|musllinux|macosx|ios|android|pyemscripten)_\w+", re.ASCII
)
_LATE_MAC = re.compile(r"macosx_(1[1-9]|[2-9]\d+)_([1-9]\d*)_.*", re.ASCII)


def is_accepted(tag: str) -> bool:
    """Return whether PyPI takes wheels with a platform tag, in lower case."""
    return tag in EXACT or any(pattern.fullmatch(tag) for pattern in _PATTERNS)


def is_growing(tag: str) -> bool:
    """Return whether a tag is of a family of which PyPI takes more every year."""
    return bool(_FAMILIES.fullmatch(tag)) and not _LATE_MAC.fullmatch(tag)


@file_rule(
    pypi_message="has an unsupported platform tag",
    hint="Build for a version and processor that PyPI knows.",
    link=links.PLATFORM_TAGS,
    grows=True,
)
def platform_tag(subject: Subject) -> Iterator[str]:
    """A wheel's platform has a version and a processor that PyPI knows.

    It takes wheels for macOS 10.x, 11 to 15 and 26 (``macosx_26_0_arm64``, not
    ``macosx_16_0_arm64``), for manylinux and musllinux on a list of processors, for
    Windows, iOS, Android and Pyodide (``pyemscripten_2026_0_wasm32``). Such lists
    grow; what is missing today may be there tomorrow.
    """
    for tag in _refused_platforms(subject):
        if is_growing(tag):
            yield f"PyPI does not know the platform tag {show(tag)}."


@file_rule(
    pypi_message="has an unsupported platform tag",
    hint="Repair the wheel with auditwheel or delocate, or leave the platform out.",
    link=links.PLATFORM_TAGS,
)
def platform_tag_family(subject: Subject) -> Iterator[str]:
    """A wheel is for a kind of platform that PyPI has files for.

    ``linux_x86_64`` promises nothing about the libraries that the wheel needs:
    ``auditwheel repair`` makes it a ``manylinux`` wheel. ``freebsd_14_x86_64``,
    ``emscripten_*``, ``pyodide_*`` and ``wasi_*`` have no place, and from macOS 11 on
    the minor version of the tag is 0: ``macosx_11_0_arm64``.
    """
    for tag in _refused_platforms(subject):
        if not is_growing(tag):
            yield f"PyPI takes no wheels with the platform tag {show(tag)}."


def _refused_platforms(subject: Subject) -> list[str]:
    found = known_file_name(subject)
    tags = found.platforms if found and subject.filename.endswith(".whl") else ()
    return [tag for tag in dict.fromkeys(tags) if not is_accepted(tag)]
