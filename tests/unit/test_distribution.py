"""What wheels and sdists have in common."""

from collections.abc import Callable
from pathlib import Path

import pytest

from twine import exceptions
from twine.distribution import Distribution
from twine.sdist import SDist
from twine.wheel import Wheel


@pytest.mark.parametrize("make", [Wheel, SDist])
@pytest.mark.parametrize("suffix", ["-py3-none-any.whl", ".tar.gz", ".zip"])
def test_a_file_must_be_there_and_be_a_file(
    tmp_path: Path, make: Callable[[str], Distribution], suffix: str
) -> None:
    """What is missing, and a folder named like a file, are refused by name."""
    path = tmp_path / f"pkg-1.0{suffix}"

    with pytest.raises(exceptions.InvalidDistribution) as missing:
        make(str(path))
    path.mkdir()
    with pytest.raises(exceptions.InvalidDistribution) as folder:
        make(str(path))

    assert path.name in str(missing.value)
    assert path.name in str(folder.value)
