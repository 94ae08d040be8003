"""What makes values of the texts that stand on a command line."""

from __future__ import annotations

import argparse
import functools
import math
import re
from collections.abc import Sequence

# More than eleven days; Windows waits for no more than 2**31 milliseconds, 24 days.
_LONGEST_TIMEOUT = 1_000_000


def positive_seconds(text: str) -> float:
    """Return a length of time in seconds.

    Raises:
        ArgumentTypeError: It is none.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan  # within no bounds, as is what `float` makes of "nan"
    if not 0 < seconds <= _LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of seconds above 0 and up to {_LONGEST_TIMEOUT}"
        )
    return seconds


def natural_number(text: str, *, least: int = 0) -> int:
    """Return a number that may be 0, or must be more.

    Raises:
        ArgumentTypeError: It is none.
    """
    # `int` would take `1_0` and digits of every script as well.
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a whole number from {least} to 999999999"
        )
    return int(text)


class OneOf:
    """What makes sure that a value is one of some words."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def __call__(self, text: str) -> str:
        """Return the text.

        Raises:
            ArgumentTypeError: It is none of them.
        """
        if text not in self.words:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not one of {', '.join(self.words)}"
            )
        return text


def one_of(*words: str) -> OneOf:
    """Return what makes sure that a value is one of some words."""
    return OneOf(words)


def port_number(text: str) -> int:
    """Return a TCP port; 0 stands for a free one.

    Raises:
        ArgumentTypeError: It is none.
    """
    number = natural_number(text)
    if number >= 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: they end at 65535")
    return number


counting_number = functools.partial(natural_number, least=1)
