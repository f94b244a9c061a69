"""A kill loses at most the step in flight, whatever was saved or not."""

import pytest
from attacks.killed_edits import killed_edits


def test_a_kill_loses_at_most_the_step_in_flight() -> None:
    figures = killed_edits(20, 1)
    assert figures.kills == 20
    assert figures.at_work > 10
    assert figures.steps > 100
    assert not figures.faults, figures.faults


@pytest.mark.whole
@pytest.mark.timeout(3600)
def test_a_thousand_kills() -> None:
    figures = killed_edits(1_000, 2)
    print(figures)
    assert not figures.faults, figures.faults
