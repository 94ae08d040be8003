"""Distributions as the rules see them: forms made by hand, archives that are real."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from twine import archives, rules
from twine.archives.model import Archive
from twine.check import subject as subjects
from twine.form.core_metadata import parse_metadata
from twine.form.fields import BY_FORM_NAME
from twine.rules.model import Severity, Subject

FORM = {
    "metadata_version": "2.5",
    "name": "tool",
    "version": "1.0",
    "summary": "A tool.",
    "description": "A few words.\n",
    "description_content_type": "text/x-rst",
}
Values = str | Sequence[str] | None
Maker = Callable[[Path], Subject]
INFO = "tool-1.0.dist-info"
WHEEL = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def make_form(**fields: Values) -> tuple[tuple[str, str], ...]:
    """Return a form that breaks no rule, but for some fields.

    Args:
        fields: Values under the form's names; None leaves a field out
    """
    form: list[tuple[str, str]] = []
    whole: dict[str, Values] = {**FORM, **fields}
    for name, values in whole.items():
        if isinstance(values, str):
            form.append((name, values))
        else:
            form += [(name, value) for value in values or ()]
    return tuple(form)


def make_metadata(form: Iterable[tuple[str, str]]) -> bytes:
    """Return the metadata file that makes a form, except for its description."""
    lines = []
    for name, value in form:
        if name != "description":
            folded = value.replace("\n", "\n        ")
            lines.append(f"{BY_FORM_NAME[name].header}: {folded}\n")
    return "".join(lines).encode()


def make_subject(**fields: Values) -> Subject:
    """Return a wheel that breaks no rule, but for some fields of its form."""
    filename = "tool-1.0-py3-none-any.whl"
    form = make_form(**fields)
    subject = Subject(
        path=f"dist/{filename}",
        filename=filename,
        filetype="bdist_wheel",
        size=2048,
        form=form,
        archive=wheel_archive(filename),
        faults=parse_metadata(make_metadata(form)).faults,
    )
    (rendered,) = subjects.read_subjects(lambda one: one, [subject])
    return rendered


def wheel_archive(filename: str) -> Archive:
    """Return what a wheel of this name would hold."""
    project, version = [*filename.split("-"), ""][:2]
    info = f"{project}-{version}.dist-info"
    names = ("tool.py", f"{info}/METADATA", f"{info}/WHEEL", f"{info}/RECORD")
    tag = "-".join(filename.removesuffix(".whl").split("-")[-3:])
    record = "".join(f"{name},,\n" for name in names).encode()
    texts = {
        f"{info}/METADATA": b"Metadata-Version: 2.1\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nTag: {tag}\n".encode(),
        f"{info}/RECORD": record,
    }
    return Archive(kind="zip", names=names, texts=texts)


def named(filename: str, **fields: Values) -> Subject:
    """Return a distribution of another name, whose content agrees with it."""
    if filename.endswith(".whl"):
        archive = wheel_archive(filename)
        return dataclasses.replace(
            make_subject(**fields),
            path=f"dist/{filename}",
            filename=filename,
            archive=archive,
        )
    top = filename.removesuffix(".tar.gz")
    names = (f"{top}/PKG-INFO", f"{top}/pyproject.toml")
    return dataclasses.replace(
        make_subject(**fields),
        path=f"dist/{filename}",
        filename=filename,
        filetype="sdist",
        archive=Archive(kind="tar", names=names, top=top),
    )


def read_subject(path: Path, **fields: Values) -> Subject:
    """Return a real file, with a form made by hand."""
    filetype = "bdist_wheel" if path.name.endswith(".whl") else "sdist"
    return Subject(
        path=str(path),
        filename=path.name,
        filetype=filetype,
        size=path.stat().st_size,
        form=make_form(**fields),
        archive=archives.read_archive(str(path), filetype).archive,
        sha256=lambda: hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def change_wheel(
    path: Path,
    members: Mapping[str, bytes | None],
    *,
    keep_record: bool = False,
) -> Path:
    """Write a wheel anew with other members; None removes one.

    Args:
        path: the wheel
        members: the content of members that are added, changed or removed
        keep_record: whether RECORD stays as it is; otherwise it is written anew
    """
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    record = next(name for name in files if name.endswith("/RECORD"))
    for name, data in members.items():
        files.pop(name, None)
        if data is not None:
            files[name] = data
    if record not in members and not keep_record:
        files[record] = "".join(f"{name},,\n" for name in files).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return path


def write_sdist(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write an sdist that has just these members, by their whole paths."""
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def found_by(
    subject: Subject, severities: Collection[Severity] = tuple(Severity)
) -> list[str]:
    """Return the rules that find something in a distribution, by their names.

    Args:
        subject: the distribution
        severities: those that count
    """
    found = rules.check_file(subject)
    return sorted({one.rule for one in found if one.severity in severities})


def messages(subject: Subject, rule: str) -> list[str]:
    """Return what one rule says of a distribution."""
    return [one.message for one in rules.check_file(subject) if one.rule == rule]


def assert_breaks_only(subject: Subject, rule: str) -> None:
    """Assert that a distribution breaks a rule, and no other that is an error."""
    assert rule in found_by(subject)
    assert set(found_by(subject, [Severity.ERROR])) <= {rule}
    for finding in rules.check_file(subject):
        if finding.rule == rule:
            assert finding.path == subject.path
            assert finding.message.endswith(".")
            assert "\n" not in finding.message


def assert_passes(subject: Subject, rule: str) -> None:
    """Assert that a distribution does not break a rule, and no error at all."""
    assert rule not in found_by(subject)
    assert found_by(subject, [Severity.ERROR]) == []


def with_fields(**fields: Values) -> Maker:
    """Return what makes a wheel with other fields in its form."""
    return lambda folder: make_subject(**fields)


def with_name(filename: str, **fields: Values) -> Maker:
    """Return what makes a distribution of another name."""
    return lambda folder: named(filename, **fields)
