"""After a kill the old or the new content is whole, and the next write cleans up."""

import pytest
from attacks.kills import kills_of


@pytest.mark.parametrize(
    ("scene", "count"),
    [
        ("save", 6),
        ("version", 4),
        ("journal", 8),
        ("segment", 4),
        ("index", 3),
        ("render", 2),
        ("sequence", 2),
        ("lock", 3),
        ("pack", 3),
    ],
)
def test_kills_lose_nothing_and_leave_nothing(scene: str, count: int) -> None:
    figures = kills_of(scene, count, 1)
    assert figures.kills == count
    assert not figures.faults, figures.faults


@pytest.mark.whole
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    ("scene", "count"), [("save", 1_000), ("journal", 500), ("render", 200)]
)
def test_many_kills(scene: str, count: int) -> None:
    figures = kills_of(scene, count, 2)
    print(figures)
    # Some came in the middle of a write.
    assert figures.left > 0
    assert not figures.faults, figures.faults
