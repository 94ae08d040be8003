"""Make wheels and sdists that pip can install, without any build tool."""

import base64
import hashlib
import io
import re
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

_BACKEND = '''"""Build a wheel of the one package here, with nothing but Python."""

import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent
STEM = "{stem}"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = STEM + "-py3-none-any.whl"
    info = STEM + ".dist-info/"
    files = {{
        "{module}/__init__.py": (HERE / "{module}" / "__init__.py").read_text(),
        info + "METADATA": (HERE / "PKG-INFO").read_text("utf-8"),
        info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: tests\\n"
        "Root-Is-Purelib: true\\nTag: py3-none-any\\n",
    }}
    record = "".join(path + ",,\\n" for path in [*files, info + "RECORD"])
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(info + "RECORD", record)
    return name
'''
_PYPROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def metadata_text(
    name: str = "pkg",
    version: str = "1.0",
    *,
    metadata_version: str = "2.1",
    content_type: str | None = "text/markdown",
    description: str = "A few *words*.\n",
    extra: str = "",
) -> str:
    """Return core metadata, with `extra` lines of headers; `description` is the body.

    Without a content type the field is left out.
    """
    head = f"Metadata-Version: {metadata_version}\nName: {name}\nVersion: {version}\n"
    if content_type is not None:
        head += f"Description-Content-Type: {content_type}\n"
    return f"{head}{extra}\n{description}"


def make_wheel(
    folder: Path,
    name: str = "pkg",
    version: str = "1.0",
    *,
    tag: str = "py3-none-any",
    metadata: str | bytes | None = None,
    payload: bytes = b"",
) -> Path:
    """Make a wheel in `folder`, which need not be there, and return its path.

    The payload is one more file, to make the wheel as large as wanted.
    """
    module = _escape(name)
    info = f"{module}-{version}.dist-info"
    files = {
        f"{module}/__init__.py": f'__version__ = "{version}"\n'.encode(),
        f"{info}/METADATA": _encode(metadata, name, version),
        f"{info}/WHEEL": (
            f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n"
        ).encode(),
    }
    if payload:
        files[f"{module}/payload.bin"] = payload
    rows = [f"{path},{_hash(data)},{len(data)}\n" for path, data in files.items()]
    files[f"{info}/RECORD"] = "".join([*rows, f"{info}/RECORD,,\n"]).encode()
    path = folder / f"{module}-{version}-{tag}.whl"
    return _write_zip(path, files)


def make_release(folder: Path, payload: bytes = b"") -> list[str]:
    """Make three wheels and an sdist of one release, and return their names."""
    tags = [f"py3-none-manylinux_2_{n}_x86_64" for n in range(3)]
    wheels = [make_wheel(folder, tag=tag, payload=payload) for tag in tags]
    return [path.name for path in (*wheels, make_sdist(folder))]


def make_sdist(
    folder: Path,
    name: str = "pkg",
    version: str = "1.0",
    *,
    metadata: str | bytes | None = None,
    members: Mapping[str, bytes] | None = None,
) -> Path:
    """Make a `.tar.gz` sdist in `folder` and return its path.

    `members` are more files, by their path within the top-level directory.
    """
    path = folder / f"{_escape(name)}-{version}.tar.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for member, data in _sdist_files(name, version, metadata, members).items():
            info = tarfile.TarInfo(member)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def make_zip_sdist(
    folder: Path,
    name: str = "pkg",
    version: str = "1.0",
    *,
    metadata: str | bytes | None = None,
    members: Mapping[str, bytes] | None = None,
) -> Path:
    """Make a `.zip` sdist in `folder` and return its path."""
    path = folder / f"{_escape(name)}-{version}.zip"
    return _write_zip(path, _sdist_files(name, version, metadata, members))


def _sdist_files(
    name: str,
    version: str,
    metadata: str | bytes | None,
    members: Mapping[str, bytes] | None,
) -> dict[str, bytes]:
    module = _escape(name)
    stem = f"{module}-{version}"
    files = {
        "PKG-INFO": _encode(metadata, name, version),
        "pyproject.toml": _PYPROJECT.encode(),
        "backend.py": _BACKEND.format(stem=stem, module=module).encode(),
        f"{module}/__init__.py": f'__version__ = "{version}"\n'.encode(),
        **(members or {}),
    }
    return {f"{stem}/{path}": data for path, data in files.items()}


def _write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in files.items():
            # Without a date of its own, the same content gives the same file.
            archive.writestr(zipfile.ZipInfo(member), data)
    return path


def _encode(metadata: str | bytes | None, name: str, version: str) -> bytes:
    if isinstance(metadata, bytes):
        return metadata
    return (metadata_text(name, version) if metadata is None else metadata).encode()


def _escape(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _hash(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return f"sha256={digest.rstrip(b'=').decode()}"
