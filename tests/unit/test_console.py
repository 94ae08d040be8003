"""What reaches the screen, and what is kept from it."""

import errno
import io
import json
import os
import re
import sys

import pytest

from support.command import plain
from twine import exceptions
from twine.terminal import console, redaction
from twine.terminal.color import wants_color

ESCAPE = "\x1b"


class Screen(io.TextIOWrapper):
    """A stream of a given encoding that may be a terminal."""

    def __init__(self, *, encoding: str = "utf-8", terminal: bool = False) -> None:
        """Begin empty."""
        self.bytes = io.BytesIO()
        self.terminal = terminal
        super().__init__(self.bytes, encoding=encoding, newline="\n")

    def isatty(self) -> bool:
        """Tell whether this plays a terminal."""
        return self.terminal

    @property
    def text(self) -> str:
        """What was written so far."""
        self.flush()
        return self.bytes.getvalue().decode(self.encoding)


class Streams:
    """The module `sys` with another standard output.

    pytest puts its own standard output into `sys` between fixtures and test.
    """

    def __init__(self, stdout: Screen) -> None:
        """Take the stream."""
        self.stdout = stdout

    def __getattr__(self, name: str) -> object:
        """Leave everything else to the real module."""
        return getattr(sys, name)


@pytest.fixture
def tty(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Let the console write to a terminal."""
    stream = Screen(terminal=True)
    monkeypatch.setattr("twine.terminal.console.sys", Streams(stream))
    return stream


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain words, tab\tand\nline", "plain words, tab\tand\nline"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("bell\x07 back\x08 return\r", "bell\\x07 back\\x08 return\\r"),
        ("C1 \x9b31m", "C1 \\x9b31m"),
        ("delete\x7f", "delete\\x7f"),
        ("[red]not markup[/red]", "[red]not markup[/red]"),
        (":smile:", ":smile:"),
        ("undecodable \udc80", "undecodable \\udc80"),
        ("Grüße, 日本, 🎉", "Grüße, 日本, 🎉"),
    ],
)
def test_control_characters_are_made_visible(raw: str, shown: str) -> None:
    """Escape codes, markup and bytes that are no text are shown as what they are."""
    assert console.Console().sanitize(raw) == shown


@pytest.mark.parametrize(
    "mark",
    [
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
        *"\u2028\u2029\x85\x0b\x0c\x1c",
    ],
)
def test_marks_that_deceive_are_made_visible(mark: str) -> None:
    """Bidirectional controls (Unicode Bidi_Control), and line ends but a newline."""
    shown = console.Console().sanitize(f"file{mark}gpj.whl")

    assert mark not in shown
    assert ascii(mark)[1:-1] in shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("https://u:p@ss@h/ and more", "https://********@h/ and more"),
        ("a@b, see https://h/x@y", "a@b, see https://h/x@y"),
        ("see http://h:80/x or a@b", "see http://h:80/x or a@b"),
        ("to `http://u:12/3secret@h/`: 403", "to `http://********@h/`: 403"),
        ("http://h/x,http://u:p@h/", "http://h/x,http://********@h/"),
        ("(http://u:p@h) (ftp://v:q@i)", "(http://********@h) (ftp://********@i)"),
    ],
)
def test_credentials_in_urls_are_masked(raw: str, shown: str) -> None:
    """A user name and a password within any URL never show."""
    assert console.Console().sanitize(raw) == shown


def test_a_secret_is_masked_wherever_it_stands() -> None:
    """What was hidden once is masked in all that follows, the longest first."""
    this = console.Console()
    this.hide("hunter22", "hunter22-and-more", None, "", "words")

    shown = this.sanitize("hunter22-and-more, xhunter22y, words")

    # A secret of five characters would mask words of every message, and is left.
    assert shown == f"{redaction.MASK}, x{redaction.MASK}y, words"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8", "utf-16"])
def test_a_stream_without_the_character_never_crashes(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """What an encoding lacks is written as its escape."""
    stream = Screen(encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)

    console.Console().print("日本 \udcff", suffix=" 🎉")
    console.Console().write_line("日本 \udcff")
    this = console.Console()
    this.hide("pässwörd")
    this.error("it is pässwörd")

    assert "\\udcff" in stream.text
    assert "it is ********" in stream.text


def test_off_a_terminal_a_line_is_written_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing is wrapped, coloured or read as markup."""
    console.Console().print("[bold]" + "long " * 100, suffix="end", style="red")

    assert capsys.readouterr().out == "[bold]" + "long " * 100 + "end\n"


def test_a_terminal_gets_colour_and_the_same_words(tty: Screen) -> None:
    """On a terminal the label or the last words are coloured, and nothing wrapped."""
    long = "word " * 60 + "end"  # rich 13 drops blanks at the end
    this = console.Console()
    this.print(f"Checking [red]x[/red] {long}", suffix="PASSED", style="green")
    this.error(f"broken {long}")

    assert ESCAPE in tty.text
    assert plain(tty.text) == (
        f"Checking [red]x[/red] {long}PASSED\nERROR    broken {long}\n"
    )


@pytest.mark.parametrize(
    ("env", "color", "terminal", "expected"),
    [
        ({}, None, True, True),
        ({}, None, False, False),
        ({"TERM": "dumb"}, None, True, False),
        ({"TERM": "xterm"}, None, True, True),
        ({"NO_COLOR": "1"}, None, True, False),
        ({"NO_COLOR": ""}, None, True, True),
        ({"FORCE_COLOR": "1"}, None, False, True),
        ({"FORCE_COLOR": ""}, None, False, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, None, True, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, None, False, True),
        ({"FORCE_COLOR": "1"}, False, True, False),
        ({"NO_COLOR": "1", "TERM": "dumb"}, True, False, True),
        ({"CLICOLOR_FORCE": "1"}, None, False, True),
        ({"CLICOLOR_FORCE": "0"}, None, False, False),
        ({"CLICOLOR_FORCE": ""}, None, False, False),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, None, True, False),
        ({"CLICOLOR_FORCE": "1", "CLICOLOR": "0"}, None, False, True),
        ({"CLICOLOR": "0"}, None, True, False),
        ({"CLICOLOR": "1"}, None, False, False),
    ],
)
def test_precedence_of_colour_settings(
    monkeypatch: pytest.MonkeyPatch,
    env: dict[str, str],
    color: bool | None,
    terminal: bool,
    expected: bool,
) -> None:
    """--color, NO_COLOR, what forces it, CLICOLOR=0, TERM=dumb, then the terminal."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    assert wants_color(Screen(terminal=terminal), color) is expected


@pytest.mark.parametrize("term", ["dumb", "", "xterm-256color"])
def test_colour_that_is_wanted_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], term: str
) -> None:
    """Whatever the terminal is called, and if there is none."""
    monkeypatch.setenv("TERM", term)
    console.Console(color=True).error("x")

    assert capsys.readouterr().out == f"{ESCAPE}[31mERROR   {ESCAPE}[0m x\n"


def lines_left(text: str) -> list[str]:
    """Return what is left on a terminal that knows the moves of a progress line."""
    lines, row = [""], 0
    for piece in re.findall(
        r"\x1b\[\d*[A-Za-z]|\x1b\[\?\d+[hl]|\x1b\[[\d;]*m|.|\n", text
    ):
        match piece:
            case "\n":
                row += 1
                lines += [""] * (row == len(lines))
            case "\r":
                pass
            case "\x1b[1A":
                row -= 1
            case "\x1b[2K":
                lines[row] = ""
            case _:
                lines[row] += "" if piece.startswith("\x1b") else piece
    return [line for line in lines if line.strip()]


def test_progress_has_a_line_for_each_upload_and_a_total(tty: Screen) -> None:
    """Running uploads are named, the total counts files, and all is wiped away."""
    this = console.Console()
    with this.progress_display(files=3, size=30 * 2**20) as display:
        assert display is not None
        with this.progress("one.whl", 10 * 2**20) as one:
            one(5 * 2**20)
            display.bars.refresh()
            with this.progress("two.whl", 20) as two:
                two(20)
                display.bars.refresh()
                drawn = plain(tty.text)
                this.print("Uploaded three.whl")

    assert re.search("one.whl [^%]*  50% of 10.0 MB", drawn)
    assert re.search("two.whl [^%]* 100% of 0.0 KB, waiting for the index", drawn)
    assert re.search("file 1 of 3 [^%]*  17% of 30.0 MB", drawn)
    assert "2 files in progress" in drawn
    assert lines_left(tty.text) == ["Uploaded three.whl"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp932", "gbk", "ascii"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_numbers_are_shown_on_any_terminal(
    monkeypatch: pytest.MonkeyPatch, encoding: str, width: int
) -> None:
    """A long name gives way to them, and no encoding lacks a sign."""
    monkeypatch.setenv("COLUMNS", str(width))
    stream = Screen(encoding=encoding, terminal=True)
    monkeypatch.setattr("twine.terminal.console.sys", Streams(stream))
    name = f"kettle-1.0-cp312-cp312-manylinux_2_17_{'x86_64' * 20}.whl"
    with console.Console().progress_display(files=2, size=40) as display:
        assert display is not None
        with display.line(name, 20 * 2**20) as report:
            report(10 * 2**20)
            display.bars.refresh()
            line = plain(stream.text).splitlines()[-1]

    assert re.match(r"kettle-1\.0.* 50% of 20\.0 MB", line)
    assert ("cp312-cp312" in line) is (width > 60)


def test_progress_within_progress_is_the_same(tty: Screen) -> None:
    """Two sets of lines would overwrite each other."""
    this = console.Console()
    with (
        this.progress_display(files=2, size=20) as outer,
        this.progress_display(files=1, size=9) as inner,
    ):
        assert inner is outer


def test_after_progress_lines_are_plain_again(tty: Screen) -> None:
    """An error meanwhile leaves nothing of it behind."""
    this = console.Console(color=False)
    with pytest.raises(ValueError, match="x"), this.progress_display(files=2, size=20):
        raise ValueError("x")
    before = len(tty.text)

    this.print("[b]after")

    assert tty.text[before:] == "[b]after\n"


class Dead(Screen):
    """A stream that cannot be written to."""

    def __init__(self, number: int) -> None:
        """Take the number of the system's error."""
        super().__init__()
        self.error = OSError(number, os.strerror(number))

    def write(self, text: str) -> int:
        """Fail."""
        raise self.error


@pytest.mark.parametrize("color", [None, True])
def test_a_broken_pipe_stops_what_only_prints(
    monkeypatch: pytest.MonkeyPatch, color: bool | None
) -> None:
    """A command that only prints has nothing left to do."""
    monkeypatch.setattr(sys, "stdout", Dead(errno.EPIPE))

    with pytest.raises(BrokenPipeError):
        console.Console(color=color).print("one")
    with pytest.raises(BrokenPipeError):
        console.Console(to_stderr=True).write_json({})


def test_a_full_disk_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output that is lost for another reason is an error, and no fault of ours."""
    monkeypatch.setattr(sys, "stdout", Dead(errno.ENOSPC))
    this = console.Console()

    for write in (this.print, this.write_line, this.write_json):
        with pytest.raises(exceptions.TwineException, match=os.strerror(errno.ENOSPC)):
            write("x")


def test_files_of_one_name_are_counted_apart(tty: Screen) -> None:
    """A file of the same name in another folder is another one; a second try is not."""
    this = console.Console()
    with this.progress_display(files=3, size=30) as display:
        assert display is not None
        for path in ("a/one.whl", "a/one.whl", "b/one.whl"):
            with this.progress("one.whl", 10, path=path) as report:
                report(10)
        (total,) = display.bars.tasks

    assert (total.description, total.completed) == ("file 2 of 3", 20)


def test_labelled_messages_are_aligned_and_indented(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The text of a message begins in one column, whatever its label."""
    this = console.Console()
    this.error("One.\nTwo.")
    this.print_labelled("WARNING", "yellow", "Three.")
    this.error("")

    shown = capsys.readouterr().out
    assert shown == ("ERROR    One.\n         Two.\nWARNING  Three.\nERROR    \n")


@pytest.mark.parametrize(
    ("enabled", "terminal", "kind"),
    [(True, False, "xterm"), (False, True, "xterm"), (True, True, "dumb")],
)
def test_progress_is_for_terminals_and_may_be_declined(
    monkeypatch: pytest.MonkeyPatch, enabled: bool, terminal: bool, kind: str
) -> None:
    """Where the cursor cannot move, nothing is drawn."""
    monkeypatch.setenv("TERM", kind)
    stream = Screen(terminal=terminal)
    monkeypatch.setattr("twine.terminal.console.sys", Streams(stream))
    this = console.Console()
    with this.progress_display(files=2, size=20, enabled=enabled) as display:
        assert display is None

    assert stream.text == ""


def test_a_quiet_console_prints_errors_and_what_is_always_printed(tty: Screen) -> None:
    """Neither status lines nor progress nor what is waited for."""
    this = console.Console(quiet=True, color=False)
    this.print("Uploading")
    with this.progress_display(files=2, size=20) as display, this.waiting("a while"):
        assert display is None
        this.print("https://pypi.org/project/pkg/1.0/", always=True)
    this.error("x")

    assert tty.text == "https://pypi.org/project/pkg/1.0/\nERROR    x\n"


def test_reserved_output_holds_the_document_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One document goes to standard output, without secrets; all else to stderr."""
    this = console.Console()
    this.hide('Zqsecret"wordqz')
    with this.reserve_stdout():
        this.print("Uploading")
        sys.stdout.write("a plugin prints\n")
        data = {"text": 'a Zqsecret"wordqz b\x1b[0m', "n": 5, "list": ["u://x:y@h"]}
        this.write_json({**data, "none": None})
    this.error("Interrupted.")

    shown = capsys.readouterr()
    assert json.loads(shown.out) == {
        "text": f"a {redaction.MASK} b\x1b[0m",
        "n": 5,
        "list": [f"u://{redaction.MASK}@h"],
        "none": None,
    }
    assert shown.err == "Uploading\na plugin prints\nERROR    Interrupted.\n"


@pytest.mark.parametrize("number", [errno.EPIPE, errno.ENOSPC, errno.EINVAL])
@pytest.mark.parametrize("color", [None, True])
def test_write_errors_may_be_ignored(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
    color: bool | None,
) -> None:
    """Lines that standard output does not take go to standard error, or nowhere."""
    monkeypatch.setattr(sys, "stdout", Dead(number))
    this = console.Console(ignore_write_errors=True, color=color)
    this.print("one")
    this.error("two")

    assert plain(capsys.readouterr().err) == "one\nERROR    two\n"
    monkeypatch.setattr(sys, "stderr", Dead(number))
    this.print("three")


def test_a_program_may_lack_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A standard output that was closed beforehand (or pythonw's) is passed over."""
    monkeypatch.setattr(sys, "stdout", None)
    this = console.Console()
    with this.reserve_stdout():
        this.print("one")

    assert capsys.readouterr().err == "one\n"
    with pytest.raises(exceptions.TwineException, match="no standard output"):
        this.write_json({})
