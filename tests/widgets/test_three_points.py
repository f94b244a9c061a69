"""Three-point edits, duplicates, steps and saving, as a view asks for them."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from media_factory import Recipe, make
from server.scene import wait_until
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.timeline.model import Clip, Gap
from timeline_nb.timeline.speed import speed_of

Row = list[tuple[float, float]]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tl.Studio]:
    folder = tmp_path_factory.mktemp("points")
    make(folder, Recipe("film.mp4", frames=250, size=(320, 180), clicks=True))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        yield studio


@pytest.fixture
def cut(studio: tl.Studio) -> tl.Edit:
    """Seconds 0 to 2 of a film of 10 s, then its seconds 5 to 7, without sound."""
    film = tl.open(studio.settings.roots[0] / "film.mp4", studio=studio)
    cut = tl.Edit("cut", rate=25, size=(320, 180), studio=studio)
    for at, first in ((0, 0), (2, 5)):
        cut.overwrite(film.clip(first, first + 2), at=at, only="picture")
    return cut


@pytest.fixture
def wire(cut: tl.Edit, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire(tl.Editor(cut), monkeypatch)
    wire.hello()
    # Files are read into the bin in the background.
    assert wait_until(
        lambda: any(told["kind"] == "bin" and told["items"] for told, _ in wire.told)
    )
    yield wire
    wire.widget.close()


def _row(cut: tl.Edit, name: str = "V1") -> Row:
    """The first media second and the length of each item; -1 of a gap."""
    found = next((t for t in cut.timeline.tracks if t.name == name), None)
    return [
        (float(item.source_range.start), float(item.duration))
        if isinstance(item, Clip)
        else (-1.0, float(item.duration))
        for item in (found.items if found else ())
        if isinstance(item, (Clip, Gap))
    ]


def _edit(wire: Wire, cut: tl.Edit, mode: str, **points: Any) -> dict[str, Any]:
    path = cut.clips[0].media.path
    given = {"only": "picture", "atS": 0.0, **points}
    return wire.ask("editMedia", path=path, mode=mode, **given)


PLACED: list[tuple[str, dict[str, float], Row]] = [
    ("overwrite", {"inS": 3, "outS": 4, "atS": 1}, [(0, 1), (3, 1), (5, 2)]),
    ("insert", {"inS": 3, "outS": 4, "atS": 1}, [(0, 1), (3, 1), (1, 1), (5, 2)]),
    # The out point of the media and both of the timeline: counted backwards.
    ("insert", {"outS": 9, "atS": 2, "untilS": 3}, [(0, 2), (8, 1), (5, 2)]),
    # All four: the timeline's length counts.
    (
        "overwrite",
        {"inS": 3, "outS": 9, "atS": 1, "untilS": 3},
        [(0, 1), (3, 2), (6, 1)],
    ),
    # No more than there is: the media ends.
    ("overwrite", {"inS": 9, "atS": 1, "untilS": 3}, [(0, 1), (9, 1), (5, 2)]),
    # What lies under the playhead keeps its time and length.
    ("replace", {"inS": 6, "atS": 2.5}, [(0, 2), (6, 2)]),
    # Points between frames lie on the nearest one.
    ("insert", {"inS": 3.01, "outS": 4.01, "atS": 2}, [(0, 2), (3, 1), (5, 2)]),
]


@pytest.mark.parametrize(("mode", "points", "expected"), PLACED)
def test_three_points_are_enough(
    cut: tl.Edit, wire: Wire, mode: str, points: dict[str, float], expected: Row
) -> None:
    steps = len(cut.history.steps)
    answer = _edit(wire, cut, mode, **points)
    assert answer["kind"] == "placedMedia", answer
    assert _row(cut) == expected
    assert len(cut.history.steps) == steps + 1


def test_the_answer_says_where_what_was_placed_ends(cut: tl.Edit, wire: Wire) -> None:
    said = _edit(wire, cut, "insert", inS=3, outS=4, atS=1)
    # It split the first clip, whose rest is not what was placed.
    assert said["untilS"] == 2
    assert _edit(wire, cut, "overwrite", inS=3, outS=5, atS=0.4)["untilS"] == 2.4
    assert _edit(wire, cut, "fitToFill", inS=4, outS=8, atS=0, untilS=2)["untilS"] == 2


def test_the_end_takes_a_part_of_the_media(cut: tl.Edit, wire: Wire) -> None:
    said = _edit(wire, cut, "append", inS=4.0, outS=5.0, only=None)
    assert said["untilS"] == 5
    assert _row(cut) == [(0, 2), (5, 2), (4, 1)]
    assert _row(cut, "A1") == [(-1, 4), (4, 1)]


def test_a_range_is_filled_at_the_speed_that_it_takes(cut: tl.Edit, wire: Wire) -> None:
    _edit(wire, cut, "fitToFill", inS=4.0, outS=8.0, atS=0.0, untilS=2.0)
    first, second = cut.clips
    speed = speed_of(first)
    assert speed is not None
    assert speed.rate == 2
    assert speed.media_time(first.source_range.start) == 4
    assert first.duration == 2
    assert second.source_range.start == Fraction(5)


def test_the_sound_alone_goes_to_its_target(cut: tl.Edit, wire: Wire) -> None:
    cut.add_track("audio", name="Music")
    points = {"inS": 1.0, "outS": 2.0, "atS": 1.0, "soundTrack": "Music"}
    _edit(wire, cut, "overwrite", only="sound", **points)
    assert _row(cut, "Music") == [(-1, 1), (1, 1)]
    assert _row(cut) == [(0, 2), (5, 2)]


@pytest.mark.parametrize(
    ("mode", "points", "message"),
    [
        ("insert", {"atS": 2, "untilS": 1}, "the out point of the timeline lies"),
        ("insert", {"inS": 5, "outS": 4}, "nothing of 'film' lies between"),
        ("fitToFill", {"inS": 5, "outS": 6}, "set in and out on the timeline"),
        ("replace", {"inS": 5, "atS": 4}, "no clip is under the playhead"),
    ],
)
def test_points_that_leave_nothing_are_refused(
    cut: tl.Edit, wire: Wire, mode: str, points: dict[str, float], message: str
) -> None:
    before = cut.timeline
    assert message in _edit(wire, cut, mode, **points)["message"]
    assert cut.timeline is before


@pytest.mark.parametrize(
    ("clip", "given", "expected"),
    [
        (1, {"atS": 4.0}, [(0, 2), (5, 2), (5, 2)]),
        (0, {"atS": 2.0}, [(0, 2), (0, 2), (5, 2)]),
        (0, {"atS": 3.0, "overwrite": True}, [(0, 2), (5, 1), (0, 2)]),
    ],
)
def test_copies_are_placed_and_the_clipboard_is_kept(
    cut: tl.Edit, wire: Wire, clip: int, given: dict[str, Any], expected: Row
) -> None:
    items = [cut.clips[clip].id]
    wire.ask("duplicate", items=items, **given)
    assert _row(cut) == expected
    assert wire.last("session")[0]["canPaste"] is False
    ids = [placed.id for placed in cut.clips]
    assert len(set(ids)) == len(ids)


def test_a_step_of_the_history_is_gone_to(cut: tl.Edit, wire: Wire) -> None:
    cut.split(1)
    cut.delete(0)
    told = wire.last("history")[0]
    assert (told["first"], told["now"]) == (0, 4)
    assert told["labels"][-2:] == ["split", "ripple delete"]
    wire.ask("goToStep", step=2)
    assert _row(cut) == [(0, 2), (5, 2)]
    wire.ask("goToStep", step=4)
    assert _row(cut) == [(1, 1), (5, 2)]
    wire.ask("goToStep", step=0)
    assert _row(cut) == []
    assert wire.last("history")[0]["now"] == 0
    assert wire.ask("goToStep", step=9)["kind"] == "refused"


def test_an_edit_is_saved_and_known_to_be(
    cut: tl.Edit, wire: Wire, studio: tl.Studio, tmp_path: Path
) -> None:
    file = studio.settings.roots[0] / "saved.tlp"
    assert wire.last("history")[0]["isSaved"] is False
    assert wire.ask("saveProject", path=str(file))["kind"] == "done"
    told = wire.last("history")[0]
    assert (told["isSaved"], told["file"], told["saved"]) == (True, "saved.tlp", 2)
    assert tl.load(file, studio=studio).timeline == cut.timeline
    cut.delete(0)
    assert wire.last("history")[0]["isSaved"] is False
    wire.ask("saveProject", path="")
    assert wire.last("history")[0]["saved"] == 3
    assert _row(tl.load(file, studio=studio)) == [(5, 2)]
    elsewhere = tmp_path / "elsewhere.tlp"
    assert wire.ask("saveProject", path=str(elsewhere))["kind"] == "refused"
    assert not elsewhere.exists()
