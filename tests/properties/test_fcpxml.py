"""FCPXML: what is written comes back, or the report says what does not."""

import os
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from sample_files import sample_files
from timelines import drawn_timelines

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.fcpxml.read_document import edit_of
from timeline_nb.interchange.fcpxml.write_document import fcpxml_of
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatText,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.flatten import flatten
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import not_found
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.validate import problems

# The folder of Apple's DTDs, as `Final_Cut_Pro_XML_DTD_version_1.10.dtd`; they are not
# ours to hand on.
DTDS = os.environ.get("TIMELINE_NB_FCPXML_DTDS", "")


def a_report() -> Report:
    return Report(Path("a.fcpxml"), "fcpxml", "export")


def written(timeline: Timeline) -> tuple[FlatEdit, str, Report]:
    report = a_report()
    flat = flatten(timeline, report)
    return flat, fcpxml_of(flat, report), report


def row_of(track: FlatTrack) -> list[object]:
    """What is on a track, as far as Final Cut has it."""
    found: list[object] = []
    for item in track.items:
        if isinstance(item, FlatText):
            found.append((item.start, item.duration, plain(item.text)))
        elif isinstance(item, FlatTransition):
            # The kind is told, where it is another.
            found.append((item.at, item.in_offset, item.out_offset))
        elif isinstance(item, FlatClip):
            found.append(facts_of(item, track))
    return sorted(found, key=str)


def plain(text: str) -> str:
    """A text without what XML cannot hold."""
    return "".join(c if c.isprintable() and ord(c) < 0xE000 else "?" for c in text)


def facts_of(clip: FlatClip, track: FlatTrack) -> tuple[object, ...]:
    media = clip.media
    shown: tuple[object, ...] = (media.path, clip.source_start, clip.speed)
    if media.generator is not None:
        shown = (media.generator.kind,)
    elif media.edit is not None:
        shown = (media.edit.name, clip.source_start)
    is_picture = track.kind == "video"
    gain = round(clip.gain_db + track.gain_db, 6)
    return (
        *(clip.start, clip.duration, *shown, clip.fade_in, clip.fade_out),
        round(clip.transform.opacity, 6) if is_picture else gain,
        # Sound has no opacity, and pictures have no gain.
        [
            (name, len(keys))
            for name, keys in sorted(clip.keyframes)
            if (name in {"gain_db", "pan"}) != is_picture
        ],
        [(one.start, plain(one.name)) for one in clip.markers],
    )


def rows_of(edit: FlatEdit) -> dict[tuple[str, int], list[object]]:
    """What is on each track that is not empty, by kind and number."""
    rows: dict[tuple[str, int], list[object]] = {}
    counts = Counter[str]()
    for track in edit.tracks:
        row = row_of(track)
        if row:
            rows[track.kind, counts[track.kind]] = row
            counts[track.kind] += 1
    return rows


def without_statics(edit: FlatEdit) -> FlatEdit:
    """The edit with the values that its keyframes override taken from the first one."""
    return replace(edit, tracks=tuple(map(_without, edit.tracks)))


def _without(track: FlatTrack) -> FlatTrack:
    items = []
    for item in track.items:
        own = item
        if isinstance(own, FlatClip) and own.keys("opacity"):
            from msgspec.structs import replace as changed

            own = replace(own, transform=changed(own.transform, opacity=1.0))
        items.append(own)
    return replace(track, items=tuple(items))


# What makes clips leave the edit, and so moves what is compared.
GONE = ("the clip", "the adjustment layer", "the generator")


@given(drawn_timelines(12))
@settings(max_examples=60, deadline=None)
def test_an_edit_comes_back_or_the_report_says_why_not(timeline: Timeline) -> None:
    flat, text, report = written(timeline)
    back = edit_of(text.encode(), "a.fcpxml", a_report(), not_found)
    assert (back.rate, back.size) == (flat.rate, flat.size)
    told = [one.what for one in report.lost]
    if any(what.startswith(GONE) for what in told):
        return
    assert rows_of(without_statics(back)) == rows_of(without_statics(flat))
    assert [m.start for m in back.markers] == sorted(m.start for m in flat.markers)


@given(drawn_timelines(12))
@settings(max_examples=40, deadline=None)
def test_links_come_back_or_are_reported(timeline: Timeline) -> None:
    flat, text, report = written(timeline)
    back = edit_of(text.encode(), "a.fcpxml", a_report(), not_found)
    if any(one.what.startswith((*GONE, "the link")) for one in report.lost):
        return
    assert pairs_in(back) == pairs_in(flat)


def pairs_in(edit: FlatEdit) -> list[tuple[Fraction, Fraction]]:
    """Where linked clips begin."""
    groups: dict[str, list[Fraction]] = {}
    for track in edit.tracks:
        for clip in track.clips:
            if clip.link:
                groups.setdefault(clip.link, []).append(clip.start)
    return sorted((own[0], own[1]) for own in groups.values() if len(own) > 1)


@given(drawn_timelines())
@settings(max_examples=25, deadline=None)
def test_what_is_read_is_valid(timeline: Timeline) -> None:
    _, text, _ = written(timeline)
    edit = edit_of(text.encode(), "a.fcpxml", a_report(), not_found)
    made = unflatten(edit, a_report())
    assert [p for p in problems(made) if " id " not in p.message] == []


@pytest.mark.skipif(
    not DTDS or not shutil.which("xmllint"), reason="needs Apple's DTDs, and xmllint"
)
@given(drawn_timelines(12))
@settings(max_examples=40, deadline=None)
def test_what_is_written_follows_the_dtd(timeline: Timeline) -> None:
    _, text, _ = written(timeline)
    dtd = Path(DTDS, "Final_Cut_Pro_XML_DTD_version_1.10.dtd")
    command = ["xmllint", "--noout", "--dtdvalid", str(dtd), "-"]
    done = subprocess.run(
        command, input=text.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[:500]


def test_files_of_final_cut_are_read_as_long_as_they_say() -> None:
    files = sample_files(".fcpxml")
    assert len(files) >= 5
    for name, data in files.items():
        try:
            edit = edit_of(data, name, a_report(), not_found)
        except ProjectError as error:
            pytest.fail(f"{name} is refused: {error}")
        told = told_duration(data.decode())
        # Gaps at the end are no items of ours.
        most = told is None or edit.duration / edit.rate <= told + Fraction(1, 1000)
        assert most, name


def told_duration(text: str) -> Fraction | None:
    """The duration of the first project's sequence, as its file says it."""
    import re

    project = text.find("<project")
    found = re.search(r'<sequence[^>]* duration="([0-9/]+)s"', text[max(0, project) :])
    return Fraction(found[1]) if project >= 0 and found else None
