"""Nothing stops, and nothing is lost, when everything happens at once."""

import pytest
from attacks.editing_together import stress


def test_all_at_once_for_a_few_seconds() -> None:
    figures = stress(4, seed=1)
    assert figures.faults == []
    assert figures.accepted > 100


@pytest.mark.whole
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(5))
def test_all_at_once_for_a_minute(seed: int) -> None:
    figures = stress(60, seed)
    assert figures.faults == []
