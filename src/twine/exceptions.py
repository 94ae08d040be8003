"""Everything that can go wrong, as one tree.

.. code-block:: text

   TwineException
    ├── InvalidDistribution               a file cannot be published as it is
    ├── PackageNotFound                   ``register`` was given no such file
    ├── InvalidConfiguration              an option or ``.pypirc`` makes no sense
    ├── UnableToReadConfigurationFile     ``.pypirc`` is not UTF-8 text
    ├── UnsupportedConfiguration          the index has no such feature
    ├── InvalidSigningConfiguration       signing was asked for wrongly, or failed
    ├── InvalidSigningExecutable          there is no such signing program
    ├── NonInteractive                    a credential is missing and nobody to ask
    ├── NotListed                        uploaded, but not listed by the index in time
    ├── TrustedPublishingFailure          the CI's identity was not accepted
    ├── UnreachableRepositoryURLDetected  not an ``http`` or ``https`` URL
    ├── UploadToDeprecatedPyPIDetected    a host that PyPI has given up
    ├── InvalidPyPIUploadURL              PyPI, but not where it takes uploads
    └── RedirectDetected                  the index lives somewhere else

A refusal by the index is a :class:`requests.HTTPError`, and a network that
fails a :class:`requests.ConnectionError` or a sibling of it: neither belongs to
this tree, and programs that tell the two families apart may rely on that.
"""

from __future__ import annotations

from collections.abc import Callable


class TwineException(Exception):
    """Say what happened and, where that helps, what to do about it.

    Args:
        args: What happened: one sentence. A list of faults follows it, one a line.
        hint: What to do next.
    """

    def __init__(self, *args: object, hint: str | None = None) -> None:
        super().__init__(*args)
        self.hint = hint

    def __str__(self) -> str:
        """Return what happened, then the hint on a line of its own."""
        message = super().__str__()
        return f"{message}\n{self.hint}" if self.hint else message


class InvalidDistribution(TwineException):
    """A distribution, its signature or its attestations cannot be sent."""


class PackageNotFound(TwineException):
    """The file to register does not exist."""


class InvalidConfiguration(TwineException):
    """An option, an environment variable or ``.pypirc`` is wrong."""


class UnableToReadConfigurationFile(TwineException):
    """A configuration file is not UTF-8 text."""


class InvalidSigningConfiguration(TwineException):
    """The signing options contradict each other, or signing failed."""


class InvalidSigningExecutable(TwineException):
    """The program that should sign is not installed."""


class NonInteractive(TwineException):
    """A credential is missing, and there is nobody to ask for it."""


class NotListed(TwineException):
    """A file was uploaded, and the index does not list it in time."""


class TrustedPublishingFailure(TwineException):
    """Trusted publishing should have worked here, and did not."""


class UnreachableRepositoryURLDetected(TwineException):
    """The URL of an index is not ``http`` or ``https`` with a host."""


class InvalidPyPIUploadURL(TwineException):
    """The URL belongs to PyPI, but is not the one that takes uploads."""


class RedirectDetected(TwineException):
    """The index answered that it lives at another URL."""

    @classmethod
    def from_args(
        cls, repository_url: str, redirect_url: str, *, asks_for_login: bool = False
    ) -> RedirectDetected:
        """Tell both URLs; neither may hold a password any more.

        The second may look like a page to log in at.
        """
        if asks_for_login:
            hint = (
                "That is a page to log in at: check the URL, and whether the password "
                "or token is still valid."
            )
        # Warehouse's routes end in a slash, and so do those of servers made after it.
        elif redirect_url == f"{repository_url}/":
            hint = "Only the slash at the end is missing: use that URL."
        else:
            hint = (
                "A redirect is never followed with credentials. If you trust the "
                "new URL, use it as the repository URL."
            )
        return cls(f"`{repository_url}` redirects to `{redirect_url}`.", hint=hint)


class UploadToDeprecatedPyPIDetected(TwineException):
    """The host once was PyPI, and takes no uploads any more."""

    @classmethod
    def from_args(
        cls, target_url: str, default_url: str, test_url: str
    ) -> UploadToDeprecatedPyPIDetected:
        """Tell which URL is out of use, and which ones PyPI and TestPyPI have today."""
        return cls(
            f"`{target_url}` no longer takes uploads.",
            hint=f"Use `{default_url}` for PyPI or `{test_url}` for TestPyPI; "
            "without a repository URL, PyPI is the default.",
        )


class UnsupportedConfiguration(TwineException):
    """An option was given that this index cannot honour."""

    # Programs know it from 7.0.0.
    class Builder:
        """Collect every unsupported feature, to report them all at once."""

        def __init__(self) -> None:
            self.repository_url = ""
            self.features: list[str] = []

        def with_repository_url(
            self, repository_url: str
        ) -> UnsupportedConfiguration.Builder:
            """Name the index."""
            self.repository_url = repository_url
            return self

        def with_feature(self, feature: str) -> UnsupportedConfiguration.Builder:
            """Add one feature, spelled as the user spells it."""
            self.features.append(feature)
            return self

        def finalize(self) -> UnsupportedConfiguration:
            """Make the exception."""
            features = ", ".join(f"`{feature}`" for feature in self.features)
            return UnsupportedConfiguration(
                f"{features} cannot be used with `{self.repository_url}`: where its "
                "simple API is cannot be told from this URL.",
                hint="Give the root of its simple API with `--check-url`.",
            )


def redact_exception_args(error: BaseException, redact: Callable[[str], str]) -> None:
    """Mask secrets in the texts of an error, which an index may have repeated."""
    error.args = tuple(
        redact(value) if isinstance(value, str) else value for value in error.args
    )
