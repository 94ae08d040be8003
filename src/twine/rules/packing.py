"""Rules on what kind of archive a file is, and whether all of it can be read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .model import FileRule, Severity, Subject, rule

ARCHIVES = "https://docs.pypi.org/archives/"
_SDIST = "https://packaging.python.org/specifications/source-distribution-format/"
_BUILD_AGAIN = "Build the file again with a current build tool."
_LOOK_YOURSELF = "Make sure that the file is what you want to publish."


def fault_rule(
    name: str,
    severity: Severity,
    *,
    gist: str = "",
    hint: str = _BUILD_AGAIN,
    link: str = ARCHIVES,
) -> Callable[[Callable[[], None]], FileRule]:
    """Make a rule that reports the faults of its name which reading has found.

    The decorated function does nothing; its docstring is summary and explanation.

    Args:
        name: See :class:`~twine.rules.model.Rule`, for this and the others.
        severity: See there.
        gist: See there.
        hint: See there.
        link: See there.
    """

    def make(text: Callable[[], None]) -> FileRule:
        def check(subject: Subject) -> Iterator[str]:
            for fault in subject.archive.faults:
                if fault.rule == name:
                    yield fault.detail

        check.__doc__ = text.__doc__
        return rule(name, severity, gist=gist, hint=hint, link=link)(check)

    return make


@fault_rule("not-a-zip", Severity.ERROR, gist="File is not a zipfile")
def not_a_zip() -> None:
    """A wheel is a ZIP archive.

    A wheel that was cut short while it was copied or downloaded fails here, because
    the record at its end is missing; so does a file of another kind that was renamed
    to ``.whl``.
    """


@fault_rule("not-a-tar", Severity.ERROR, gist="File is not a tarfile")
def not_a_tar() -> None:
    """An sdist is a tar archive compressed with gzip.

    A tar archive that is compressed with bzip2 or xz, or not at all, does not become a
    ``.tar.gz`` by its name. Some download tools unpack the gzip on the way.
    """


@fault_rule(
    "zip-and-tar",
    Severity.ERROR,
    gist="File is both a zip and a tar file",
)
def zip_and_tar() -> None:
    """A file is a ZIP archive or a tar archive, not both.

    ``cat sdist.tar.gz wheel.whl > both`` makes a file that one program reads from its
    beginning as a tar archive and another from its end as a ZIP archive, with different
    content.
    """


@fault_rule("empty-archive", Severity.ERROR, gist="Invalid distribution file.")
def empty_archive() -> None:
    """An archive has members.

    A ``.whl`` or ``.tar.gz`` without any comes of a build that failed halfway.
    """


@fault_rule(
    "zip-bomb",
    Severity.ERROR,
    gist="File exceeds compression ratio of 50",
    hint="Leave large files of zeros and the like out, or make them at run time.",
)
def zip_bomb() -> None:
    """A wheel unpacks to no more than 64 MiB, or to no more than 50 times its size.

    A wheel of 2 MB with a file of 120 MB of zeros fails; with one of 60 MB it passes.
    """


@fault_rule(
    "zip-compression",
    Severity.ERROR,
    gist="File does not use a supported compression type",
    hint="Pack the wheel again, with `python -m wheel pack` for example.",
)
def zip_compression() -> None:
    """Every member of a ZIP archive is stored, or compressed with deflate.

    Python can write bzip2 and LZMA as well, with ``zipfile.ZIP_LZMA`` for example, and
    newer versions Zstandard; many installers cannot read them.
    """


@fault_rule(
    "zip-encrypted",
    Severity.ERROR,
    gist="Internal Server Error",
    hint="Pack the file without a password.",
)
def zip_encrypted() -> None:
    """No source or licence file in a ZIP archive is encrypted.

    PyPI reads ``.py`` files and licence files; one that asks for a password makes its
    server fail with an error that says nothing about the reason.
    """


@fault_rule(
    "zip-encrypted-data",
    Severity.WARNING,
    hint="Pack the file without a password.",
)
def zip_encrypted_data() -> None:
    """No member of a ZIP archive is encrypted.

    PyPI does not look into every file, but no installer can unpack a wheel of which
    one file asks for a password.
    """


@fault_rule(
    "zip-damaged-member", Severity.ERROR, gist="Invalid distribution file. None"
)
def zip_damaged_member() -> None:
    """Source and licence files in a ZIP archive can be unpacked.

    PyPI reads ``.py`` files of up to 5 MiB and licence files. A wrong checksum or
    broken compressed data make it refuse the file, or its server fail. Usually the
    file was damaged while it was copied.
    """


@fault_rule(
    "tar-sparse",
    Severity.ERROR,
    gist="tar archive not accepted: Sparse members are not allowed.",
    hint="Build the sdist with `python -m build --sdist`, or tar without `--sparse`.",
)
def tar_sparse() -> None:
    """No member of an sdist is sparse.

    ``tar --sparse``, and some programs without being asked, leave out the holes of
    files, in ways that not every program can read.
    """


@fault_rule("tar-truncated", Severity.ERROR, gist="Invalid distribution file. None")
def tar_truncated() -> None:
    """An sdist is complete.

    It ends before its last member does. Usually it was cut short while it was copied,
    or the disk was full.
    """


@fault_rule("tar-damaged", Severity.ERROR, gist="Invalid distribution file. None")
def tar_damaged() -> None:
    """An sdist can be unpacked to its end.

    Its compressed data, or a header in the tar archive, make no sense. Usually it was
    damaged while it was copied: in text mode, for example.
    """


@fault_rule(
    "sdist-stray-folder",
    Severity.ERROR,
    gist="Incorrect number of top-level directories in sdist",
    hint="Build the sdist with `python -m build --sdist`.",
    link=_SDIST,
)
def sdist_stray_folder() -> None:
    """All folders in an sdist lie in its one top folder, empty ones too.

    ``tar czf my_tool-1.0.tar.gz my_tool-1.0 docs`` fails even if ``docs`` is empty; so
    does an entry for ``.``, the folder in which the top folder lies.
    """


@fault_rule(
    "sdist-lone-file",
    Severity.ERROR,
    gist="PKG-INFO not found at",
    hint="Build the sdist with `python -m build --sdist`.",
    link=_SDIST,
)
def sdist_lone_file() -> None:
    """An sdist with a single file has an entry for its folder.

    From ``my_tool-1.0/PKG-INFO`` alone, PyPI cannot tell that ``my_tool-1.0`` is the
    top folder. Such an sdist has no source either.
    """


@fault_rule("too-many-members", Severity.WARNING, hint=_LOOK_YOURSELF)
def too_many_members() -> None:
    """An archive has at most 100,000 members, with names of 6 MiB in all.

    PyPI has no such limit; but what is in a larger archive was not checked, so that it
    may be refused. Of nearly all archives of this kind somebody forgot to leave out a
    cache or test data.
    """


@fault_rule("tar-too-large", Severity.WARNING, hint=_LOOK_YOURSELF)
def tar_too_large() -> None:
    """An sdist unpacks to at most 1 GiB.

    PyPI has no such limit; but what is in a larger one was not checked, so that it may
    be refused.
    """


@fault_rule("member-too-large", Severity.WARNING, hint=_LOOK_YOURSELF)
def member_too_large() -> None:
    """The metadata files in an archive are not unusually large.

    ``METADATA`` and ``RECORD`` in a wheel and ``PKG-INFO`` in an sdist have at most
    8 MiB, ``WHEEL`` and ``entry_points.txt`` at most 1 MiB. PyPI has no such limit; but
    what is in a larger one was not checked.
    """


@fault_rule("source-not-searched", Severity.NOTE, hint=_LOOK_YOURSELF)
def source_not_searched() -> None:
    """All Python source in a ZIP archive can be searched for encrypted source.

    The search is left unfinished when it would take longer than everything else. PyPI
    searches every file of up to 5 MiB.
    """


RULES: tuple[FileRule, ...] = (
    not_a_zip,
    not_a_tar,
    zip_and_tar,
    empty_archive,
    zip_bomb,
    zip_compression,
    zip_encrypted,
    zip_encrypted_data,
    zip_damaged_member,
    tar_sparse,
    tar_truncated,
    tar_damaged,
    sdist_stray_folder,
    sdist_lone_file,
    too_many_members,
    tar_too_large,
    member_too_large,
    source_not_searched,
)
