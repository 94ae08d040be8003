"""Made-up credentials, all marked, so that a leak of any of them is seen."""

import base64
import re

SECRET = "s3cr3t"
"""A word in every secret of the tests; no output may ever show it."""
USER = "someone"
PASSWORD = f"{SECRET}-password"
TOKEN = f"pypi-{SECRET}-token"
# As PyPI and TestPyPI make them: the beginning says whose it is, in base64.
PYPI_TOKEN = "pypi-AgEIcHlwaS5vcmcCJ" + SECRET.ljust(150, "x")
TESTPYPI_TOKEN = "pypi-AgENdGVzdC5weXBpLm9yZwIk" + SECRET.ljust(143, "-")
BASIC_AUTH = f"{USER}:{PASSWORD}"
TOKEN_AUTH = f"__token__:{TOKEN}"
LOGIN = {"TWINE_USERNAME": USER, "TWINE_PASSWORD": PASSWORD}

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")

_TO_BE_MASKED = re.compile(r"(?m)(^|\\n)::add-mask::[\w-]+")


def find_leak(text: str) -> str | None:
    """Return the line that shows a secret, also in base64 as headers do, or None.

    GitHub never shows a line that tells it what to mask.
    """
    for line in _TO_BE_MASKED.sub("", text).splitlines():
        words = _BASE64.findall(line)
        if SECRET in line or any(SECRET.encode() in _decode(word) for word in words):
            return line
    return None


def _decode(word: str) -> bytes:
    usable = word.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(usable[: len(usable) // 4 * 4])
