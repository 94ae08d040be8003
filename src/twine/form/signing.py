"""What vouches for a file: GPG signatures, and attestations (PEP 740)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence

from .. import exceptions
from .file import unreadable_error

DEFAULT_PROGRAM = "gpg"
# GnuPG's `./configure --enable-gpg-is-gpg2` installs it under this name.
_FALLBACK = "gpg2"
# By its number: `sys.stderr` may have none, in a notebook for example.
_STANDARD_ERROR = 2


def run_gpg(arguments: Sequence[str], *, to_stderr: bool = False) -> None:
    """Run a signing program; where there is no ``gpg``, ``gpg2`` stands in.

    Raises:
        InvalidSigningExecutable: There is no such program.
        InvalidSigningConfiguration: The program failed.
    """
    program, *rest = arguments
    candidates = (program, _FALLBACK) if program == DEFAULT_PROGRAM else (program,)
    stdout = _STANDARD_ERROR if to_stderr else None
    for candidate in candidates:
        try:
            subprocess.run([candidate, *rest], check=True, stdout=stdout)
            return
        except FileNotFoundError:
            continue
        except OSError as exc:
            raise exceptions.InvalidSigningExecutable(
                f"`{candidate}` cannot be run: {exc.strerror}."
            ) from exc
        except subprocess.CalledProcessError as exc:
            raise exceptions.InvalidSigningConfiguration(
                f"`{candidate}` could not sign: it ended with status {exc.returncode}."
            ) from exc
    tried = " or ".join(f"`{candidate}`" for candidate in candidates)
    raise exceptions.InvalidSigningExecutable(
        f"There is no program {tried} to sign with.",
        hint="Install GnuPG, or name another program with `--sign-with`.",
    )


def read_attestations(paths: Iterable[str]) -> list[object]:
    """Return what attestation files hold, in order.

    Raises:
        InvalidDistribution: A file cannot be read, or is not JSON.
    """
    found: list[object] = []
    for path in paths:
        try:
            with open(path, "rb") as file:
                found.append(json.load(file))
        # ValueError also for what is not UTF-8, and for a number of more than 4300
        # digits (CPython 3.11, `sys.set_int_max_str_digits`).
        except (ValueError, RecursionError) as exc:
            raise exceptions.InvalidDistribution(
                f"The attestation `{path}` is not JSON."
            ) from exc
        except OSError as exc:
            raise unreadable_error(path, exc) from exc
    return found
