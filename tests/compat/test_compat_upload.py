"""Uploads end as with the PyPA's twine: same requests, same lines, same errors."""

import json
from pathlib import Path

import pytest

from compat.sides import (
    LOGIN,
    SDIST,
    TO,
    WHEEL,
    Scenario,
    Sides,
    file_with,
    make_both,
    upload,
    wheel_with,
)
from support.command import write_program
from support.dists import make_sdist, make_wheel, make_zip_sdist, metadata_text
from support.index import Answer, ScriptedIndex

ATTESTATION = f"{WHEEL}.publish.attestation"
BUILT = f"{WHEEL}.build.attestation"
SIGN = ("-s", "--sign-with", "./signer")


def _signed(folder: Path) -> None:
    make_wheel(folder)
    (folder / "sub").mkdir()
    for path in (folder / f"{WHEEL}.asc", folder / "sub" / f"{WHEEL}.asc"):
        path.write_bytes(b"SIGNATURE")
    (folder / "other.whl.asc").touch()


def _attested(folder: Path) -> None:
    make_wheel(folder)
    (folder / "at").mkdir()
    for name in (ATTESTATION, BUILT, f"at/{ATTESTATION}"):
        (folder / name).write_text(json.dumps({"version": 1, "name": name}))
    for name in ("other.zip.x.attestation", f"{WHEEL}.broken.attestation"):
        (folder / name).write_text("{ no JSON")


def _with_signer(folder: Path) -> None:
    make_wheel(folder)
    script = 'echo "$@" > "$last.asc"\necho "$@" | wc -w >> "$last.asc"'
    write_program(folder / "signer", script)


def _second_invalid(folder: Path) -> None:
    make_wheel(folder)
    make_sdist(folder, metadata=metadata_text(extra="Requires-Dist: a b\n"))


UPLOADED = {
    "a wheel": upload(),
    "an sdist": upload(SDIST, files=make_sdist),
    "a zip sdist": upload("pkg-1.0.zip", files=make_zip_sdist),
    "a folder's pattern": upload("dist/*", files=lambda f: make_wheel(f / "dist")),
    "a platform wheel": upload(
        "pkg-1.0-cp313-cp313-win_amd64.whl",
        files=lambda folder: make_wheel(folder, tag="cp313-cp313-win_amd64"),
    ),
    "a large wheel": upload(
        files=lambda folder: make_wheel(folder, payload=bytes(range(256)) * 8192)
    ),
    "a comment": upload("-c", "schöner Kessel", WHEEL),
    "a signature": upload(f"{WHEEL}.asc", WHEEL, files=_signed),
    "a signature in another folder": upload(WHEEL, "sub/*", files=_signed),
    "a signature of another file": upload(WHEEL, "other.whl.asc", files=_signed),
    "signing": upload(*SIGN, WHEEL, files=_with_signer),
    "signing as somebody": upload(*SIGN, "-i", "me", WHEEL, files=_with_signer),
    "a signature beats signing": upload(*SIGN, WHEEL, f"{WHEEL}.asc", files=_signed),
    "attestations": upload(
        "--attestations", WHEEL, ATTESTATION, BUILT, files=_attested
    ),
    "attestations elsewhere": upload(
        "--attestations", WHEEL, "at/*", f"./{BUILT}", files=_attested
    ),
    "an attestation of nobody": upload(
        "--attestations", WHEEL, ATTESTATION, "other.zip.x.attestation", files=_attested
    ),
    "attestations not asked for": upload(WHEEL, ATTESTATION, files=_attested),
    "abbreviated options": Scenario(
        argv=("upload", "--disable", "--repository-u", "{url}/legacy/", *LOGIN, WHEEL)
    ),
}


@pytest.mark.parametrize("scenario", UPLOADED.values(), ids=UPLOADED)
def test_uploaded(scenario: Scenario, sides: Sides) -> None:
    """The index gets the same forms and files, and the user sees the same lines."""
    assert sides.assert_same(scenario).ending == (0, None, 1)


NOTHING_SENT = {
    "nothing by that name": upload("absent.whl"),
    "a pattern without files": upload("absent*"),
    "signatures alone": upload(f"{WHEEL}.asc", files=_signed),
    "an identity without signing": upload("-i", "me", WHEEL),
    "no such signer": upload("-s", "--sign-with", "nobody", WHEEL),
    "attestations missing": upload("--attestations", WHEEL),
    "a broken attestation": upload(
        "--attestations", WHEEL, f"{WHEEL}.broken.attestation", files=_attested
    ),
    "an egg": upload("pkg.egg", files=file_with("pkg.egg")),
    "an invalid second file": upload(WHEEL, SDIST, files=_second_invalid),
    "metadata of the future": upload(
        files=wheel_with(metadata_text(metadata_version="9.9"))
    ),
    "no scheme": upload("--repository-url", "{address}/legacy/", WHEEL),
    "another scheme": upload("--repository-url", "ftp://{address}/legacy/", WHEEL),
    "a host of old": upload("--repository-url", "https://pypi.python.org/pypi", WHEEL),
    "register of an absent file": Scenario(
        argv=("register", *TO[1:], *LOGIN, "absent.whl")
    ),
}


@pytest.mark.parametrize("scenario", NOTHING_SENT.values(), ids=NOTHING_SENT)
def test_nothing_is_sent_after_a_mistake(scenario: Scenario, sides: Sides) -> None:
    """The same error is named, and nothing is sent."""
    done = sides.assert_same(scenario)
    assert done.code == 1
    assert done.error
    assert done.requests == ()


_MOVED = {"Location": "https://other.example/legacy/"}
_DOWN = Answer(503, "Down")
# Nothing tells where an index with such a URL could be asked what it has; one that can
# be asked is asked by ours before each further try, and after a 409.
_MUTE = ("--repository-url", "{url}/mute/", WHEEL)
_TWO = (SDIST, WHEEL)
REFUSED = (1, "HTTPError", 1)
ANSWERED: dict[str, tuple[tuple[str, ...], list[Answer], object]] = {
    "201": (_TWO, [Answer(201, "Created")], (0, None, 2)),
    "204": (_TWO, [Answer(204, "No Content")], (0, None, 2)),
    "301": (_TWO, [Answer(301, "Moved", _MOVED)], (1, "RedirectDetected", 1)),
    "308": (_TWO, [Answer(308, "Moved", _MOVED)], (1, "RedirectDetected", 1)),
    "302 within": (
        _TWO,
        [Answer(302, "Found", {"Location": "/elsewhere/"})],
        (1, "RedirectDetected", 1),
    ),
    "400": (_TWO, [Answer(400, "Bad Request", body=b"Invalid version")], REFUSED),
    "401": (_TWO, [Answer(401, "Unauthorized")], REFUSED),
    "404": (_TWO, [Answer(404, "Not Found")], REFUSED),
    "409": (_MUTE, [Answer(409, "Conflict")], REFUSED),
    "499": (_TWO, [Answer(499, "Client Closed Request")], REFUSED),
    "403 for the second file": (
        _TWO,
        [Answer(), Answer(403, "Forbidden")],
        (1, "HTTPError", 2),
    ),
    "500 once": (_MUTE, [Answer(500, "Down"), Answer()], (0, None, 2)),
    "503 twice": (_MUTE, [_DOWN, _DOWN, Answer()], (0, None, 3)),
    "503 for ever": (_MUTE, [_DOWN], (1, "HTTPError", 5)),
}


@pytest.mark.parametrize(
    ("arguments", "answers", "ending"), ANSWERED.values(), ids=ANSWERED
)
def test_answers_of_the_index(
    arguments: tuple[str, ...], answers: list[Answer], ending: object, sides: Sides
) -> None:
    """Each answer, the last one for ever, ends the run alike, at the same file."""

    def answer_in_turn(index: ScriptedIndex) -> None:
        *first, last = answers
        for answer in first:
            index.answer(lambda request: request.method == "POST", answer, times=1)
        index.answer(lambda request: request.method == "POST", last)

    scenario = upload(*arguments, files=make_both, script=answer_in_turn)
    assert sides.assert_same(scenario).ending == ending


@pytest.mark.parametrize("status", [400, 404, 500])
def test_register_refused(status: int, sides: Sides) -> None:
    """A refusal ends the run with the same error, after one request."""
    done = sides.assert_same(
        Scenario(
            argv=("register", *TO[1:], *LOGIN, WHEEL),
            script=lambda index: index.answer("/legacy/", Answer(status, "No")),
        )
    )
    assert done.ending == REFUSED
