import pytest
from attacks.side_files import FAMILIES, faults_of_side_files


# Some hundred files, one after another: minutes on a machine with other work.
@pytest.mark.timeout(1800)
def test_hostile_and_mutated_side_files_are_read_or_refused() -> None:
    # A loaded machine may be three times as slow as the figures' limit asks.
    count = len(FAMILIES) + 60
    figures = faults_of_side_files(count, 1, size=100_000, limit_s=30)
    assert not figures.faults, figures.faults
    assert figures.accepted > 40
    assert figures.refused > 25


@pytest.mark.whole
@pytest.mark.timeout(3600)
def test_hundreds_of_hostile_side_files() -> None:
    figures = faults_of_side_files(500, 2, limit_s=30)
    assert not figures.faults, figures.faults
