"""The documentation that is generated from the code, and the check of its pages."""

import importlib
import importlib.util
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from twine import exceptions, rules
from twine.commands import parsers
from twine.config import options
from twine.form.fields import FIELDS
from twine.settings import Settings

DOCS = Path(__file__).resolve().parents[2] / "docs"
TOOLS = DOCS.parent / "tools"


def load(path: Path) -> ModuleType:
    """Return a module that belongs to no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generated() -> ModuleType:
    """Return the Sphinx extension that generates pages from the code."""
    return load(DOCS / "_ext" / "generated.py")


@pytest.mark.parametrize("command", ["upload", "check", "preview", "register"])
def test_every_option_of_help_is_documented(
    generated: ModuleType, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Whatever `--help` of a command lists has an entry on the page of commands.

    A password in the environment of the build does not reach the page.
    """
    monkeypatch.setenv("TWINE_PASSWORD", "a-real-secret")
    listed = parsers.PARSERS[command]()
    lines = generated.render_command(command)

    entries = "\n".join(line for line in lines if ".. option::" in line)
    documented = set(re.findall(r"--[a-z-]+", entries))
    spelled = r"^  (?:-\w\b.*?, )?(--[a-z-]+)"
    assert documented == set(re.findall(spelled, listed.format_help(), re.MULTILINE))
    assert "--help" in documented
    assert "a-real-secret" not in "\n".join(lines)


@pytest.mark.parametrize("command", ["upload", "register"])
def test_options_are_documented_in_all_spellings(
    generated: ModuleType, command: str
) -> None:
    """An option's entry shows its short and its long form, and what it does."""
    text = "\n".join(generated.render_command(command))

    for option in options.TABLE:
        value = f" {option.metavar}" if option.metavar else ""
        entry = ", ".join(f"{flag}{value}" for flag in option.flags)
        assert f".. option:: {entry}\n" in text
        assert option.help[1:20] in text.replace("`", "")


def test_top_of_the_command_line_is_documented(generated: ModuleType) -> None:
    """`twine --version` and `twine --no-color` have entries."""
    text = generated.render_command("twine")

    assert {".. option:: --version", ".. option:: --no-color"} <= set(text)


def test_every_setting_is_documented(generated: ModuleType) -> None:
    """Variables, keys and keywords are in the table; each variable is described."""
    described = "\n".join(generated.render_variables())
    table = "\n".join(generated.render_options())

    for option in (*options.TABLE, *options.UPLOAD_TABLE):
        if option.env is not None:
            assert option.env in described
            assert option.env in table
    keys = ["repository", "username", "password", "ca_cert", "client_cert", "check_url"]
    others = {"console", "environment"}  # no option has these
    keywords = inspect.signature(Settings).parameters.keys() - others
    for name in (*keys, *keywords):
        assert f"``{name}``" in table


@pytest.mark.parametrize(
    ("page", "directive"),
    [
        ("configuration", "twine-options::"),
        ("configuration", "twine-variables::"),
        ("commands", "twine-command:: twine"),
        ("commands", "twine-command:: upload"),
        ("commands", "twine-command:: check"),
        ("commands", "twine-command:: preview"),
        ("commands", "twine-command:: register"),
        ("form", "twine-form::"),
    ],
)
def test_reference_asks_for_generated_text(page: str, directive: str) -> None:
    """What is generated stands on its page."""
    text = (DOCS / "reference" / f"{page}.rst").read_text(encoding="utf-8")

    assert f"\n.. {directive}\n" in text


def test_every_metadata_field_is_documented(generated: ModuleType) -> None:
    """The page of the form has each field's two names, and whether it is repeated."""
    rows = generated.render_form()

    for field in FIELDS:
        start = rows.index(f"   * - ``{field.header}``")
        assert rows[start + 1] == f"     - ``{field.form}``"
    for header, manner in (
        ("Summary", "once"),
        ("Classifier", "repeated"),
        ("Keywords", "once, joined with a comma and a space"),
        ("Project-URL", "repeated, ``Label, URL``"),
    ):
        start = rows.index(f"   * - ``{header}``")
        assert rows[start + 2] == f"     - {manner}"


def test_changelog_is_translated(
    generated: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Headings, code and links of Markdown become those of reStructuredText.

    Fragments that wait for a release stand above it, new things first.
    """
    changelog = (
        "# Changelog\n\nSee [here](https://example.org) or [there](docs/a/b.rst).\n\n"
        "<!-- towncrier release notes start -->\n\n"
        "## 8.0.0 (2030-01-01)\n\n### Fixed\n\n- The option `--cert` works.\n"
    )
    (tmp_path / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    (tmp_path / "changelog").mkdir()
    monkeypatch.setattr(generated, "PROJECT", tmp_path)
    released = "\n".join(generated.render_changelog())
    (tmp_path / "changelog" / "+b.bugfix.md").write_text("Mended.\n")
    (tmp_path / "changelog" / "+a.feature.md").write_text("Two\nlines.\n")
    waiting = "\n".join(generated.render_changelog())

    assert "# " not in released
    assert "<!--" not in released
    assert "See `here <https://example.org>`__ or :doc:`there </a/b>`." in released
    assert "\n8.0.0 (2030-01-01)\n------------------\n" in released
    assert "\nFixed\n^^^^^\n" in released
    assert "- The option ``--cert`` works." in released
    assert "Next release" not in released
    order = [waiting.index(part) for part in ("Next", "- Two lines.", "Mended", "8.0.")]
    assert order == sorted(order)


def test_every_exception_is_documented() -> None:
    """The page of exceptions has each class that `twine.exceptions` defines."""
    page = (DOCS / "reference" / "exceptions.rst").read_text(encoding="utf-8")

    documented = set(re.findall(r"^\.\. exception:: (\w+)$", page, re.MULTILINE))

    assert documented == {
        name
        for name, value in vars(exceptions).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }


def test_every_rule_is_on_the_page_of_rules() -> None:
    """Each rule is there once, with its explanation and its link."""
    lines = load(DOCS / "_ext" / "rulespage.py").render_rules()

    for rule in rules.ALL_RULES:
        assert lines.count(f".. _rule-{rule.name}:") == 1
        start = lines.index(f".. _rule-{rule.name}:")
        entry = "\n".join(lines[start : start + 60])
        assert rule.explanation.splitlines()[0] in entry
        assert rule.link in entry


@pytest.mark.parametrize("command", parsers.PARSERS)
def test_manual_page_has_every_option(command: str) -> None:
    """twine(1), which is kept as Sphinx built it, is not older than the options."""
    page = (DOCS / "man" / "twine.1").read_text(encoding="utf-8").replace("\\-", "-")
    options = parsers.PARSERS[command]()._option_string_actions

    described = set(re.findall(r"(?<![\w-])--?[a-z-]+", page))

    assert options.keys() <= described, "out of date: run `python -m tox -e man`"


@pytest.mark.parametrize(
    ("built", "status"), [('.\\" made by 2\nSame\n', 0), ("Other\n", 1)]
)
def test_manual_page_is_compared(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    built: str,
    status: int,
) -> None:
    """`tox -e docs` fails for a manual page that is out of date, `tox -e man` keeps it.

    Versions of the tools that built it, in comments, do not count.
    """
    manual_page = load(TOOLS / "manual_page.py")
    kept, new = tmp_path / "twine.1", tmp_path / "new.1"
    kept.write_text("Same\n")
    new.write_text(built)
    monkeypatch.setattr(manual_page, "KEPT", kept)

    assert manual_page.main(["compare", str(new)]) == status
    assert bool(capsys.readouterr().out) == bool(status)
    assert manual_page.main(["keep", str(new)]) == 0
    assert kept.read_text() == built.splitlines(keepends=True)[-1]


BOX = "there is an error box (class `{}`)"
NOWHERE = "the link `{}` leads nowhere"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ('<div class="system-message">', [BOX.format("system-message")]),
        ('<nav class="contents local">', [BOX.format("contents")]),
        ('<a href="none.html">', [NOWHERE.format("none.html")]),
        ('<a href="other.html#x">', [NOWHERE.format("other.html#x")]),
        ('<img src="none.svg">', [NOWHERE.format("none.svg")]),
        ('<a href="other.html#y"><a href="#top"><a href="https://a.invalid">', []),
    ],
)
def test_built_pages_are_checked(tmp_path: Path, body: str, faults: list[str]) -> None:
    """`tox -e docs` fails for an error box and for a link that leads nowhere."""
    check_docs = load(TOOLS / "check_docs.py")
    (tmp_path / "index.html").write_text(f'<p id="top">{body}', encoding="utf-8")
    (tmp_path / "other.html").write_text('<p id="y">', encoding="utf-8")

    found = list(check_docs.find_faults(tmp_path))

    assert found == [f"index.html: {fault}" for fault in faults]
    assert check_docs.main([str(tmp_path)]) == bool(faults)
