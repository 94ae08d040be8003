"""The plan of the house: who may import whom, and who may touch the world."""

import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import twine

SOURCE = Path(twine.__file__).parent
# Bottom to top. A room may import rooms of the floors below its own; rooms that
# share a floor are strangers.
FLOORS = (
    {"__init__"},
    {"rendering", "words"},
    {"exceptions", "headers", "redaction", "schedule", "workers"}
    | {"rules.model", "tarheaders"},
    {"metadata", "connections", "pages", "progress", "environment", "rich_screen"}
    | {"members", "gunzip", "zipexcerpt"},
    {"console", "options", "distribution", "attestations"}
    | {"rules.sent", "rules.filenames", "rules.packing", "zipfields", "tarwalk"},
    {"indexes", "keyrings", "wheel", "sdist", "files", "signing"}
    | {"rules.addresses", "rules.archived", "rules.attesting", "rules.description"}
    | {"rules.framing", "rules.limits", "rules.listed", "rules.platforms"}
    | {"rules.releases", "zipdirectory"},
    {"config", "credentials", "hints"}
    | {"rules.form", "rules.indexed", "rules.metafiles", "rules.names"}
    | {"zipread", "zipwalk"},
    {"replies", "package"} | {"rules.contents", "archives"},
    {"failures", "simple_index", "body", "report"} | {"rules.__init__"},
    {"retries", "transport"} | {"preflight"},
    {"trusted_publishing"} | {"inspection"},
    {"auth", "lookup"} | {"findings", "online"},
    {"repository"},
    {"settings", "publishing"},
    {"utils"},
    {"commands.__init__"},
    {"commands.inputs"},
    {"commands.check", "commands.register", "commands.upload"},
    {"cli"},
    {"__main__"},
)
PURE = {
    "credentials",
    "findings",
    "headers",
    "hints",
    "metadata",
    "options",
    "pages",
    "redaction",
    "replies",
    "report",
    "schedule",
    "words",
    *(name for on in FLOORS for name in on if name.startswith("rules.")),
}
WORLD = {
    "getpass",
    "glob",
    "http",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "requests",
    "shutil",
    "socket",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib3",
}
# Lines, without docstrings.
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40


def names() -> list[str]:
    """Return all modules, `commands.upload` for example."""
    return sorted(
        ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for path in SOURCE.rglob("*.py")
    )


@functools.cache
def tree(name: str) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse((SOURCE / f"{name.replace('.', '/')}.py").read_text("utf-8"))


def is_for_types(node: ast.AST) -> bool:
    """Return whether a node is `if TYPE_CHECKING:`."""
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def walk(node: ast.AST, *, types: bool, inside: bool = True) -> Iterator[ast.AST]:
    """Yield nodes.

    Args:
        node: where to begin
        types: whether to look into `if TYPE_CHECKING:`
        inside: whether to look into functions
    """
    for child in ast.iter_child_nodes(node):
        if is_for_types(child) and not types:
            continue
        if isinstance(child, ast.FunctionDef | ast.Lambda) and not inside:
            continue
        yield child
        yield from walk(child, types=types, inside=inside)


def imports(
    name: str, *, types: bool = False, inside: bool = True
) -> Iterator[tuple[str, str]]:
    """Yield what a module imports: the absolute module and the name within it."""
    here = ["twine", *name.split(".")][:-1]
    for node in walk(tree(name), types=types, inside=inside):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) + 1 - node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((module, alias.name) for alias in node.names)


def rooms(name: str, *, types: bool = False) -> set[str]:
    """Return the modules of ours that a module imports."""
    known = set(names())
    found = set()
    for module, what in imports(name, types=types):
        if module.partition(".")[0] != "twine":
            continue
        inner = module.removeprefix("twine").removeprefix(".")
        candidates = [
            ".".join(filter(None, (inner, what))),
            ".".join(filter(None, (inner, what, "__init__"))),
            inner,
            ".".join(filter(None, (inner, "__init__"))),
        ]
        found.add(next(item for item in candidates if item in known))
    return found - {name}


def floor(name: str) -> int:
    """Return the floor of a room; the ground floor is 0."""
    return next(number for number, on in enumerate(FLOORS) if name in on)


def uses(name: str) -> Iterator[str]:
    """Yield every dotted name that a module mentions, and `NAME()` for each call."""
    for node in walk(tree(name), types=False):
        if isinstance(node, ast.Call):
            yield f"{ast.unparse(node.func)}()"
        elif isinstance(node, ast.Attribute):
            yield ast.unparse(node)


def test_every_room_is_in_the_plan() -> None:
    """A new module must be given a floor, and the plan names none that is gone."""
    planned = [name for on in FLOORS for name in on]

    assert sorted(planned) == names()


@pytest.mark.parametrize("name", names())
def test_imports_lead_downstairs(name: str) -> None:
    """No room imports one of its own floor or above it, so there is no cycle."""
    upstairs = {room for room in rooms(name) if floor(room) >= floor(name)}

    assert upstairs == set()


@pytest.mark.parametrize("name", names())
def test_commands_are_known_to_the_top_only(name: str) -> None:
    """Nobody imports commands or the command line from below, for types either."""
    top = {room for room in rooms(name, types=True) if floor(room) >= floor("utils")}

    if floor(name) <= floor("utils"):
        assert top == set()
    assert "utils" not in top


@pytest.mark.parametrize("name", ["utils", "commands.__init__"])
def test_rooms_for_other_programs_hold_no_logic(name: str) -> None:
    """They only give old names to what lives elsewhere."""
    kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.If, ast.Try, ast.While)

    assert [node for node in tree(name).body if isinstance(node, kinds)] == []


@pytest.mark.parametrize("name", sorted(PURE))
def test_pure_rooms_do_not_touch_the_world(name: str) -> None:
    """They import nothing that could, and call neither open nor the clock."""
    loaded = {module.partition(".")[0] for module, _ in imports(name, inside=False)}
    touched = {"open()", "print()", "input()", "exec()", "eval()", "__import__()"}

    assert loaded & WORLD == set()
    assert touched.intersection(uses(name)) == set()
    assert not [use for use in uses(name) if use.startswith(("os.", "time.", "sys."))]


def only_in(allowed: Iterable[str], *wanted: str) -> set[str]:
    """Return the rooms that use a name, other than those which may."""
    return {
        name
        for name in names()
        if name not in set(allowed)
        and any(use == word for use in uses(name) for word in wanted)
    }


def test_only_the_console_writes_and_asks() -> None:
    """Nobody calls print; streams, input and getpass are the console's."""
    others = ("sys.stderr", "sys.stdin", "input()", "getpass.getpass")

    assert only_in([], "print()") == set()
    # `__main__` gives up standard output when its reader has gone.
    assert only_in(["console", "__main__"], "sys.stdout") == set()
    assert only_in(["console"], *others) == set()


def test_only_two_rooms_read_the_environment() -> None:
    """Options come from `environment`; colour is the console's business."""
    words = ("os.environ", "os.getenv", "os.environb")

    assert only_in(["environment", "console"], *words) == set()


def test_nobody_configures_logging() -> None:
    """No room imports logging: a library leaves the root logger alone."""
    assert [n for n in names() if ("logging", "") in imports(n)] == []


def docstring_lines(node: ast.AST) -> int:
    """Return how many lines the docstring of a node takes."""
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
        return 0
    if ast.get_docstring(node) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


@pytest.mark.parametrize("name", names())
def test_modules_are_short(name: str) -> None:
    """A module, docstrings aside, is read in one sitting."""
    text = (SOURCE / f"{name.replace('.', '/')}.py").read_text("utf-8")
    docs = sum(docstring_lines(node) for node in ast.walk(tree(name)))

    assert len(text.splitlines()) - docs < LONGEST_MODULE


@pytest.mark.parametrize("name", names())
def test_functions_are_short(name: str) -> None:
    """A function, its docstring aside, fits on a screen."""
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1 - docstring_lines(node)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef)
    }
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION}

    assert long == {}


@pytest.mark.parametrize("name", names())
def test_annotations_cost_nothing(name: str) -> None:
    """Every module postpones annotations, so that types need no imports."""
    assert ("__future__", "annotations") in imports(name) or not tree(name).body[1:]
