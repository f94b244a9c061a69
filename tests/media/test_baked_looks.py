"""Looks that are baked into a table: melt shows the colors that we show."""

from fractions import Fraction
from pathlib import Path

import numpy as np
from media_factory import HEIGHT, WIDTH, Clips
from melt import melted, render
from msgspec.structs import replace
from references import cut_from

from timeline_nb.interchange.mlt import write
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import WriteRequest
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline.model import Effect, Timeline, Track

RATE = Fraction(25)


def test_melt_shows_a_baked_look(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    warm = Effect(kind="sepia", parameters={"amount": 0.7})
    low = Effect(kind="contrast", parameters={"amount": 0.6})
    own = replace(
        cut_from(clips["tone"], library, Fraction(0), 10 / RATE),
        id="c1",
        effects=(low,),
    )
    plain = cut_from(clips["tone"], library, 10 / RATE, 10 / RATE)
    pictures = Track(kind="video", name="V1", items=(own, replace(plain, id="c2")))
    sound = Track(kind="audio", name="A1", items=(replace(own, id="a1", effects=()),))
    timeline = Timeline(
        name="t",
        rate=RATE,
        size=(WIDTH, HEIGHT),
        tracks=(pictures, sound),
        effects=(warm,),
    )
    path = tmp_path / "a b.mlt"
    report = Report(path, "mlt", "export")
    request = WriteRequest(timeline=timeline, path=path, report=report, bake="look")
    made = write(request)
    path.write_bytes(made.data)
    for name, data in made.beside.items():
        (tmp_path / name).write_bytes(data)
    # One table of both effects, and one of that of the whole edit.
    assert sorted(made.beside) == ["a b_look1.cube", "a b_look2.cube"]
    assert report.lost == []
    assert [one.where for one in report.approximated] == [
        'V1, clip "tone" at 00:00:00:00',
        'V1, clip "tone" at 00:00:00:10',
    ]
    theirs, ours = melted(path), render(timeline, library)
    assert len(theirs.frames) == len(ours.frames)
    difference = np.abs(theirs.frames.astype(int) - ours.frames.astype(int))
    assert difference.mean() < 3
    # Without the table, another picture is shown.
    other = replace(timeline, effects=(), tracks=(pictures, sound))
    unlike = np.abs(render(other, library).frames.astype(int) - ours.frames.astype(int))
    assert unlike.mean() > 2 * difference.mean()
