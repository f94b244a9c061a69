"""Cuts of an AAF, read without the adapter: the same as it reads."""

import json
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from timelines import clip, empty, media

from timeline_nb.interchange import aaf, aaf_child
from timeline_nb.interchange.aaf_cuts import Cuts
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest, WriteRequest
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Timeline

opentimelineio = pytest.importorskip("opentimelineio")
pytest.importorskip("otio_aaf_adapter")
aaf2 = import_module("aaf2")


def an_edit(rate: Fraction) -> Timeline:
    """Clips of three media, one of which has two names, with a gap and sound."""
    row = [
        clip(n * 30 / rate, 40 / rate, of=media(name, has_audio=True), name=name[:2])
        for n, name in enumerate(("a1.mov", "b2.mov", "a1.mov", "c3.mov"), 1)
    ]
    cut = edits.append(empty(rate), [*row, replace(row[0], name="other")])
    return edits.lift(cut, cut.tracks[0].items[1].id)  # type: ignore[union-attr]


@cache
def written(rate: Fraction) -> bytes:
    path, hour = Path("a.aaf"), Fraction(3600)
    report = Report(path, "aaf", "export")
    request = WriteRequest(
        timeline=an_edit(rate), path=path, report=report, timecode_of=lambda _: hour
    )
    return aaf.write(request).data


def file_of(folder: Path, rate: Fraction) -> Path:
    path = folder / "a.aaf"
    path.write_bytes(written(rate))
    return path


def cuts(path: Path) -> dict[str, Any] | None:
    aaf_child._pyaaf2()
    with aaf2.open(str(path), "r") as file:
        return Cuts(aaf2, file).document()


def of_the_adapter(path: Path) -> Any:
    made = opentimelineio.adapters.read_from_file(str(path), adapter_name="AAF")
    aaf_child._forget_metadata(made)
    text = opentimelineio.adapters.write_to_string(made, "otio_json")
    return _without_colors(json.loads(text))


def _without_colors(value: Any) -> Any:
    """Leave out the colors of items, which are none."""
    if isinstance(value, list):
        return [_without_colors(one) for one in value]
    if not isinstance(value, dict):
        return value
    assert value.get("color") is None
    return {name: _without_colors(v) for name, v in value.items() if name != "color"}


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001)])
def test_cuts_are_what_the_adapter_reads(tmp_path: Path, rate: Fraction) -> None:
    path = file_of(tmp_path, rate)
    found = cuts(path)
    assert found is not None
    assert found == of_the_adapter(path)
    assert [len(t["children"]) for t in found["tracks"]["children"]] == [5, 5]


def _with_a_second_edit(file: Any) -> None:
    other = file.create.CompositionMob("other")
    other.usage = "Usage_TopLevel"
    slot = other.create_empty_sequence_slot(25)
    slot.segment.components.append(file.create.Filler("picture", 10))
    file.content.mobs.append(other)


def _with_a_longer_clip(file: Any) -> None:
    """Make the first clip show more than its medium has."""
    (composition,) = file.content.toplevel()
    next(iter(composition.slots)).segment.components[0].length = 100_000


def _with_timecode_of_the_master(file: Any) -> None:
    slot = next(file.content.mastermobs()).create_timeline_slot(25)
    slot["PhysicalTrackNumber"].value = 1
    slot.segment = file.create.Timecode(25)


def _with_a_nested_edit(file: Any) -> None:
    (composition,) = file.content.toplevel()
    inner = file.create.CompositionMob("inner")
    inner.create_empty_sequence_slot(25, slot_id=1)
    file.content.mobs.append(inner)
    clip_of_it = file.create.SourceClip(0, 10, inner.mob_id, 1, "picture")
    next(iter(composition.slots)).segment.components.append(clip_of_it)


def _with_a_master_of_another_rate(file: Any) -> None:
    """Show a medium of 25 frames a second by a master of 24, in a track of 24."""
    (composition,) = file.content.toplevel()
    master = next(file.content.mastermobs())
    source = next(iter(master.slots)).segment
    other = file.create.MasterMob("other")
    file.content.mobs.append(other)
    slot = other.create_timeline_slot(24, slot_id=1)
    slot.segment = file.create.SourceClip(
        0, 10, source.mob_id, source.slot_id, "picture"
    )
    track = composition.create_empty_sequence_slot(24)
    shown = file.create.SourceClip(0, 10, other.mob_id, 1, "picture")
    track.segment.components.append(shown)


@pytest.mark.parametrize(
    "change",
    [
        _with_a_second_edit,
        _with_a_master_of_another_rate,
        _with_a_longer_clip,
        _with_timecode_of_the_master,
        _with_a_nested_edit,
    ],
)
def test_all_else_is_left_to_the_adapter(
    tmp_path: Path, change: Callable[[Any], None]
) -> None:
    path = file_of(tmp_path, Fraction(25))
    with aaf2.open(str(path), "rw") as file:
        change(file)
    assert cuts(path) is None


def test_an_edit_that_the_adapter_read_has_no_metadata_of_it(tmp_path: Path) -> None:
    path = file_of(tmp_path, Fraction(25))
    with aaf2.open(str(path), "rw") as file:
        _with_timecode_of_the_master(file)
    report = Report(path, "aaf", "import")
    request = ReadRequest(
        data=path.read_bytes(), name="a.aaf", path=path, report=report
    )
    found = aaf.read(request)
    assert "MasterMob" not in repr(found)
    assert len([c for c in found.tracks[0].items if isinstance(c, Clip)]) == 4


class StoppedError(Exception):
    """A person stopped it."""


def test_reading_ends_when_a_person_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # It would hang for a minute.
    monkeypatch.setattr(aaf, "_CHILD", "stand_ins.failing_child")
    monkeypatch.setenv("FAILING_CHILD", "hang")

    def stop() -> None:
        raise StoppedError

    path = Path("a.aaf")
    report = Report(path, "aaf", "import")
    request = ReadRequest(data=b"", name="a.aaf", path=path, report=report, check=stop)
    with pytest.raises(StoppedError):
        aaf.read(request)
