"""Guides and bins in an editor: kept with the project, and told to every view."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from timelines import three_clips
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.project.bins import Bins, put
from timeline_nb.project.editor_state import with_field
from timeline_nb.timeline.model import Clip
from timeline_nb.widgets import own_bins_part


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    settings = tl.Settings(data_dir=tmp_path / "data", roots=(tmp_path,))
    with tl.open_studio(settings) as opened:
        yield opened


@pytest.fixture
def cut(studio: tl.Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tl.Edit:
    # The clips' files are those of a folder that may be read.
    monkeypatch.chdir(tmp_path)
    return tl.Edit(timeline=three_clips(), studio=studio)


@pytest.fixture
def wire(cut: tl.Edit, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire(tl.Editor(cut), monkeypatch)
    wire.hello()
    yield wire
    wire.widget.close()


def fingerprints(cut: tl.Edit) -> list[str]:
    items = cut.timeline.tracks[0].items
    return [item.media.fingerprint for item in items if isinstance(item, Clip)]


def test_guides_and_bins_are_kept_until_the_edit_is_saved_and_then_with_it(
    wire: Wire, cut: tl.Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wire.last("guides")[0]["x"] == []
    wire.ask("setGuides", x=[100, 200.5], y=[50])
    guides = wire.last("guides")[0]
    assert (guides["x"], guides["y"]) == ([100, 200.5], [50])
    wire.ask("putInBin", media=fingerprints(cut)[:1], bin="Talks")
    assert not wire.last("history")[0]["isSaved"]
    path = cut.save(tmp_path / "cut.tlp")
    assert wire.last("history")[0]["isSaved"]
    # Another kernel, whose data folder is its own.
    other = tl.Settings(data_dir=tmp_path / "other", roots=(tmp_path,))
    with tl.open_studio(other) as elsewhere:
        opened = Wire(tl.Editor(tl.Edit.load(path, studio=elsewhere)), monkeypatch)
        opened.hello()
        assert opened.last("guides")[0]["x"] == [100, 200.5]
        assert opened.last("ownBins")[0]["bins"] == {"Talks": fingerprints(cut)[:1]}
        assert opened.last("history")[0]["isSaved"]
        opened.widget.close()


def test_two_editors_of_an_edit_show_the_same(
    wire: Wire, cut: tl.Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Wire(tl.Editor(cut), monkeypatch)
    other.hello()
    wire.ask("setGuides", x=[], y=[7])
    assert other.last("guides")[0]["y"] == [7]
    other.ask("putInBin", media=["f1"], bin="Music")
    assert wire.last("ownBins")[0]["bins"] == {"Music": ["f1"]}
    other.widget.close()


def test_bins_of_the_data_folder_come_along_until_the_project_has_its_own(
    cut: tl.Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first, *_] = fingerprints(cut)
    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    kept = {"Talks": [first, "of another edit"], "Others": ["unknown"]}
    (folder / "bins.json").write_text(json.dumps(kept))
    wire = Wire(tl.Editor(cut), monkeypatch)
    wire.hello()
    assert wire.last("ownBins")[0]["bins"] == {"Talks": [first]}
    assert cut.session.is_editor_state_saved
    wire.ask("renameBin", bin="Talks", name="Speeches")
    assert cut.session.editor_state["bins"] == {"Speeches": [first]}
    wire.ask("removeBin", bin="Speeches")
    # Its own are none now: the old ones do not come back.
    assert wire.last("ownBins")[0]["bins"] == {}
    assert json.loads((folder / "bins.json").read_text()) == kept
    wire.widget.close()


def test_of_two_pages_that_sort_at_once_none_is_lost(
    wire: Wire, cut: tl.Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = [{"Theirs": ("a",)}]

    def interrupted(bins: Bins, media: list[str], name: str) -> Bins:
        made = put(bins, media, name)
        if theirs:
            # What the other page keeps at this very moment.
            kept = theirs.pop()
            cut.session.keep(lambda state: with_field(state, "bins", kept))
        return made

    monkeypatch.setattr(own_bins_part, "put", interrupted)
    wire.ask("putInBin", media=["b"], bin="Ours")
    assert wire.last("ownBins")[0]["bins"] == {"Theirs": ["a"], "Ours": ["b"]}
