"""A project's name that is a link to itself is refused by name."""

from pathlib import Path

import pytest

import timeline_nb as tl


def test_a_loop_of_links_is_no_place_for_a_project(tmp_path: Path) -> None:
    loop = tmp_path / "loop.tlp"
    loop.symlink_to(loop)
    cut = tl.Edit("loop", rate=25, size=(160, 90))
    with pytest.raises(tl.ProjectError, match=r"loop\.tlp cannot be written: .* loop"):
        cut.save(loop)
    assert loop.is_symlink()
