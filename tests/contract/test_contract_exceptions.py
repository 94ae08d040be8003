"""Every exception: its family, how it is made, what it says."""

import pickle

import pytest
import requests

from twine import exceptions

PLAIN = [
    exceptions.TwineException,
    exceptions.PackageNotFound,
    exceptions.InvalidSigningConfiguration,
    exceptions.InvalidSigningExecutable,
    exceptions.InvalidConfiguration,
    exceptions.InvalidDistribution,
    exceptions.InvalidPyPIUploadURL,
    exceptions.NonInteractive,
    exceptions.RedirectDetected,
    exceptions.TrustedPublishingFailure,
    exceptions.UnableToReadConfigurationFile,
    exceptions.UnreachableRepositoryURLDetected,
    exceptions.UnsupportedConfiguration,
    exceptions.UploadToDeprecatedPyPIDetected,
]


@pytest.mark.parametrize("kind", PLAIN)
def test_exception_is_of_the_family(kind: type[exceptions.TwineException]) -> None:
    """It keeps its message, survives another process, and is none of requests."""
    with pytest.raises(exceptions.TwineException) as raised:
        raise kind("what happened")
    copy = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - our own
    for error in (raised.value, copy):
        assert type(error) is kind
        assert str(error) == error.args[0] == "what happened"
    assert not issubclass(kind, requests.RequestException)
    assert not issubclass(requests.HTTPError, kind)


def test_redirect_names_both_urls() -> None:
    """The constructor takes where the request went and where it was sent on."""
    error = exceptions.RedirectDetected.from_args(
        "https://a.example/up", "https://b.example/up"
    )
    assert isinstance(error, exceptions.RedirectDetected)
    assert "https://a.example/up" in str(error)
    assert "https://b.example/up" in str(error)


def test_deprecated_host_names_three_urls() -> None:
    """The constructor takes the dead URL and the two living ones."""
    error = exceptions.UploadToDeprecatedPyPIDetected.from_args(
        "https://old.example/", "https://new.example/", "https://test.example/"
    )
    assert isinstance(error, exceptions.UploadToDeprecatedPyPIDetected)
    for url in ("https://old.example/", "https://new.example/", "https://test.example"):
        assert url in str(error)


def test_builder_collects_features() -> None:
    """The builder chains, its exception names index and features, and no others."""
    exceptions.UnsupportedConfiguration.Builder().with_feature("--zero").finalize()
    builder = exceptions.UnsupportedConfiguration.Builder()
    same = builder.with_repository_url("https://index.example/")
    assert same is builder
    error = builder.with_feature("--one").with_feature("--two").finalize()
    assert isinstance(error, exceptions.UnsupportedConfiguration)
    for part in ("https://index.example/", "--one", "--two"):
        assert part in str(error)
    assert "--zero" not in str(error)
