"""Names that no disk takes are refused by name, wherever a person gives one."""

from collections.abc import Callable
from pathlib import Path

import pytest

import timeline_nb as tl

LONG = "a" * 300


@pytest.mark.parametrize(
    "call",
    [
        lambda _: tl.read_credentials(f"{LONG}.mp4"),
        lambda folder: tl.unpack(f"{LONG}.zip", folder / "out"),
        lambda _: tl.Edit("long", rate=25, size=(160, 90)).relink(LONG),
    ],
    ids=["read_credentials", "unpack", "relink"],
)
def test_a_path_that_is_too_long_is_refused_by_name(
    tmp_path: Path, call: Callable[[Path], object]
) -> None:
    with pytest.raises(tl.TimelineNbError, match=f"{LONG}.* cannot be "):
        call(tmp_path)
