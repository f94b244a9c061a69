"""What a project keeps for the editor, beside the film: old and new files, merges."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from timelines import three_clips

import timeline_nb as tl
from timeline_nb.project.document import editor_of, load, save
from timeline_nb.project.editor_state import Guides, editor_state_of, with_field
from timeline_nb.proof.inputs import digest_of
from timeline_nb.versions.git_files import merge_bytes, written_version

GUIDES = {"guides": {"x": [100.0], "y": [50.0, 60.0]}}


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


def content(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def is_kept(cut: tl.Edit) -> bool:
    return cut.session.is_editor_state_saved


def test_a_file_without_it_is_as_before_and_reads(cut: tl.Edit, tmp_path: Path) -> None:
    path = cut.save(tmp_path / "old.tlp")
    assert set(content(path)) == {"format", "version", "timeline"}
    found = tl.Edit.load(path, studio=cut.studio)
    assert dict(found.session.editor_state) == {}
    assert editor_state_of(found.session.editor_state).guides == Guides()


def test_it_is_saved_and_read_with_what_later_versions_add(
    cut: tl.Edit, tmp_path: Path
) -> None:
    path = cut.save(tmp_path / "new.tlp")
    later = {**GUIDES, "colors": {"of": ["a later version"]}}
    path.write_text(json.dumps({**content(path), "editor": later}))
    found = tl.Edit.load(path, studio=cut.studio)
    assert editor_state_of(found.session.editor_state).guides == Guides(
        x=(100,), y=(50, 60)
    )
    found.session.keep(lambda state: with_field(state, "guides", Guides(x=(7,))))
    found.save()
    assert content(path)["editor"] == {
        "guides": {"x": [7]},
        "colors": {"of": ["a later version"]},
    }
    again = tl.Edit.load(path, studio=cut.studio)
    assert again.timeline == found.timeline


@pytest.mark.parametrize(
    ("editor", "place"),
    [
        ({"guides": {"x": ["left"]}}, r"\$\.editor\.guides\.x\[0\]"),
        ({"guides": {"x": [1] * 201}}, r"\$\.editor\.guides\.x"),
        ({"bins": {"a": [1]}}, r"\$\.editor\.bins"),
        ({"bins": {"a": ["f" * 65]}}, r"\$\.editor\.bins"),
        ([], r"\$\.editor"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    cut: tl.Edit, tmp_path: Path, editor: object, place: str
) -> None:
    path = cut.save(tmp_path / "bad.tlp")
    path.write_text(json.dumps({**content(path), "editor": editor}))
    with pytest.raises(tl.ProjectError, match=place):
        load(path)


def test_a_guide_is_no_change_of_the_film(cut: tl.Edit, tmp_path: Path) -> None:
    path = cut.save(tmp_path / "cut.tlp")
    first = path.rename(tmp_path / "first.tlp")
    cut.save(path)
    before, film = cut.timeline, digest_of(cut.timeline)
    label = cut.session.undo_label
    cut.session.keep(lambda _: GUIDES)
    assert cut.timeline is before
    assert digest_of(cut.timeline) == film
    assert cut.session.undo_label == label
    assert cut.history.is_saved
    assert not is_kept(cut)
    cut.delete("c1")
    cut.undo()
    assert cut.session.editor_state == GUIDES
    cut.save()
    assert is_kept(cut)
    assert content(path)["editor"] == GUIDES
    assert str(tl.diff(first, path, studio=cut.studio)).splitlines() == [
        "Guides: Vertical: none → 100",
        "Guides: Horizontal: none → 50, 60",
    ]


def test_a_merge_keeps_what_ours_has(cut: tl.Edit, tmp_path: Path) -> None:
    path = tmp_path / "cut.tlp"
    save(cut.timeline, path, overwrite=True)
    base = path.read_bytes()
    save(cut.timeline, path, overwrite=True, editor=GUIDES)
    ours = path.read_bytes()
    cut.delete("c1")
    save(cut.timeline, path, overwrite=True)
    theirs = path.read_bytes()
    merged = merge_bytes(base, ours, theirs, path)
    assert merged.is_settled
    written = written_version(merged.timeline, path, merged.editor)
    assert editor_of(written, "merged") == GUIDES
    assert json.loads(written)["timeline"] == json.loads(theirs)["timeline"]


def test_a_reload_shows_what_the_file_has(cut: tl.Edit, tmp_path: Path) -> None:
    path = cut.save(tmp_path / "cut.tlp")
    other = tl.Edit.load(path, studio=cut.studio)
    other.session.keep(lambda _: GUIDES)
    other.save_as_read()
    cut.reload()
    assert cut.session.editor_state == GUIDES
    assert is_kept(cut)


def test_a_reload_keeps_guides_and_bins_that_were_not_saved(
    cut: tl.Edit, tmp_path: Path
) -> None:
    path = cut.save(tmp_path / "cut.tlp")
    other = tl.Edit.load(path, studio=cut.studio)
    other.session.keep(lambda _: GUIDES)
    other.save_as_read()
    cut.session.keep(lambda _: {"guides": {"x": [7.0]}, "bins": {"Talks": ["f1"]}})
    with pytest.warns(RuntimeWarning, match=r"not saved are kept, beside those of cut"):
        cut.reload()
    assert cut.session.editor_state == {
        "guides": {"x": [7.0, 100.0], "y": [50.0, 60.0]},
        "bins": {"Talks": ["f1"]},
    }
    assert not is_kept(cut)
    cut.save()
    assert content(path)["editor"] == cut.session.editor_state
    assert is_kept(cut)


def merged_of(*editors: dict[str, Any], prefer: Any = "") -> tl.Merged:
    """The merge of three projects of one film, which keep these fields."""
    return tl.Merged(*[three_clips()] * 3, kept=editors, prefer=prefer)  # type: ignore[arg-type]


def test_guides_join_by_their_places() -> None:
    # Theirs has moved 20 to 21 and ours removed 30.
    merged = merged_of(
        {"guides": {"x": [10, 20, 30]}},
        {"guides": {"x": [10, 20], "y": [5]}},
        {"guides": {"x": [10, 21, 30], "y": [6]}},
    )
    assert merged.is_settled
    assert merged.editor == {"guides": {"x": [10, 21], "y": [5, 6]}}


def test_bins_join_by_name_and_what_does_not_is_a_conflict() -> None:
    base = {"bins": {"Talks": ["a", "b"], "Music": ["m"], "Old": ["o"]}}
    ours = {"bins": {"Talks": ["a", "b", "c"], "Music": ["m"], "Trips": ["t"]}}
    theirs = {"bins": {"Talks": ["a"], "Old": ["o", "p"], "Cats": ["t"]}}
    merged = merged_of(base, ours, theirs)
    rows = merged.to_rows()
    # Ours has removed what theirs has changed, and each has sorted t elsewhere.
    assert [(row["where"], row["what"]) for row in rows] == [
        ("bins", '"Old"'),
        ("bins", "bin of t"),
    ]
    assert (rows[0]["base"], rows[0]["ours"], rows[0]["theirs"]) == (
        "1 media",
        "",
        "2 media",
    )
    assert merged.editor["bins"] == {"Talks": ["a", "c"], "Trips": ["t"], "Cats": []}
    merged.settle(0, "theirs")
    merged.settle(1, "theirs")
    assert merged.is_settled
    assert merged.editor["bins"] == {
        "Talks": ["a", "c"],
        "Trips": [],
        "Old": ["o", "p"],
        "Cats": ["t"],
    }


def test_a_field_of_a_later_version_is_merged_as_a_whole() -> None:
    three = [{"colors": [n], "guides": {"x": []}} for n in (1, 2, 3)]
    merged = merged_of(*three)
    assert [row["what"] for row in merged.to_rows()] == ["colors"]
    assert merged_of(*three, prefer="theirs").editor["colors"] == [3]
    assert merged_of(three[0], three[0], three[1]).editor["colors"] == [2]


def test_as_many_guides_as_a_file_may_have_are_merged() -> None:
    base, ours, theirs = (
        {"guides": {"x": list(range(first, first + count))}}
        for first, count in ((0, 0), (0, 150), (1000, 150))
    )
    merged = merged_of(base, ours, theirs)
    assert [row["what"] for row in merged.to_rows()] == ["x"]
    assert editor_state_of(merged.editor).guides.x == tuple(range(150))


def test_a_merge_of_files_has_the_guides_and_bins_of_both(
    cut: tl.Edit, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.tlp" for name in ("base", "ours", "theirs")]
    kept: tuple[dict[str, Any], ...] = ({}, GUIDES, {"bins": {"Talks": ["f1"]}})
    for path, editor in zip(paths, kept, strict=True):
        save(cut.timeline, path, editor=editor)
    made = tl.merge(*paths, studio=cut.studio).save(tmp_path / "both.tlp")
    assert content(made)["editor"] == {**GUIDES, "bins": {"Talks": ["f1"]}}
    three = [path.read_bytes() for path in paths]
    merged = merge_bytes(three[0], three[1], three[2], paths[1])
    assert merged.editor == content(made)["editor"]
