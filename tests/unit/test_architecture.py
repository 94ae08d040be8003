"""The plan of the code: which package may import which, and how modules are written.

The table is that of `docs/explanation/architecture.rst`.
"""

import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import twine

SOURCE = Path(twine.__file__).parent
# What a package, or a module at the top, imports: what is listed here, and what that
# may import in turn. All may import `exceptions` and the version.
IMPORTS = {
    "__main__": {"cli"},
    "cli": {"commands"},
    "commands": {"preview", "publish", "settings"},
    "preview": {"check"},
    "check": {"archives", "index", "package", "rules"},
    "publish": {"repository"},
    "utils": {"commands", "settings"},
    "settings": {"auth", "config", "repository"},
    "repository": {"index", "package"},
    "auth": {"index"},
    "package": {"archives", "form", "sdist", "wheel"},
    "wheel": {"archives", "distribution"},
    "sdist": {"archives", "distribution"},
    "distribution": set[str](),
    "index": {"config", "form"},
    "rules": {"archives.model", "form.fields"},
    "form": {"terminal"},
    "archives": {"terminal.text"},
    "config": {"terminal"},
    "terminal": set[str](),
}
EVERYWHERE = {"exceptions", "__init__"}
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
# Lines, docstrings included.
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50


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


def walk(node: ast.AST, *, inside: bool = True) -> Iterator[ast.AST]:
    """Yield the nodes that run, not those that are there for types only.

    Args:
        node: where to begin
        inside: whether to look into functions
    """
    for child in ast.iter_child_nodes(node):
        if is_for_types(child):
            continue
        if isinstance(child, ast.FunctionDef | ast.Lambda) and not inside:
            continue
        yield child
        yield from walk(child, inside=inside)


def imports(name: str, *, inside: bool = True) -> Iterator[str]:
    """Yield the absolute names that a module imports: `os.path`, `twine.auth.Private`.

    Args:
        name: the module
        inside: whether to look into functions
    """
    here = ["twine", *name.split(".")][:-1]
    for node in walk(tree(name), inside=inside):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) + 1 - node.level] if node.level else []
            module = [*above, *([node.module] if node.module else [])]
            yield from (".".join([*module, alias.name]) for alias in node.names)


def place(name: str) -> str:
    """Return the package, or the module at the top, that a name lies in."""
    head = name.partition(".")[0]
    known = {module.partition(".")[0] for module in names()}
    return head if head in known else "__init__"


def reachable(package: str) -> set[str]:
    """Return what a package may import, `archives.model` standing for itself."""
    found: set[str] = set()
    waiting = [*IMPORTS[package]]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += IMPORTS.get(name, ())
    return found


def uses(name: str) -> Iterator[str]:
    """Yield every dotted name that a module mentions, and `NAME()` for each call."""
    for node in walk(tree(name)):
        if isinstance(node, ast.Call):
            yield f"{ast.unparse(node.func)}()"
        elif isinstance(node, ast.Attribute):
            yield ast.unparse(node)


def test_plan_is_complete() -> None:
    """A new package needs a line in the table, and none is planned that is gone."""
    assert set(IMPORTS) | EVERYWHERE == {place(name) for name in names()}


@pytest.mark.parametrize("name", names())
def test_packages_import_from_below(name: str) -> None:
    """A package imports what the table allows, so there is no cycle."""
    package = place(name)
    allowed = reachable(package) if package in IMPORTS else set[str]()
    ours = {
        target.removeprefix("twine.")
        for target in imports(name)
        if target.startswith("twine.")
    }
    forbidden = {
        target
        for target in ours
        if place(target) not in {package, *EVERYWHERE, *allowed}
        and not any(f"{target}.".startswith(f"{one}.") for one in allowed)
    }

    assert forbidden == set()


def test_packages_have_no_cycles() -> None:
    """Nothing in the table can be reached from itself."""
    assert [package for package in IMPORTS if package in reachable(package)] == []


def test_utils_holds_no_logic() -> None:
    """It gives old names to what lives elsewhere."""
    kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.If, ast.Try, ast.While)

    assert [node for node in tree("utils").body if isinstance(node, kinds)] == []


@pytest.mark.parametrize("name", [name for name in names() if place(name) == "rules"])
def test_rules_are_pure(name: str) -> None:
    """A rule reads no file, no clock and no environment."""
    loaded = {module.partition(".")[0] for module in imports(name, inside=False)}
    touched = {"open()", "print()", "input()", "exec()", "eval()", "__import__()"}

    assert loaded & WORLD == set()
    assert touched.intersection(uses(name)) == set()
    assert not [use for use in uses(name) if use.startswith(("os.", "time.", "sys."))]


def only_in(allowed: Iterable[str], *wanted: str) -> set[str]:
    """Return the modules that use a name, other than those which may."""
    return {
        name
        for name in names()
        if name not in set(allowed)
        and any(use == word for use in uses(name) for word in wanted)
    }


def test_only_terminal_writes_and_asks() -> None:
    """Nobody calls print; the standard streams belong to `terminal`."""
    terminal = [name for name in names() if place(name) == "terminal"]
    others = ("sys.stderr", "sys.stdin", "input()", "getpass.getpass")

    assert only_in([], "print()") == set()
    # `__main__` gives up standard output when its reader has gone.
    assert only_in([*terminal, "__main__"], "sys.stdout") == set()
    assert only_in(terminal, *others) == set()


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
    """A module is read in one sitting."""
    text = (SOURCE / f"{name.replace('.', '/')}.py").read_text("utf-8")

    assert len(text.splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("name", names())
def test_functions_are_short(name: str) -> None:
    """A function fits on a screen."""
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef)
    }
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION}

    assert long == {}


@pytest.mark.parametrize("name", names())
def test_annotations_cost_nothing(name: str) -> None:
    """Every module postpones annotations, so that types need no imports."""
    future = "__future__.annotations" in imports(name)

    assert future or not tree(name).body[1:]
