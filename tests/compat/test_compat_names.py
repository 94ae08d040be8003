"""Every public name of the reference is here, or is left out for a reason."""

import importlib
import inspect
import json
import subprocess
from pathlib import Path

from compat.sides import python_of

# What is left out, and why.
LEFT_OUT = {
    "twine.__main__.logger": "an error is a result, not a diagnostic",
    "twine.cli.args": "the options of one call, which would leak into the next",
    "twine.commands.check.logger": "what is found is a result, not a diagnostic",
    "twine.metadata": "what `importlib.metadata.metadata` returns, read too early",
}


def list_names() -> list[str]:
    """Return the public names of twine's modules and classes, but for imported ones."""
    import importlib
    import pkgutil
    import types

    def is_imported(name: str, value: object) -> bool:
        if isinstance(value, types.ModuleType):
            return True
        home = str(getattr(value, "__module__", None) or "twine").partition(".")[0]
        own = getattr(value, "__name__", None) or getattr(value, "_name", None)
        return home != "twine" and own == name

    twine = importlib.import_module("twine")
    modules = [one.name for one in pkgutil.walk_packages(twine.__path__, "twine.")]
    found = []
    for module in ["twine", *modules]:
        for name, value in vars(importlib.import_module(module)).items():
            if not name.startswith("_") and not is_imported(name, value):
                found.append(f"{module}:{name}")
                if isinstance(value, type) and value.__module__.startswith("twine"):
                    found += [f"{module}:{name}.{member}" for member in dir(value)]
    return [name for name in found if "._" not in name.partition(":")[2]]


def is_here(name: str) -> bool:
    """Return whether ours has a name, `twine.auth:Resolver.choose` for example."""
    module, _, attributes = name.partition(":")
    value: object = importlib.import_module(module)
    for attribute in attributes.split("."):
        declared = attribute in getattr(value, "__annotations__", ())  # of instances
        if not declared and not hasattr(value, attribute):
            return False
        value = getattr(value, attribute, None)
    return True


def test_no_public_name_is_missing(reference: Path) -> None:
    """Programs that import or use it find what they know from 7.0.0."""
    script = f"{inspect.getsource(list_names)}\nimport json\n"
    done = subprocess.run(
        [str(python_of(reference)), "-c", f"{script}print(json.dumps(list_names()))"],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(done.stdout)

    assert "twine.utils:RepositoryConfig" in theirs
    missing = {name.replace(":", ".") for name in theirs if not is_here(name)}
    assert missing == set(LEFT_OUT)
