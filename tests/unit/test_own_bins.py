"""Bins into which a person sorts media, in a file of the data folder."""

from pathlib import Path

import pytest

import timeline_nb as tl
from timeline_nb.media.own_bins import OwnBins


def test_a_medium_lies_in_one_bin_and_is_found_by_another_session(
    tmp_path: Path,
) -> None:
    path = tmp_path / "data"
    bins = OwnBins(path)
    bins.put(["f1", "f2", "f1"], "  Talks  of May ")
    bins.put(["f2"], "Music")
    assert bins.all() == {"Talks of May": ["f1"], "Music": ["f2"]}
    bins.put([], "Empty")
    bins.rename("Music", "Talks of May")
    assert OwnBins(path).all() == {"Talks of May": ["f1", "f2"], "Empty": []}
    bins.put(["f1"], "")
    bins.remove("Empty")
    assert OwnBins(path).all() == {"Talks of May": ["f2"]}


def test_what_cannot_be_is_refused_by_name_and_changes_nothing(tmp_path: Path) -> None:
    bins = OwnBins(tmp_path)
    bins.put(["f1"], "Talks")
    with pytest.raises(tl.MediaError, match="no bin 'Gone'"):
        bins.rename("Gone", "Other")
    with pytest.raises(tl.MediaError, match="needs a name"):
        bins.rename("Talks", "  ")
    with pytest.raises(tl.MediaError, match="at most 100 letters"):
        bins.put(["f1"], "x" * 101)
    with pytest.raises(tl.MediaError, match="10,000 media lie in bins"):
        bins.put([f"f{n}" for n in range(10_001)], "Many")
    assert bins.all() == {"Talks": ["f1"]}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"[1]", b'{"a": [1]}', b"[" * 100_000]
)
def test_a_damaged_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bins.json").write_bytes(content)
    bins = OwnBins(tmp_path)
    assert bins.all() == {}
    bins.put(["f1"], "Talks")
    assert OwnBins(tmp_path).all() == {"Talks": ["f1"]}
