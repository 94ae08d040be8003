"""`--format json`: one document for programs, everything else to standard error."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from support import dists
from support.command import Result, Twine, write_program
from support.index import Answer
from support.secrets import LOGIN, PASSWORD, SECRET, USER
from support.storing import StoringIndex


def read(result: Result, *, code: int) -> dict[str, Any]:
    """Return the one document on standard output; its schema has been validated."""
    assert result.code == code, result.text
    assert "Traceback" not in result.text, result.text
    data = json.loads(result.out)
    for file in data["files"]:
        assert (file["error"] is not None) == (file["status"] == "failed")
    assert (data["error"] is None) == (code == 0)
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_json_of_a_success(
    send: Twine, store: StoringIndex, workdir: Path, jobs: str
) -> None:
    """Each file with digest, size and tries; what people read is on stderr."""
    paths = [dists.make_wheel(workdir), dists.make_sdist(workdir)]
    store.answer("/legacy/", Answer(503, "Busy", {"Retry-After": "0"}), times=1)

    result = send("--format", "json", "--jobs", jobs, *(path.name for path in paths))

    data = read(result, code=0)
    assert data["index"] == store.upload_url
    for file, path in zip(data["files"], paths, strict=True):
        assert file["file"] == path.name
        assert file["sha256"] == dists.sha256(path)
        assert file["size"] == path.stat().st_size
        assert file["seconds"] >= 0
    assert [file["status"] for file in data["files"]] == ["uploaded"] * 2
    assert [file["tries"] for file in data["files"]] == [2, 1]
    assert {f["file"]: f["sha256"] for f in data["files"]} == store.stored
    assert "Uploading" in result.err
    assert "Try 2 of 5" in result.err


@pytest.mark.parametrize("keep_going", [False, True])
def test_json_of_a_refusal(
    twine: Twine, store: StoringIndex, workdir: Path, keep_going: bool
) -> None:
    """The server's words and its status are in the document, secrets are not."""
    names = [dists.make_wheel(workdir, "pkg", f"{n}.0").name for n in range(3)]
    message = f"Too odd \u2028 for \x1b[31m{USER}:{PASSWORD}."
    store.answer("/legacy/", Answer.of_json({"message": message}, 400, "No"), times=1)
    url = store.upload_url.replace("://", f"://{USER}:{PASSWORD}@")
    given = ("--format", "json", "--verbose", "--repository-url", url)
    more = ("--keep-going",) if keep_going else ()

    result = twine("upload", *given, *more, *names)

    # The `twine` fixture itself looks for the secret in both streams.
    data = read(result, code=1)
    files = data["files"]
    rest = "uploaded" if keep_going else "not tried"
    assert [file["status"] for file in files] == ["failed", rest, rest]
    assert files[0]["error"]["status"] == 400
    assert files[0]["error"]["type"] == "HTTPError"
    assert "Too odd" in files[0]["error"]["message"]
    assert "\x1b" not in files[0]["error"]["message"]
    assert data["error"] == files[0]["error"]
    assert SECRET not in json.dumps(data)
    assert "@" not in data["index"] or "***" in data["index"]
    assert "ERROR    HTTPError: 400 No" in result.err
    assert "To publish the rest:" in result.err


@pytest.mark.parametrize(
    "args",
    [
        ("broken-1.0.tar.gz",),
        ("--repository", "nowhere", "pkg-1.0-py3-none-any.whl"),
        ("--cert", "missing.pem", "pkg-1.0-py3-none-any.whl"),
        ("--identity", "me", "pkg-1.0-py3-none-any.whl"),
        ("--non-interactive", "--username", "me", "pkg-1.0-py3-none-any.whl"),
    ],
)
def test_json_of_what_is_wrong_before_the_start(
    twine: Twine, wheel: str, broken_sdist: str, args: tuple[str, ...]
) -> None:
    """Whatever stops the command, programs read one valid document."""
    read(twine("upload", "--format", "json", *args), code=1)


@pytest.mark.skipif(os.name == "nt", reason="the signing program is a shell script")
def test_json_with_the_output_of_a_signing_program(
    twine_process: Twine, store: StoringIndex, workdir: Path, wheel: str
) -> None:
    """What it prints is on stderr, and the document stays whole."""
    signer = write_program(workdir / "signer", "echo noise\necho x > $last.asc")
    sign = ("--sign", "--sign-with", signer, "--repository-url", store.upload_url)

    result = twine_process("upload", "--format", "json", *sign, wheel, env=LOGIN)

    assert read(result, code=0)["files"][0]["status"] == "uploaded"
    assert "noise" in result.err
