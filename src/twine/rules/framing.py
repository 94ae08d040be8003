"""Rules on the records of a ZIP archive: every reader must find the same. Pure.

A program that unpacks a ZIP archive while it arrives reads it from its beginning;
most others begin with the central directory at its end. Where the two would find
different members, one archive can show harmless files to a scanner and others to an
installer. Since 2025, PyPI walks over all records and refuses what is not clear.
"""

from __future__ import annotations

from . import packing
from .model import FileRule, Severity
from .packing import fault_rule

_NOT_ACCEPTED = "ZIP archive not accepted: "
_PACK_AGAIN = "Pack the wheel again: `python -m wheel unpack`, then `wheel pack`."
_REPORT = "Build the file again; if that does not help, tell the build tool's makers."


@fault_rule(
    "zip-unknown-record",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Unknown record signature",
    hint=_PACK_AGAIN,
)
def zip_unknown_record() -> None:
    """A ZIP archive consists of nothing but its records, from the first byte on.

    A script in front of the archive, as ``python -m zipapp`` puts it there, fails here,
    and so does padding between members, as alignment tools add it.
    """


@fault_rule(
    "zip-data-descriptor",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "ZIP contains a data descriptor",
    hint="Write the archive to a file, not to a pipe, or pack it again.",
)
def zip_data_descriptor() -> None:
    """The size of a member stands before its data, not behind them.

    Programs that write an archive to a pipe learn the sizes too late and add a *data
    descriptor*: ``zip - folder > my.whl``, for example, or ``zipfile.ZipFile`` with a
    stream that cannot seek.
    """


@fault_rule(
    "zip-member-comment",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Comment in central directory",
    hint=_PACK_AGAIN,
)
def zip_member_comment() -> None:
    """No member of a ZIP archive has a comment.

    ``zipfile.ZipInfo.comment`` and ``zip -c`` set one. A comment on the whole archive
    is allowed.
    """


@fault_rule(
    "zip-trailing-data",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Trailing data",
    hint="Cut the bytes off, or build the file again.",
)
def zip_trailing_data() -> None:
    """Nothing follows the end of a ZIP archive.

    ``echo >> my.whl`` is enough. Signatures belong into a file of their own.
    """


@fault_rule(
    "zip-malformed",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Malformed zip file",
    hint=_REPORT,
)
def zip_malformed() -> None:
    """The records of a ZIP archive are complete and make sense.

    A header that ends too early, extra fields longer than the room for them, or a
    comment that is cut are signs of a damaged file or of a faulty program.
    """


@fault_rule(
    "zip64-malformed",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Malformed zip file",
    hint=_REPORT,
)
def zip64_malformed() -> None:
    """The ZIP64 records, for large archives, are complete and make sense.

    A ZIP64 end record is followed by its locator, which points to it; the ZIP64 field
    of a member has 0, 8, 16, 24 or 28 bytes, holds both sizes if the member is
    compressed, and is there when the header says that it is needed.
    """


@fault_rule(
    "zip64-extensible-data",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "ZIP64 extensible data not allowed",
    hint=_PACK_AGAIN,
)
def zip64_extensible_data() -> None:
    """The ZIP64 end record carries no further data.

    Its size field says 44. A larger number stands for data of which most programs do
    not know that they are there.
    """


@fault_rule(
    "zip-negative-offset",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Negative offset",
    hint=_REPORT,
)
def zip_negative_offset() -> None:
    """The central directory begins within the file.

    It is said to be longer than everything in front of its end.
    """


@fault_rule(
    "zip-duplicate-name",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Duplicate filename",
    hint="Find out why the build packs the file twice.",
)
def zip_duplicate_name() -> None:
    """No two members of a ZIP archive have the same name.

    ``zipfile.ZipFile.writestr`` called twice with one name only warns. Which of the two
    gets installed depends on the program. PyPI mostly says that sizes do not match.
    Names that differ in case only are allowed.
    """


@fault_rule(
    "zip-missing-member",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Missing filename in local headers",
    hint=_REPORT,
)
def zip_missing_member() -> None:
    """Every member that the central directory has is in the archive.

    Two entries of the directory that share the data of one member fail here.
    """


@fault_rule(
    "zip-unlisted-member",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Filename not in central directory",
    hint=_PACK_AGAIN,
)
def zip_unlisted_member() -> None:
    """Every member of a ZIP archive is in its central directory.

    A program that deletes members by rewriting the directory alone leaves their data
    behind, for others to find.
    """


@fault_rule(
    "zip-header-mismatch",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Mis-matched local headers and central directory",
    hint=_REPORT,
)
def zip_header_mismatch() -> None:
    """The central directory points to where its members are.

    One that points elsewhere, into the data of another member for example, can show
    different content to different programs.
    """


@fault_rule(
    "zip-size-mismatch",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Mis-matched data size",
    hint=_REPORT,
)
def zip_size_mismatch() -> None:
    """A member has one size, in its own header and in the central directory.

    PyPI says *data size* for the compressed one and *file size* for the other.
    """


@fault_rule(
    "zip-directory-mismatch",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Mismatched central directory",
    hint=_REPORT,
)
def zip_directory_mismatch() -> None:
    """The end of a ZIP archive says correctly where its central directory is.

    The number of members, the directory's size and its offset all match. Tools that
    put something in front of an archive, or cut it, break the offset.
    """


@fault_rule(
    "zip-member-name",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Invalid character in filename",
    hint="Rename the file, or pack it with a program that writes UTF-8.",
)
def zip_member_name() -> None:
    """Names in a ZIP archive are UTF-8, say so, and have no control characters.

    A name beyond ASCII needs the flag that stands for UTF-8, else it is read as code
    page 437, and PyPI does not find it in the central directory. Line breaks, zero
    bytes and the like are refused in the names and in the *Unicode path* extra field.
    """


@fault_rule(
    "zip-duplicate-extra",
    Severity.ERROR,
    gist=_NOT_ACCEPTED + "Invalid duplicate extra in local file",
    hint=_REPORT,
)
def zip_duplicate_extra() -> None:
    """A member has at most one ZIP64 field and one Unicode path.

    Of two, one program takes the first and another the last.
    """


RULES: tuple[FileRule, ...] = (
    *packing.RULES,
    zip_unknown_record,
    zip_data_descriptor,
    zip_member_comment,
    zip_trailing_data,
    zip_malformed,
    zip64_malformed,
    zip64_extensible_data,
    zip_negative_offset,
    zip_duplicate_name,
    zip_missing_member,
    zip_unlisted_member,
    zip_header_mismatch,
    zip_size_mismatch,
    zip_directory_mismatch,
    zip_member_name,
    zip_duplicate_extra,
)
