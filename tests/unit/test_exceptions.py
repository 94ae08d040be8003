"""What can go wrong, and how it is put into words."""

import inspect

from twine import exceptions


def test_a_hint_has_a_line_of_its_own() -> None:
    """The text of an error is what happened, then what to do about it."""
    error = exceptions.InvalidDistribution("It is broken.", hint="Build it again.")

    assert str(error) == "It is broken.\nBuild it again."
    assert error.hint == "Build it again."


def test_the_picture_of_the_tree_is_complete() -> None:
    """Each exception is drawn in the docstring of the module."""
    drawn = exceptions.__doc__ or ""
    names = {
        name
        for name, value in vars(exceptions).items()
        if inspect.isclass(value) and value.__module__ == exceptions.__name__
    }

    assert {name for name in names if name not in drawn} == set()


def test_a_redirect_to_the_same_url_with_a_slash_says_so() -> None:
    """A missing slash at the end is hinted at."""
    error = exceptions.RedirectDetected.from_args(
        "https://index.example/legacy", "https://index.example/legacy/"
    )

    text = str(error)
    assert "`https://index.example/legacy`" in text
    assert "`https://index.example/legacy/`" in text
    assert "slash" in text
