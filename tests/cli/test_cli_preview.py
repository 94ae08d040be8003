"""`preview`: pages in a folder, or served on loopback."""

import http.client
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from twine.commands import preview
from twine.preview import page as pages
from twine.preview.page import Page
from twine.preview.server import PreviewServer

FIRST = Page(title="pkg 1.0", filename="pkg-1.0.html", html="<p>One")
RELOAD = b'<meta http-equiv="refresh" content="0">'


def test_page_is_written(
    twine: Twine, workdir: Path, wheel: str, sdist: str, refused: str
) -> None:
    """Each release has a file in the folder; findings change no exit status."""
    (workdir / "pages").mkdir()
    (workdir / "pages" / "pkg-1.0.html").write_text("old")
    result = twine("preview", "-o", "pages", wheel, sdist, refused)

    assert result.success().splitlines() == [
        f"Preview of pkg 1.0: {Path('pages', 'pkg-1.0.html')}",
        f"Preview of local 1.0+mine: {Path('pages', 'local-1.0+mine.html')}",
    ]
    text = (workdir / "pages" / "pkg-1.0.html").read_text(encoding="utf-8")
    assert "<em>words</em>" in text
    assert wheel in text
    assert sdist in text
    assert "local-version" not in text


def test_temporary_folder(
    twine: Twine, wheel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder there is a new one, whose path is printed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (line,) = twine("preview", wheel).success().splitlines()

    path = Path(line.removeprefix("Preview of pkg 1.0: "))
    assert path.is_file()
    assert path.parent.parent == tmp_path
    assert path.parent.name.startswith("twine-preview-")


@pytest.mark.parametrize("bad", ["broken", "nameless"])
def test_unreadable_file(
    twine: Twine, workdir: Path, wheel: str, broken_sdist: str, bad: str
) -> None:
    """The error names it; other pages are made, and the exit status is 1."""
    name = broken_sdist
    if bad == "nameless":
        name = dists.make_wheel(workdir, "bad", metadata="Summary: x\n").name
    said = twine("preview", "-o", "pages", name, wheel).failure("InvalidDistribution")

    assert name in said
    assert (workdir / "pages" / "pkg-1.0.html").is_file()


@pytest.mark.parametrize("given", [(), ("--serve",)])
def test_nothing_to_show(twine: Twine, broken_sdist: str, given: tuple[str]) -> None:
    """Without any page there is neither folder nor server, but an error."""
    twine("preview", *given, broken_sdist).failure("InvalidDistribution")


def test_only_signatures(twine: Twine, workdir: Path) -> None:
    """Signatures have no page."""
    (workdir / "pkg-1.0.tar.gz.asc").touch()
    said = twine("preview", "pkg-1.0.tar.gz.asc").failure("InvalidDistribution")

    assert "There is no distribution among the files to show." in said


def test_folder_that_cannot_be_written(twine: Twine, wheel: str) -> None:
    """The error names what stands in the way."""
    said = twine("preview", "-o", wheel, wheel).failure("TwineException")

    assert f"`{wheel}` cannot be written" in said


def test_missing_library(
    twine: Twine, wheel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what to install."""
    monkeypatch.setattr(pages, "is_installed", lambda library: library != "jinja2")
    said = twine("preview", wheel).failure("TwineException")

    assert "`twine preview` needs `jinja2`." in said
    assert "pip install 'twine[preview]'" in said


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--serve=65536", "x.whl"), "'65536' is not a port"),
        (("--serve", "-o", "d", "x.whl"), "not allowed with argument"),
        ((), "required: dist"),
    ],
)
def test_wrong_command_line(twine: Twine, given: tuple[str, ...], words: str) -> None:
    """A port is a number up to 65535, and pages are either served or written."""
    result = twine("preview", *given)

    assert result.code == 2
    assert words in result.err


def test_browser_is_opened(twine_process: Twine, workdir: Path, wheel: str) -> None:
    """`--open` gives the page to the browser of the variable BROWSER."""
    script = workdir / "browser.py"
    script.write_text("import sys; open('opened', 'w').write(sys.argv[1])")
    browser = f"{sys.executable} {script} %s"
    given = ("preview", "--open", "-o", "pages", wheel)
    twine_process(*given, env={"BROWSER": browser}).success()

    opened = (workdir / "opened").read_text()
    assert opened == (workdir / "pages" / "pkg-1.0.html").as_uri()


def test_no_browser(twine: Twine, wheel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none, a warning says so."""
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    result = twine("preview", "--open", "-o", "pages", wheel)

    result.success()
    assert result.warnings == ["WARNING  No browser was found to open it."]


@pytest.fixture
def server() -> Iterator[PreviewServer]:
    """Serve one page."""
    with PreviewServer(0) as running:
        running.publish([FIRST])
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.publish([])  # ends what is open
        running.shutdown()


def ask(
    server: PreviewServer, path: str, host: str | None = None
) -> http.client.HTTPResponse:
    """Ask for a path, under the name of some host."""
    address = server.url.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("GET", path, headers={"Host": host} if host else {})
    return connection.getresponse()


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/pkg-1.0.html", None, 200),
        ("/", None, 302),
        ("/other.html", None, 404),
        ("/../pkg-1.0.html", None, 404),
        ("/pkg-1.0.html", "evil.example", 421),
        ("/pkg-1.0.html", "localhost:{port}", 200),
        ("/pkg-1.0.html", "localhost", 421),
    ],
)
def test_only_pages_for_this_computer(
    server: PreviewServer, path: str, host: str | None, status: int
) -> None:
    """There is nothing but pages, and no other name of the host (DNS rebinding)."""
    port = server.server_address[1]
    answer = ask(server, path, host and host.format(port=port))

    assert answer.status == status
    assert answer.headers["Location"] == ("/pkg-1.0.html" if status == 302 else None)


def test_page_ends_when_it_changes(server: PreviewServer) -> None:
    """A page that has changed is loaded again; for one that is gone, the first is."""
    first, second = ask(server, "/pkg-1.0.html"), ask(server, "/pkg-1.0.html")
    assert first.headers["Cache-Control"] == "no-store"
    assert first.read1() + first.read1() == b"<p>One\n"
    server.publish([FIRST])
    assert first.read().endswith(RELOAD)
    assert second.read().endswith(RELOAD)

    third = ask(server, "/pkg-1.0.html")
    server.publish([Page(title="pkg 2.0", filename="pkg-2.0.html", html="<p>Two")])
    assert third.read().endswith(RELOAD.replace(b'"0"', b'"0; url=/"'))


def test_browser_that_goes(
    server: PreviewServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A connection that is closed before the page ends is no error."""
    ask(server, "/pkg-1.0.html").close()
    server.publish([FIRST])
    assert ask(server, "/").status == 302

    assert capsys.readouterr().err == ""


def test_port_in_use(twine: Twine, wheel: str) -> None:
    """The error names the port, and the way out."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = twine("preview", "--serve", str(port), wheel).failure("TwineException")

    assert f"The port {port} cannot be used" in said


def is_open(port: int) -> bool:
    """Return whether somebody listens."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_served_until_interrupted(
    twine: Twine, workdir: Path, wheel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new build is served; one that cannot be read, or is not there, is not."""
    monkeypatch.setattr(preview, "_SECONDS_BETWEEN_LOOKS", 0.02)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    seen: list[bytes] = []

    def browse() -> None:
        try:
            while not is_open(port):
                time.sleep(0.02)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as first:
                (workdir / wheel).unlink()
                time.sleep(0.2)
                (workdir / wheel).write_bytes(b"unfinished")
                time.sleep(0.3)
                text = dists.metadata_text(description="Other words.\n")
                dists.make_wheel(workdir, metadata=text)
                seen.append(first.read())
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as second:
                seen.append(second.read1())
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=browse)
    thread.start()
    result = twine("preview", "--serve", str(port), wheel)
    thread.join()

    assert result.code == 130
    url = f"http://127.0.0.1:{port}/pkg-1.0.html"
    lines = result.out.splitlines()
    assert lines[0] == f"Preview of pkg 1.0: {url}"
    assert "Ctrl-C" in lines[1]
    assert lines[-1] == "ERROR    Interrupted."
    assert b"<em>words</em>" in seen[0]
    assert seen[0].endswith(RELOAD)
    assert b"Other words." in seen[1]
