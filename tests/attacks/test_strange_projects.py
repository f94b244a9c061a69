import pytest
from attacks.strange_projects import PLACES, strange_projects


def test_projects_of_strangers_read_nothing_outside() -> None:
    figures = strange_projects(40, 1, renders=False)
    assert not figures.faults, figures.faults[0]
    assert figures.refused > 20


def test_films_of_strangers_show_nothing_outside() -> None:
    figures = strange_projects(8, 2)
    assert not figures.faults, figures.faults[0]
    assert figures.refused > 3


def test_the_attack_sees_what_is_read() -> None:
    figures = strange_projects(25, 5, renders=False, allowed=True)
    assert any("opened" in fault for fault in figures.faults)
    assert any("is shown" in fault for fault in figures.faults)


def test_every_place_of_a_path_is_attacked() -> None:
    assert len(PLACES) == 14


@pytest.mark.whole
def test_thousands_of_projects_of_strangers() -> None:
    figures = strange_projects(2_000, 4)
    assert not figures.faults, figures.faults[0]
