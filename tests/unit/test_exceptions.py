"""What can go wrong, and how it is put into words."""

import inspect
import pickle

import pytest

from twine import exceptions


def test_a_hint_has_a_line_of_its_own() -> None:
    """The text of an error is what happened, then what to do about it."""
    error = exceptions.InvalidDistribution("It is broken.", hint="Build it again.")

    assert str(error) == "It is broken.\nBuild it again."
    assert error.hint == "Build it again."


def test_without_a_hint_only_the_message_is_told() -> None:
    """An error without a hint is its message, however many arguments there are."""
    assert str(exceptions.TwineException("It is broken.")) == "It is broken."
    assert str(exceptions.TwineException()) == ""


def test_every_exception_belongs_to_one_family() -> None:
    """Whoever catches TwineException catches all of them."""
    classes = [
        value
        for value in vars(exceptions).values()
        if inspect.isclass(value) and value.__module__ == exceptions.__name__
    ]

    assert len(classes) > 10
    assert all(issubclass(value, exceptions.TwineException) for value in classes)
    assert not issubclass(exceptions.TwineException, OSError)


def test_the_picture_of_the_tree_is_complete() -> None:
    """Each exception is drawn in the docstring of the module."""
    drawn = exceptions.__doc__ or ""
    names = {
        name
        for name, value in vars(exceptions).items()
        if inspect.isclass(value) and value.__module__ == exceptions.__name__
    }

    assert {name for name in names if name not in drawn} == set()


def test_an_error_travels_between_processes() -> None:
    """An error that was pickled still has its hint."""
    error = exceptions.InvalidConfiguration("No such file.", hint="Make one.")

    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(again) is exceptions.InvalidConfiguration
    assert str(again) == str(error)


def test_a_redirect_to_the_same_url_with_a_slash_says_so() -> None:
    """A missing slash at the end is hinted at."""
    error = exceptions.RedirectDetected.from_args(
        "https://index.example/legacy", "https://index.example/legacy/"
    )

    text = str(error)
    assert "`https://index.example/legacy`" in text
    assert "`https://index.example/legacy/`" in text
    assert "slash" in text


def test_any_other_redirect_leaves_the_decision_to_the_user() -> None:
    """Another goal is told with both URLs and no word of slashes."""
    error = exceptions.RedirectDetected.from_args(
        "https://index.example/legacy/", "https://other.example/legacy/"
    )

    text = str(error)
    assert "`https://index.example/legacy/`" in text
    assert "`https://other.example/legacy/`" in text
    assert "slash" not in text


def test_a_deprecated_host_is_told_with_its_successors() -> None:
    """The URLs that are in use today stand beside the one that is not."""
    error = exceptions.UploadToDeprecatedPyPIDetected.from_args(
        "https://old.example/", "https://new.example/", "https://test.example/"
    )

    for url in ("https://old.example/", "https://new.example/", "https://test.example"):
        assert url in str(error)


def test_unsupported_features_are_told_together() -> None:
    """The builder collects features; its error names each, and the index."""
    error = (
        exceptions.UnsupportedConfiguration.Builder()
        .with_repository_url("https://index.example/")
        .with_feature("--skip-existing")
        .with_feature("--attestations")
        .finalize()
    )

    assert isinstance(error, exceptions.UnsupportedConfiguration)
    for word in ("https://index.example/", "--skip-existing", "--attestations"):
        assert word in str(error)
    # How to go on without.
    assert "`--keep-going`" in str(error)


def test_two_builders_share_nothing() -> None:
    """What one builder collected is unknown to the next."""
    builder = exceptions.UnsupportedConfiguration.Builder
    builder().with_repository_url("https://a.example/").with_feature("--first")

    second = builder().with_repository_url("https://b.example/").with_feature("--other")

    assert "--first" not in str(second.finalize())


def test_a_builder_without_features_is_still_an_error() -> None:
    """An error is raised even if nothing was collected."""
    error = exceptions.UnsupportedConfiguration.Builder().finalize()

    with pytest.raises(exceptions.TwineException):
        raise error
