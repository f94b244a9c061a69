"""Projects that are mutated or huge, opened in a child."""

import pytest
from attacks.projects import HUGE, huge_projects, originals, projects_read, use_project


def test_the_originals_are_opened_drawn_and_saved() -> None:
    for data in originals():
        use_project(data)


def test_mutated_projects_are_refused_or_whole() -> None:
    figures = projects_read(300, seed=15)
    assert figures.faults == []
    assert figures.accepted > 20
    assert figures.refused > 100


def test_huge_projects_are_refused() -> None:
    figures = huge_projects()
    assert figures.faults == []
    # Eased keyframes are many, and right; a title is refused where it is drawn.
    assert figures.accepted == 2
    assert figures.refused == len(HUGE) - 2


@pytest.mark.whole
def test_ten_thousand_mutated_projects() -> None:
    assert projects_read(10_000, seed=1500).faults == []
