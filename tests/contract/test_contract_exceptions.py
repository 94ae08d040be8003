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
def test_each_is_caught_as_the_family(kind: type[exceptions.TwineException]) -> None:
    """A program that raises one itself catches it by the family, message kept."""
    with pytest.raises(exceptions.TwineException) as raised:
        raise kind("what happened")
    assert type(raised.value) is kind
    assert str(raised.value) == "what happened"
    assert raised.value.args[0] == "what happened"


@pytest.mark.parametrize("kind", PLAIN)
def test_none_is_a_failure_of_requests(kind: type[exceptions.TwineException]) -> None:
    """The two families have no member in common."""
    assert not issubclass(kind, requests.RequestException)
    assert not issubclass(requests.HTTPError, kind)


@pytest.mark.parametrize("kind", PLAIN)
def test_each_survives_another_process(kind: type[exceptions.TwineException]) -> None:
    """Programs that upload in worker processes get the same exception back."""
    copy = pickle.loads(pickle.dumps(kind("what happened")))  # noqa: S301 - our own
    assert type(copy) is kind
    assert str(copy) == "what happened"


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
    """The builder chains, and its exception names index and features."""
    builder = exceptions.UnsupportedConfiguration.Builder()
    same = builder.with_repository_url("https://index.example/")
    assert same is builder
    error = builder.with_feature("--one").with_feature("--two").finalize()
    assert isinstance(error, exceptions.UnsupportedConfiguration)
    for part in ("https://index.example/", "--one", "--two"):
        assert part in str(error)


def test_builder_is_used_for_one_exception_each() -> None:
    """A new builder knows nothing of an earlier one."""
    exceptions.UnsupportedConfiguration.Builder().with_feature("--one").finalize()
    error = exceptions.UnsupportedConfiguration.Builder().with_feature("--two")
    assert "--one" not in str(error.finalize())
