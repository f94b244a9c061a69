"""Bins into which a person sorts media, as a project keeps them."""

import json
from pathlib import Path

import pytest

import timeline_nb as tl
from timeline_nb.project.bins import bins_of_data_folder, put, removed, renamed


def test_a_medium_lies_in_one_bin() -> None:
    bins = put({}, ["f1", "f2", "f1"], "  Talks  of May ")
    bins = put(bins, ["f2"], "Music")
    assert bins == {"Talks of May": ("f1",), "Music": ("f2",)}
    bins = renamed(put(bins, [], "Empty"), "Music", "Talks of May")
    assert bins == {"Talks of May": ("f1", "f2"), "Empty": ()}
    assert removed(put(bins, ["f1"], ""), "Empty") == {"Talks of May": ("f2",)}


def test_what_cannot_be_is_refused_by_name() -> None:
    bins = put({}, ["f1"], "Talks")
    with pytest.raises(tl.ProjectError, match="no bin 'Gone'"):
        renamed(bins, "Gone", "Other")
    with pytest.raises(tl.ProjectError, match="needs a name"):
        renamed(bins, "Talks", "  ")
    with pytest.raises(tl.ProjectError, match="at most 100 letters"):
        put(bins, ["f1"], "x" * 101)
    with pytest.raises(tl.ProjectError, match="10,000 media lie in bins"):
        put(bins, [f"f{n}" for n in range(10_001)], "Many")
    many = {f"bin {n}": () for n in range(200)}
    with pytest.raises(tl.ProjectError, match="there are 200 bins"):
        put(many, [], "Another")


def test_bins_of_the_data_folder_come_with_the_media_that_count(tmp_path: Path) -> None:
    kept = {"Talks": ["f1", "f2"], "Music": ["f3"], "Of others": ["f4"]}
    (tmp_path / "bins.json").write_text(json.dumps(kept))
    found = bins_of_data_folder(tmp_path, ["f2", "f3", "f9"])
    assert found == {"Talks": ("f2",), "Music": ("f3",)}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"[1]", b'{"a": [1]}', b"[" * 100_000]
)
def test_a_damaged_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bins.json").write_bytes(content)
    assert bins_of_data_folder(tmp_path, ["f1"]) == {}
