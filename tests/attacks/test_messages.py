"""A flood of messages harms nothing: no foreign error, thread or memory is left."""

import pytest
from attacks.messages import flood_of_messages


def test_a_few_hundred_messages() -> None:
    figures = flood_of_messages(400, seed=1)
    assert figures.faults == [], str(figures)


@pytest.mark.whole
@pytest.mark.timeout(3600)
def test_ten_thousand_messages() -> None:
    figures = flood_of_messages(10_000, seed=2)
    assert figures.faults == [], str(figures)
