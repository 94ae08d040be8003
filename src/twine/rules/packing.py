"""Rules on how an archive is built, and whether all of it can be read. Pure.

What is wrong is found while an archive is read (:mod:`twine.archives`); this table
says how bad that is, why, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import links
from .model import Severity, Subject, file_rule

_BUILD_AGAIN = "Build the file again with a current build tool."
_PACK_AGAIN = "Pack the wheel again: `python -m wheel unpack`, then `wheel pack`."


def _fault_rule(
    name: str,
    text: str,
    *,
    pypi_message: str = "",
    hint: str = _BUILD_AGAIN,
    severity: Severity = Severity.ERROR,
) -> None:
    """Make a rule that reports the faults of its name which reading has found.

    See :class:`~twine.rules.model.Rule` for the arguments; the text is summary and
    explanation.
    """

    def check(subject: Subject) -> Iterator[str]:
        for fault in subject.archive.faults:
            if fault.rule == name:
                yield fault.detail

    check.__name__, check.__doc__ = name, text
    file_rule(
        severity=severity, pypi_message=pypi_message, hint=hint, link=links.ARCHIVES
    )(check)


_fault_rule(
    "not-a-zip",
    """A wheel is a ZIP archive.

    A wheel that was cut short while it was copied or downloaded fails here, because
    the record at its end is missing; so does a file of another kind that was
    renamed to ``.whl``.
    """,
    pypi_message="File is not a zipfile",
)
_fault_rule(
    "not-a-tar",
    """An sdist is a tar archive compressed with gzip.

    A tar archive that is compressed with bzip2 or xz, or not at all, does not
    become a ``.tar.gz`` by its name. Some download tools unpack the gzip on the
    way.
    """,
    pypi_message="File is not a tarfile",
)
_fault_rule(
    "zip-framing",
    # Refused since August 2025:
    # https://blog.pypi.org/posts/2025-08-07-wheel-archive-confusion-attacks/
    """The records of a ZIP archive say the same to every reader.

    A program that unpacks an archive while it arrives reads it from its beginning;
    most others begin with the central directory at its end. PyPI refuses an archive
    in which they could find different members, and each finding begins with what
    PyPI says: ``Unknown record signature`` for a script in front of the archive, as
    ``python -m zipapp`` puts it there, or for padding between members; ``ZIP
    contains a data descriptor`` for an archive that was written to a pipe, as with
    ``zip - folder > my.whl``; ``Comment in central directory`` for
    ``zipfile.ZipInfo.comment`` and ``zip -c``; ``Filename not in central
    directory`` for a member that was deleted by rewriting the directory alone, and
    for names beyond ASCII without the flag that says UTF-8; ``Duplicate filename``
    for ``zipfile.ZipFile.writestr`` called twice with one name, which only warns;
    ``Trailing data`` for what follows the end (``echo >> my.whl`` is enough);
    ``Mis-matched data size`` and ``Malformed zip file`` for damaged files and faulty
    programs.
    """,
    pypi_message="ZIP archive not accepted: ",
    hint=_PACK_AGAIN,
)
_fault_rule(
    "zip-bomb",
    """A wheel unpacks to at most 64 MiB, or to at most 50 times its size.

    A wheel of 2 MB with a file of 120 MB of zeros fails; with one of 60 MB it
    passes.
    """,
    pypi_message="File exceeds compression ratio of 50",
    hint="Leave large files of zeros and the like out, or make them at run time.",
)
_fault_rule(
    "zip-compression",
    # `bz2` and `lzma` are optional when CPython is built.
    """Every member of a ZIP archive is stored, or compressed with deflate.

    Python can write bzip2 and LZMA as well, with ``zipfile.ZIP_LZMA`` for example,
    and newer versions Zstandard; many installers cannot read them.
    """,
    pypi_message="File does not use a supported compression type",
    hint="Pack the wheel again, with `python -m wheel pack` for example.",
)
_fault_rule(
    "tar-sparse",
    # PyPI refuses them since August 2026.
    """No member of an sdist is sparse.

    ``tar --sparse``, and some programs without being asked, leave out the holes of
    files, in ways that not every program can read.
    """,
    pypi_message="tar archive not accepted: Sparse members are not allowed.",
    hint="Build the sdist with `python -m build --sdist`, or tar without `--sparse`.",
)
_fault_rule(
    "tar-damaged",
    """An sdist can be unpacked to its end.

    It ends before its last member does, or its compressed data or a header in the tar
    archive make no sense. Usually it was cut short or damaged while it was copied, in
    text mode for example, or the disk was full.
    """,
    pypi_message="Invalid distribution file. None",
)
_fault_rule(
    "not-checked",
    # The limits are those of `archives`: `contents`, `zip`, `tar` and `tar_guard`.
    """What is in an archive is not unusually large.

    A wheel's central directory has at most 4 MiB, room for some 40,000 members; its
    ``METADATA`` and ``RECORD`` have at most 4 MiB, ``WHEEL`` and ``entry_points.txt``
    64 KiB. An sdist has at most 100,000 members, with names of 6 MiB in all and 1 MiB
    for the header of each, and unpacks to at most 1 GiB. PyPI has no such limits; but
    what is larger was not checked, so that it may be refused. Of nearly all archives of
    this kind somebody forgot to leave out a cache or test data.
    """,
    hint="Make sure that the file is what you want to publish.",
    severity=Severity.WARNING,
)
