"""The documentation that is generated from the code, and the check of its pages."""

import importlib
import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from twine import exceptions, rules
from twine.commands import parsers
from twine.config import options
from twine.form.fields import FIELDS

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


def options_of_help(text: str) -> set[str]:
    """Return every long option that a help text lists."""
    return set(re.findall(r"^  (?:-\w\b.*?, )?(--[a-z-]+)", text, re.MULTILINE))


@pytest.mark.parametrize("command", ["upload", "check", "register"])
def test_every_option_of_help_is_documented(
    generated: ModuleType, command: str
) -> None:
    """Whatever `--help` of a command lists has an entry on the page of commands."""
    listed = parsers.PARSERS[command]()
    entries = [
        line for line in generated.render_command(command) if ".. option::" in line
    ]

    documented = set(re.findall(r"--[a-z-]+", "\n".join(entries)))

    assert documented == options_of_help(listed.format_help())
    assert "--help" in documented


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
    """`twine --version` and `twine --no-color` have entries, and so has COMMAND."""
    text = generated.render_command("twine")

    assert {".. option:: --version", ".. option:: --no-color"} <= set(text)
    assert ".. option:: COMMAND" in text


def test_environment_of_the_build_is_not_documented(
    generated: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password in the environment of the build does not reach the page."""
    monkeypatch.setenv("TWINE_PASSWORD", "a-real-secret")

    assert "a-real-secret" not in "\n".join(generated.render_command("upload"))


@pytest.mark.parametrize("render", ["render_variables", "render_options"])
def test_every_variable_is_on_the_page_of_configuration(
    generated: ModuleType, render: str
) -> None:
    """Each environment variable of an option is described, and is in the table."""
    text = "\n".join(getattr(generated, render)())

    for option in (*options.TABLE, *options.UPLOAD_TABLE):
        if option.env is not None:
            assert option.env in text


def test_configuration_page_has_both_tables() -> None:
    """The page asks for the table of options and for the list of variables."""
    page = (DOCS / "reference" / "configuration.rst").read_text(encoding="utf-8")

    assert "\n.. twine-options::\n" in page
    assert "\n.. twine-variables::\n" in page


@pytest.mark.parametrize("command", ["twine", "upload", "check", "register"])
def test_commands_page_has_every_command(command: str) -> None:
    """The page asks for each command of ours."""
    page = (DOCS / "reference" / "commands.rst").read_text(encoding="utf-8")

    assert f"\n.. twine-command:: {command}\n" in page


def test_keys_of_pypirc_are_those_that_count(generated: ModuleType) -> None:
    """The keys that stand for options are on the page, next to their options."""
    rows = "\n".join(generated.render_options())

    for key in ("repository", "username", "password", "ca_cert", "client_cert"):
        assert f"- ``{key}``" in rows


def test_every_metadata_field_is_documented(generated: ModuleType) -> None:
    """The page of the form shows each field's name in the file and in the form."""
    rows = "\n".join(generated.render_form())

    for field in FIELDS:
        assert f"   * - ``{field.header}``\n     - ``{field.form}``\n" in rows


@pytest.mark.parametrize(
    ("header", "manner"),
    [
        ("Summary", "once"),
        ("Classifier", "repeated"),
        ("Keywords", "once, joined with a comma and a space"),
        ("Project-URL", "repeated, ``Label, URL``"),
    ],
)
def test_form_tells_how_fields_travel(
    generated: ModuleType, header: str, manner: str
) -> None:
    """The page says of each field whether it is repeated, as the form does it."""
    rows = generated.render_form()
    start = rows.index(f"   * - ``{header}``")

    assert rows[start + 2] == f"     - {manner}"


def write_project(folder: Path, changelog: str, fragments: dict[str, str]) -> Path:
    """Write a project with a changelog; return its folder."""
    (folder / "changelog").mkdir()
    (folder / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    for name, text in fragments.items():
        (folder / "changelog" / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def changelog_of(
    generated: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, dict[str, str]], str]:
    """Return a function from a changelog and its fragments to the page."""

    def render(changelog: str, fragments: dict[str, str]) -> str:
        project = write_project(tmp_path, changelog, fragments)
        monkeypatch.setattr(generated, "PROJECT", project)
        return "\n".join(generated.render_changelog())

    return render


def test_changelog_is_translated(
    changelog_of: Callable[[str, dict[str, str]], str],
) -> None:
    """Headings, code and links of Markdown become those of reStructuredText."""
    page = changelog_of(
        "# Changelog\n\nSee [here](https://example.org) or [there](docs/a/b.rst).\n\n"
        "<!-- towncrier release notes start -->\n\n"
        "## 8.0.0 (2030-01-01)\n\n### Fixed\n\n- The option `--cert` works.\n",
        {},
    )

    assert "# " not in page
    assert "<!--" not in page
    assert "See `here <https://example.org>`__ or :doc:`there </a/b>`." in page
    assert "\n8.0.0 (2030-01-01)\n------------------\n" in page
    assert "\nFixed\n^^^^^\n" in page
    assert "- The option ``--cert`` works." in page
    assert "Next release" not in page


def test_changelog_begins_with_the_next_release(
    changelog_of: Callable[[str, dict[str, str]], str],
) -> None:
    """Fragments that wait for a release stand above it, new things first."""
    page = changelog_of(
        "# Changelog\n\n<!-- towncrier release notes start -->\n\n## 8.0.0\n",
        {"+b.bugfix.md": "Mended.\n", "+a.feature.md": "Two\nlines.\n"},
    )

    order = [page.index(part) for part in ("Next", "- Two lines.", "Mended", "8.0.0")]

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


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (
            '<div class="system-message">',
            ["there is an error box (class `system-message`)"],
        ),
        (
            '<nav class="contents local">',
            ["there is an error box (class `contents`)"],
        ),
        ('<a href="none.html">', ["the link `none.html` leads nowhere"]),
        ('<a href="other.html#x">', ["the link `other.html#x` leads nowhere"]),
        ('<img src="none.svg">', ["the link `none.svg` leads nowhere"]),
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
