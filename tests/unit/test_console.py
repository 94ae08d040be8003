"""What reaches the screen, and what is kept from it."""

import errno
import io
import json
import os
import re
import sys
import time

import pytest

from support.command import plain
from twine import exceptions
from twine.terminal import console

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
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Let the console write to a stream that is no terminal."""
    stream = Screen()
    monkeypatch.setattr("twine.terminal.console.sys", Streams(stream))
    return stream


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
def test_control_characters_are_made_visible(
    screen: Screen, raw: str, shown: str
) -> None:
    """Escape codes, markup and bytes that are no text are shown as what they are."""
    assert console.Console().clean(raw) == shown


@pytest.mark.parametrize(
    "mark",
    [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"],
)
def test_marks_that_reorder_text_are_made_visible(screen: Screen, mark: str) -> None:
    """No bidirectional control (Unicode Bidi_Control) reaches the screen."""
    shown = console.Console().clean(f"file{mark}gpj.whl")

    assert mark not in shown
    assert f"\\u{ord(mark):04x}" in shown


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_a_newline_breaks_a_line(screen: Screen, mark: str) -> None:
    """Other characters that some programs take for a line end are made visible."""
    assert mark not in console.Console().clean(f"one{mark}two")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("https://u:p@h/", "https://********@h/"),
        ("https://u@h/", "https://********@h/"),
        ("https://u:p@ss@h/ and more", "https://********@h/ and more"),
        ("a@b, see https://h/x@y", "a@b, see https://h/x@y"),
        ("see http://h:80/x or a@b", "see http://h:80/x or a@b"),
        ("to `http://u:12/3secret@h/`: 403", "to `http://********@h/`: 403"),
        ("http://h/x,http://u:p@h/", "http://h/x,http://********@h/"),
        ("(http://u:p@h) (ftp://v:q@i)", "(http://********@h) (ftp://********@i)"),
    ],
)
def test_credentials_in_urls_are_masked(screen: Screen, raw: str, shown: str) -> None:
    """A user name and a password within any URL never show."""
    assert console.Console().clean(raw) == shown


def test_a_secret_is_masked_wherever_it_stands(screen: Screen) -> None:
    """What was hidden once is masked in all that follows, the longest first."""
    this = console.Console()
    this.hide("hunter22", "hunter22-and-more", None, "")

    shown = this.clean("hunter22-and-more, xhunter22y")

    assert shown == f"{console.MASK}, x{console.MASK}y"


def test_a_short_secret_does_not_black_out_words(screen: Screen) -> None:
    """A secret of five characters would mask words of every message, and is left."""
    this = console.Console()
    this.hide("error")

    assert this.clean("an error") == "an error"


def test_a_secret_with_foreign_letters_is_masked_on_an_ascii_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Masking comes before characters are replaced that the stream lacks."""
    stream = Screen(encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    this = console.Console()
    this.hide("pässwörd")

    this.say("it is pässwörd, Grüße")

    assert stream.text == "it is ********, Gr\\xfc\\xdfe\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8", "utf-16"])
def test_a_stream_without_the_character_never_crashes(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """What an encoding lacks is written as its escape."""
    stream = Screen(encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)

    console.Console().say("日本 \udcff", last=" 🎉")
    console.Console().error("日本 \udcff")

    assert "\\udcff" in stream.text


def test_without_standard_output_cleaning_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A program without a standard output (pythonw) can still clean text."""
    monkeypatch.setattr(sys, "stdout", None)

    assert console.Console().clean("a\x07") == "a\\x07"


def test_off_a_terminal_a_line_is_written_as_it_is(screen: Screen) -> None:
    """Nothing is wrapped, coloured or read as markup."""
    console.Console().say("[bold]" + "long " * 100, last="end", style="red")

    assert screen.text == "[bold]" + "long " * 100 + "end\n"


def test_labels_are_aligned_and_further_lines_indented(screen: Screen) -> None:
    """The text of a message begins in one column, whatever its label."""
    this = console.Console(verbose=True)
    this.error("One.\nTwo.")
    this.warning("Three.")
    this.info("Four.")
    this.error("")

    assert screen.text == (
        "ERROR    One.\n         Two.\nWARNING  Three.\nINFO     Four.\nERROR    \n"
    )


def test_info_is_only_for_those_who_asked(screen: Screen) -> None:
    """Without --verbose, INFO lines are not printed."""
    console.Console().info("Four.")

    assert screen.text == ""


def test_a_terminal_gets_colour_and_the_same_words(tty: Screen) -> None:
    """On a terminal the label or the last words are coloured, and nothing wrapped."""
    long = "word " * 60
    this = console.Console()
    this.say(f"Checking [red]x[/red] {long}", last="PASSED", style="green")
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
    ],
)
def test_who_decides_about_colour(
    monkeypatch: pytest.MonkeyPatch,
    env: dict[str, str],
    color: bool | None,
    terminal: bool,
    expected: bool,
) -> None:
    """--no-color, then NO_COLOR, FORCE_COLOR, TERM=dumb, then the terminal."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    assert console.wants_color(Screen(terminal=terminal), color) is expected


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


def test_a_nested_call_inherits_what_it_does_not_say(screen: Screen) -> None:
    """Within a session, a session that says nothing is as verbose as its outside."""
    with console.session(verbose=True, color=False) as outer:
        with console.session() as inner:
            assert inner.verbose
            assert inner.color is False
            inner.hide("a-secret-word")
        with console.session(verbose=False) as quiet:
            assert not quiet.verbose
        assert outer.clean("a-secret-word") == console.MASK
        assert console.current() is outer


def test_one_call_leaves_nothing_to_the_next(screen: Screen) -> None:
    """After a session, options and secrets are forgotten, also after an error."""

    def fail() -> None:
        with console.session(verbose=True) as this:
            this.hide("a-secret-word")
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fail()

    after = console.current()
    assert not after.verbose
    assert after.clean("a-secret-word") == "a-secret-word"


class Keyboard(io.StringIO):
    """Standard input of a given kind."""

    def __init__(self, text: str, *, terminal: bool) -> None:
        """Begin with what will be typed."""
        super().__init__(text)
        self.terminal = terminal

    def isatty(self) -> bool:
        """Tell whether this plays a terminal."""
        return self.terminal


def test_only_a_terminal_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe, or no standard input at all, is nobody to ask."""
    answers = []
    for stdin in (Keyboard("", terminal=True), Keyboard("", terminal=False), None):
        monkeypatch.setattr(sys, "stdin", stdin)
        answers.append(console.can_ask())

    assert answers == [True, False, False]


def test_without_standard_error_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a question cannot be shown, there is nobody to ask."""
    monkeypatch.setattr(sys, "stdin", Keyboard("someone\n", terminal=True))
    monkeypatch.setattr(sys, "stderr", None)

    assert console.can_ask() is False


def test_the_question_is_seen_where_output_goes_to_a_file(
    monkeypatch: pytest.MonkeyPatch, screen: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    """The question goes to standard error if standard output is no terminal."""
    monkeypatch.setattr(sys, "stdin", Keyboard("someone\n", terminal=True))

    assert console.ask("Who? ") == "someone"
    assert screen.text == ""
    assert capsys.readouterr().err == "Who? "


def test_the_question_is_asked_on_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tty: Screen
) -> None:
    """On a terminal the question stands before the answer."""
    monkeypatch.setattr(sys, "stdout", tty)
    monkeypatch.setattr(sys, "stdin", Keyboard("someone\n", terminal=True))

    assert console.ask("Who? ") == "someone"
    assert tty.text == "Who? "


def test_the_end_of_input_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, screen: Screen
) -> None:
    """A terminal that is closed instead of an answer is an EOFError."""
    monkeypatch.setattr(sys, "stdin", Keyboard("", terminal=True))

    with pytest.raises(EOFError):
        console.ask("Who? ")


def test_a_secret_is_asked_for_by_getpass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to a question for a secret is what was typed unseen."""
    monkeypatch.setattr("getpass.getpass", lambda prompt: f"typed after {prompt!r}")

    assert console.ask_secret("Password: ") == "typed after 'Password: '"


def test_no_secret_shows_in_a_repr() -> None:
    """A console in a traceback or a debugger tells no secret."""
    this = console.Console()
    this.hide("a-secret-word")

    assert "a-secret-word" not in repr(this)


def test_a_document_is_json_without_secrets(
    screen: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    """One document goes to standard output, whole, and secrets are masked in it."""
    this = console.Console(aside=True)
    this.hide('Zqsecret"wordqz')
    this.say("Uploading")

    this.document(
        {
            "text": 'a Zqsecret"wordqz b\x1b[0m',
            "url": "https://u:p@index.example/",
            "files": [{"size": 5, "ok": True, "none": None, "s": ['Zqsecret"wordqz']}],
        }
    )

    assert json.loads(screen.text) == {
        "text": f"a {console.MASK} b\x1b[0m",
        "url": f"https://{console.MASK}@index.example/",
        "files": [{"size": 5, "ok": True, "none": None, "s": [console.MASK]}],
    }
    assert "\x1b" not in screen.text
    assert capsys.readouterr().err == "Uploading\n"


def test_what_is_said_aside_does_not_disturb_a_document(
    screen: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within such a call all lines go to standard error."""
    with console.session(aside=True), console.session(verbose=True) as inner:
        inner.say("one")
        inner.warning("two")
        inner.error("three")
        inner.info("four")

    assert screen.text == ""
    assert capsys.readouterr().err.splitlines() == [
        "one",
        "WARNING  two",
        "ERROR    three",
        "INFO     four",
    ]


def test_a_board_has_a_line_for_each_upload_and_a_total(tty: Screen) -> None:
    """Running uploads are named, the total counts files, and all is wiped away."""
    this = console.Console()
    with this.board(files=3, size=30) as board:
        assert board is not None
        with this.progress("one.whl", 10) as one, this.progress("two.whl", 10) as two:
            one(5)
            two(10)
            time.sleep(0.3)  # bars are drawn ten times a second
            drawn = plain(tty.text)
            this.say("Uploaded three.whl")

    assert "one.whl" in drawn
    assert "two.whl" in drawn
    assert "file 2 of 3" in drawn
    assert lines_left(tty.text) == ["Uploaded three.whl"]


def test_a_board_within_a_board_is_the_same(tty: Screen) -> None:
    """Two sets of lines would overwrite each other."""
    this = console.Console()
    with this.board(files=2, size=20) as outer, this.board(files=1, size=9) as inner:
        assert inner is outer


@pytest.mark.parametrize("enabled", [True, False])
def test_a_board_is_for_terminals(screen: Screen, enabled: bool) -> None:
    """Off a terminal there is none."""
    with console.Console().board(files=2, size=20, enabled=enabled) as board:
        assert board is None

    assert screen.text == ""


def test_a_board_may_be_declined(tty: Screen) -> None:
    """Who wants no progress gets none, on a terminal either."""
    with console.Console().board(files=2, size=20, enabled=False) as board:
        assert board is None

    assert tty.text == ""


def test_after_a_board_lines_are_plain_again(tty: Screen) -> None:
    """An error within a board leaves nothing of it behind."""
    this = console.Console(color=False)
    with pytest.raises(ValueError, match="x"), this.board(files=2, size=20):
        raise ValueError("x")
    before = len(tty.text)

    this.say("[b]after")

    assert tty.text[before:] == "[b]after\n"


def test_a_question_goes_aside_with_everything_else(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A document on standard output has no question in it."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("answer\n"))

    with console.session(aside=True):
        assert console.ask("Who? ") == "answer"

    assert screen.text == ""
    assert capsys.readouterr().err == "Who? "


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_line_for_programs_never_crashes_over_an_encoding(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """What the encoding of standard output lacks is written as its escape."""
    stream = Screen(encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)

    console.Console(aside=True).put("::error::日本 \udcff%0A")

    assert stream.text == "::error::\\u65e5\\u672c \\udcff%0A\n"


class Dead(Screen):
    """A stream that cannot be written to."""

    def __init__(self, number: int) -> None:
        """Take the number of the system's error."""
        super().__init__()
        self.error = OSError(number, os.strerror(number))

    def write(self, text: str) -> int:
        """Fail."""
        raise self.error


@pytest.mark.parametrize("number", [errno.EPIPE, errno.ENOSPC, errno.EINVAL])
@pytest.mark.parametrize("color", [None, True])
def test_who_must_go_on_talks_to_standard_error(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
    color: bool | None,
) -> None:
    """Output that cannot be written is no reason to stop, if so asked."""
    monkeypatch.setattr(sys, "stdout", Dead(number))

    with console.session(steadfast=True, color=color) as this:
        this.say("one")
        with console.session() as inner:
            inner.warning("two")

    assert plain(capsys.readouterr().err) == "one\nWARNING  two\n"


def test_who_must_go_on_goes_on_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody reads anything, nothing is said."""
    monkeypatch.setattr(sys, "stdout", Dead(errno.EPIPE))
    monkeypatch.setattr(sys, "stderr", Dead(errno.EPIPE))
    this = console.Console(steadfast=True)

    this.say("one")

    assert this.aside


@pytest.mark.parametrize("color", [None, True])
def test_others_stop_when_nobody_reads(
    monkeypatch: pytest.MonkeyPatch, color: bool | None
) -> None:
    """A command that only prints has nothing left to do."""
    monkeypatch.setattr(sys, "stdout", Dead(errno.EPIPE))

    with pytest.raises(BrokenPipeError):
        console.Console(color=color).say("one")
    with pytest.raises(BrokenPipeError):
        console.Console(aside=True).document({})


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output that is lost for another reason is an error, and no fault of ours."""
    monkeypatch.setattr(sys, "stdout", Dead(errno.ENOSPC))
    this = console.Console()

    for write in (this.say, this.put, this.document):
        with pytest.raises(exceptions.TwineException, match=os.strerror(errno.ENOSPC)):
            write("x")


def test_without_standard_output_lines_go_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A standard output that was closed beforehand is passed over."""
    monkeypatch.setattr(sys, "stdout", None)

    console.Console().say("one")

    assert capsys.readouterr().err == "one\n"
    with pytest.raises(exceptions.TwineException, match="no standard output"):
        console.Console().document({})


def test_what_is_typed_must_be_text(
    monkeypatch: pytest.MonkeyPatch, screen: Screen
) -> None:
    """Bytes of another encoding are one error, which does not show them."""

    def odd(prompt: str) -> str:
        raise UnicodeDecodeError("utf-8", b"p\xe4ss", 1, 2, "invalid")

    monkeypatch.setattr(sys, "stdin", Keyboard("p\udce4ss\n", terminal=True))
    monkeypatch.setattr("getpass.getpass", odd)

    for ask in (console.ask, console.ask_secret):
        with pytest.raises(exceptions.InvalidConfiguration) as caught:
            ask("What? ")
        assert "ss" not in str(caught.value).split()
        assert caught.value.__context__ is None


def test_files_of_one_name_are_counted_apart(tty: Screen) -> None:
    """A file of the same name in another folder is another one; a second try is not."""
    this = console.Console()
    with this.board(files=3, size=30) as board:
        assert board is not None
        for path in ("a/one.whl", "a/one.whl", "b/one.whl"):
            with this.progress("one.whl", 10, path=path) as report:
                report(10)
                time.sleep(0.3)  # bars are drawn ten times a second
    assert "file 2 of 3" in plain(tty.text)
    assert "file 3 of 3" not in plain(tty.text)


def test_a_session_that_changes_nothing_is_the_one_around() -> None:
    """Secrets and progress of the call around hold within."""
    with console.session() as outer, console.session() as inner:
        assert inner is outer
    with console.session() as other:
        assert other is not outer
