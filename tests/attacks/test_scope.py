"""No path leads out of a scope, and no race: in one call, and folder by folder."""

import sys

import pytest
from attacks.scope import paths_tried, races

from timeline_nb.access.no_links import openat2_works

WALKS = [
    pytest.param(
        False,
        id="openat2",
        marks=pytest.mark.skipif(not openat2_works(), reason="no openat2 here"),
    ),
    pytest.param(True, id="walk"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="the list is of Linux")
@pytest.mark.parametrize("walk", WALKS)
def test_no_path_leads_out(walk: bool) -> None:  # noqa: FBT001 - a parameter
    figures = paths_tried(walk=walk)
    print(figures)
    assert figures.opened > 20
    assert figures.refused > 100
    assert not figures.faults, figures.faults


@pytest.mark.parametrize("walk", WALKS)
def test_no_race_leads_out(walk: bool) -> None:  # noqa: FBT001 - a parameter
    figures = races(3, 1, walk=walk)
    print(figures)
    # Something was swapped, and something was read all the same.
    assert min(figures.fine, figures.refused, figures.swaps) > 50
    assert not figures.faults, figures.faults
