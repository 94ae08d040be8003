"""Build the sdist and the wheel of the sample, with nothing but Python."""

import io
import re
import tarfile
import zipfile
from pathlib import Path

_HERE = Path(__file__).parent
_SOURCES = ("backend.py", "pyproject.toml", "README.rst", "kettle/__init__.py")
_WHEEL = "Wheel-Version: 1.0\nGenerator: kettle\nRoot-Is-Purelib: true\n"


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    """Write the sdist into a folder, and return its name (PEP 517)."""
    stem = f"kettle-{_version()}"
    files = {name: (_HERE / name).read_bytes() for name in _SOURCES}
    files["PKG-INFO"] = _metadata()
    with tarfile.open(Path(sdist_directory, f"{stem}.tar.gz"), "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{stem}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return f"{stem}.tar.gz"


def build_wheel(
    wheel_directory: str,
    config_settings: object = None,
    metadata_directory: str | None = None,
) -> str:
    """Write the wheel into a folder, and return its name (PEP 517)."""
    stem = f"kettle-{_version()}"
    info = f"{stem}.dist-info"
    files = {
        "kettle/__init__.py": (_HERE / "kettle/__init__.py").read_bytes(),
        f"{info}/METADATA": _metadata(),
        f"{info}/WHEEL": f"{_WHEEL}Tag: py3-none-any\n".encode(),
    }
    record = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    files[f"{info}/RECORD"] = record.encode()
    name = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, name), "w") as archive:
        for member, content in files.items():
            archive.writestr(member, content)
    return name


def _version() -> str:
    """Read the version, which zest.releaser changes, without a TOML parser."""
    text = (_HERE / "pyproject.toml").read_text(encoding="utf-8")
    match = re.search(r'^version = "(.+)"$', text, re.MULTILINE)
    if match is None:
        raise RuntimeError("pyproject.toml has no version")
    return match[1]


def _metadata() -> bytes:
    head = (
        "Metadata-Version: 2.1\n"
        "Name: kettle\n"
        f"Version: {_version()}\n"
        "Summary: Boil water\n"
        "Description-Content-Type: text/x-rst\n"
        "\n"
    )
    return head.encode() + (_HERE / "README.rst").read_bytes()
