"""Questions for the person at the terminal."""

import io
import sys

import pytest

from twine import exceptions
from twine.terminal import prompts


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
    """A pipe is nobody, nor is a terminal where a question cannot be shown."""
    for stdin, stderr, possible in (
        (Keyboard("", terminal=True), sys.stderr, True),
        (Keyboard("", terminal=False), sys.stderr, False),
        (None, sys.stderr, False),
        (Keyboard("", terminal=True), None, False),
    ):
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(sys, "stderr", stderr)
        assert prompts.can_ask() is possible


def test_the_question_is_seen_where_output_goes_to_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The question goes to standard error if standard output is no terminal."""
    monkeypatch.setattr(sys, "stdin", Keyboard("someone\n", terminal=True))

    assert prompts.ask("Who? ") == "someone"
    assert capsys.readouterr().err == "Who? "


def test_the_question_is_asked_on_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal the question stands before the answer."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", Keyboard("someone\n", terminal=True))

    assert prompts.ask("Who? ") == "someone"
    assert capsys.readouterr().out == "Who? "


def test_the_end_of_input_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that is closed instead of an answer is an EOFError."""
    monkeypatch.setattr(sys, "stdin", Keyboard("", terminal=True))

    with pytest.raises(EOFError):
        prompts.ask("Who? ")


def test_a_secret_is_asked_for_by_getpass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to a question for a secret is what was typed unseen."""
    monkeypatch.setattr("getpass.getpass", lambda prompt: f"typed after {prompt!r}")

    assert prompts.ask_secret("Password: ") == "typed after 'Password: '"


def test_what_is_typed_must_be_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes of another encoding are one error, which does not show them."""

    def odd(prompt: str) -> str:
        raise UnicodeDecodeError("utf-8", b"p\xe4ss", 1, 2, "invalid")

    monkeypatch.setattr(sys, "stdin", Keyboard("p\udce4ss\n", terminal=True))
    monkeypatch.setattr("getpass.getpass", odd)

    for ask in (prompts.ask, prompts.ask_secret):
        with pytest.raises(exceptions.InvalidConfiguration) as caught:
            ask("What? ")
        assert "ss" not in str(caught.value).split()
        assert caught.value.__context__ is None
