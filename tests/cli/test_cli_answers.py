"""What the index answers, and what the user is told of it."""

from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, Fault, ScriptedIndex

LEGACY = "/legacy/"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_has_many_numbers(
    upload: Twine, index: ScriptedIndex, wheel: str, status: int
) -> None:
    """Every 2xx means that the file is there."""
    index.answer(LEGACY, Answer(status, "Fine"))
    said = upload(wheel).success()
    assert f"Uploading distributions to {index.upload_url}\n" in said
    assert f"Uploading {wheel}\n" in said
    assert len(index.uploads) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 422, 451, 499])
def test_a_refusal_is_told_and_not_repeated(
    upload: Twine, index: ScriptedIndex, wheel: str, sdist: str, status: int
) -> None:
    """A 4xx ends the run: status, reason, the server's words; nothing after it."""
    body = b"the words of the server"
    index.answer(LEGACY, Answer(status, "The Reason", body=body))
    said = upload(wheel, sdist).failure("HTTPError")
    assert f"{status} The Reason" in said
    assert "the words of the server" in said
    assert [request.files["content"][0] for request in index.uploads] == [wheel]


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("application/json", b'{"message": "too  many\\ncooks"}', "too many cooks"),
        ("application/json", b'{"error": "no such thing"}', "no such thing"),
        ("application/json", b'{"code": "400 Bad name here"}', "Bad name here"),
        ("application/json", b'{"errors": [{"message": "deep"}]}', "deep"),
        (
            "application/problem+json",
            b'{"title": "Quota", "detail": "Ask for more space"}',
            "Ask for more space",
        ),
        ("text/plain; charset=utf-8", "Größe überschritten".encode(), "Größe"),
        (
            "text/html",
            b"<style>p{x}</style><body><h1>No &amp; never</h1><p>because</p>",
            "No & never",
        ),
    ],
    ids=["message", "error", "code", "errors", "problem", "plain", "html"],
)
def test_the_reason_is_boiled_down(
    upload: Twine, index: ScriptedIndex, wheel: str, kind: str, body: bytes, words: str
) -> None:
    """JSON, problem+json, HTML and plain text are all reduced to their sentence."""
    headers = {"Content-Type": kind}
    index.answer(LEGACY, Answer(400, "Bad Request", headers, body))
    said = upload(wheel).failure("HTTPError")
    assert words in said
    assert "{" not in said
    assert "<" not in said


def test_the_reason_phrase_of_pypi_is_shown(
    publish: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """PyPI's own status line is not lost."""
    reason = "Invalid value for classifiers. Error: 'Nope' is not a valid classifier."
    pypi.answer(LEGACY, Answer(400, reason))
    assert reason in publish(wheel).failure("HTTPError")


def test_the_servers_words_cannot_play_with_the_screen(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """Control characters are removed, and brackets are only brackets."""
    body = b"\x1b[2J\x07now \x00[bold]not bold[/bold] :smile:\x1b[0m"
    index.answer("/legacy/", Answer(400, "B\x1bad\x08", {}, body))
    said = upload(wheel).failure("HTTPError")
    assert "now" in said
    assert "[bold]not bold[/bold] :smile:" in said
    assert [char for char in said if not char.isprintable() and char != "\n"] == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, "Bad", {"Content-Type": "application/json"}, b"{broken"),
        Answer(400, "Bad", {"Content-Type": "application/json"}, b"[[[[1]]]]"),
        Answer(400, "Bad", {"Content-Type": "text/html"}, b"<<<<p>&#xffffffff;<"),
        Answer(400, "Bad", {"Content-Type": "text/plain; charset=nope"}, b"\xff"),
        Answer(400, "Bad", {"Content-Encoding": "gzip"}, b"not gzip"),
        Answer(400, "Bad", {"Content-Type": ";;;"}, b"\x00" * 100),
        Answer(400, "", {}, b""),
        Answer(400, "Bad", {}, b"x" * 3_000_000),
        Answer(400, "B\xe4d", {}, b""),
        Answer(400, "Bad", {}, b"in pieces", chunked=True),
    ],
    ids=[
        "broken JSON",
        "nested JSON",
        "broken HTML",
        "unknown charset",
        "not gzip",
        "binary",
        "nothing at all",
        "endless",
        "Latin-1 reason",
        "chunked",
    ],
)
def test_a_body_that_is_not_what_it_claims_is_still_a_refusal(
    upload: Twine, index: ScriptedIndex, wheel: str, answer: Answer
) -> None:
    """Whatever the body is, the failure is the refusal, in a few lines."""
    index.answer(LEGACY, answer)
    assert len(upload(wheel).failure()) < 5_000


def test_an_answer_before_the_end_of_the_body_is_heard(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """A server that refuses early is quoted, though it reads no further."""
    refusal = Answer(413, "Too Large", body=b"10 MB at most", fault=Fault.EARLY)
    index.answer(LEGACY, refusal)
    large = dists.make_wheel(workdir, payload=b"x" * 20_000_000).name
    said = upload(large).failure("HTTPError")
    assert "413 Too Large" in said
    assert "10 MB at most" in said


def test_a_connection_cut_within_the_body_is_one_error(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """A server that answers and cuts the line may not be heard, but is no crash."""
    index.answer(LEGACY, Answer(413, "Too Large", fault=Fault.EARLY_RESET))
    large = dists.make_wheel(workdir, payload=b"x" * 20_000_000).name
    upload(large, timeout=150).failure("(HTTPError|ConnectionError)")


@pytest.mark.parametrize(
    "url",
    ["https://pypi.org/", "https://pypi.org/legacy/?x=1", "https://pypi.org/pypi"],
)
def test_the_wrong_url_of_pypi_is_told_with_the_right_ones(
    publish: Twine, pypi: FakePyPI, wheel: str, url: str
) -> None:
    """405 from pypi.org means that uploads go elsewhere."""
    pypi.answer(lambda request: True, Answer(405, "Method Not Allowed"))
    given = ("--repository-url", url, "-u", "__token__")
    said = publish(*given, wheel).failure("InvalidPyPIUploadURL")
    assert "https://upload.pypi.org/legacy/" in said
    assert "https://test.pypi.org/legacy/" in said


def test_an_old_host_that_is_gone_is_told_with_the_right_urls(
    publish: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """410 from a host under pypi.python.org means that PyPI has moved."""
    url = "https://upload.pypi.python.org/legacy/"
    pypi.answer(url, Answer(410, "Gone"))
    given = ("--repository-url", url, "-u", "__token__")
    said = publish(*given, wheel).failure("UploadToDeprecatedPyPIDetected")
    assert "https://upload.pypi.org/legacy/" in said
    assert "https://test.pypi.org/legacy/" in said


def test_405_from_another_host_is_a_plain_refusal(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """Only pypi.org is told about PyPI's URLs."""
    index.answer(LEGACY, Answer(405, "Method Not Allowed"))
    assert "405" in upload(wheel).failure("HTTPError")


def test_view_at_lists_each_release_once(
    publish: Twine, pypi: FakePyPI, wheel: str, sdist: str
) -> None:
    """After success the pages of the releases on PyPI are shown."""
    said = publish(wheel, sdist).success()
    assert said.endswith("\nView at:\nhttps://pypi.org/project/pkg/1.0/\n")
    assert len(pypi.uploads) == 2


def test_view_at_has_a_line_for_every_release(
    publish: Twine, workdir: Path, wheel: str
) -> None:
    """Several releases in one run have a page each."""
    newer = dists.make_wheel(workdir, version="2.0").name
    said = publish(newer, wheel).success()
    pages = said.partition("\nView at:\n")[2].splitlines()
    assert sorted(pages) == [
        "https://pypi.org/project/pkg/1.0/",
        "https://pypi.org/project/pkg/2.0/",
    ]


def test_view_at_on_testpypi(publish: Twine, pypi: FakePyPI, wheel: str) -> None:
    """TestPyPI has pages of its own."""
    said = publish("-r", "testpypi", wheel).success()
    assert "View at:\nhttps://test.pypi.org/project/pkg/1.0/\n" in said


def test_other_indexes_have_no_pages_to_view(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """No page is made up for an index that is not PyPI."""
    assert "View at:" not in upload(wheel).success()
