"""Random edits, each composed frame beside a plain walk along the track."""

import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_factory import NTSC, Clips, read_number
from references import cut_from

from timeline_nb.compose.compositor import Compositor
from timeline_nb.errors import TimelineNbError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Timeline, Transition
from timeline_nb.timeline.queries import clips as clips_of

SOURCES = ("cfr", "vfr", "ntsc", "open_gop", "transport", "matroska", "late")
RATES = (Fraction(25), NTSC, Fraction(24000, 1001), Fraction(50))


def _some_clip(chance: random.Random, clips: Clips, library: MediaLibrary) -> Clip:
    path = clips[chance.choice(SOURCES)]
    index = library.index(library.probe(path))
    begin, end = index.time_of(0), index.end_of(len(index) - 1)
    start = begin + (end - begin) * Fraction(chance.randint(5, 50), 100)
    length = (end - start) * Fraction(chance.randint(10, 70), 100)
    return cut_from(path, library, start, length)


def _some_edit(
    chance: random.Random, timeline: Timeline, make: Callable[[], Clip]
) -> Timeline:
    ids = [clip.id for clip in clips_of(timeline)] or ["none"]
    item, time = chance.choice(ids), Fraction(chance.randint(0, 100), 25)
    by = Fraction(chance.randint(-10, 10), 25)
    verbs: list[Callable[[], Timeline]] = [
        lambda: edits.split(timeline, at=time),
        lambda: edits.ripple_delete(timeline, item),
        lambda: edits.insert(timeline, [make()], at=time),
        lambda: edits.overwrite(timeline, [make()], at=time),
        lambda: edits.slip(timeline, item, by=by),
        lambda: edits.roll(timeline, item, by=by),
        lambda: edits.transition(timeline, after=item, duration=Fraction(6, 25)),
        lambda: edits.lift(timeline, item),
        lambda: edits.move(timeline, item, to=time),
    ]
    try:
        return chance.choice(verbs)()
    except TimelineNbError:
        return timeline


def _expected(timeline: Timeline, time: Fraction, library: MediaLibrary) -> int | None:
    """The number that must be seen; None for black."""
    at = Fraction(0)
    track = next(t for t in timeline.tracks if t.kind == "video")
    for item in track.items:
        if isinstance(item, Transition):
            continue
        if at <= time < at + item.duration:
            if not isinstance(item, Clip):
                return None
            index = library.index(library.probe(Path(item.media.path)))
            shown = item.source_range.start + time - at
            ticks = (shown + index.start_time) / index.time_base
            return sum(int(pts) <= ticks for pts in index.pts) - 1
        at += item.duration
    return None


def _mixed(timeline: Timeline, time: Fraction) -> bool:
    """Whether a transition plays, and two numbers are seen at once."""
    at = Fraction(0)
    track = next(t for t in timeline.tracks if t.kind == "video")
    for item in track.items:
        if isinstance(item, Transition):
            if at - item.in_offset <= time < at + item.out_offset:
                return True
        else:
            at += item.duration
    return False


@pytest.mark.parametrize("seed", range(12))
def test_random_edits_show_the_frames_that_a_plain_walk_finds(
    seed: int, clips: Clips, library: MediaLibrary
) -> None:
    chance = random.Random(seed)
    rate = chance.choice(RATES)

    def make() -> Clip:
        return _some_clip(chance, clips, library)

    timeline = Timeline(name="random", rate=rate, size=(192, 112))
    timeline = edits.append(timeline, [make() for _ in range(4)])
    for _ in range(6):
        timeline = _some_edit(chance, timeline, make)
    with Compositor(timeline, library) as compositor:
        for number, picture in enumerate(compositor.frames()):
            time = number / rate
            if _mixed(timeline, time):
                continue
            expected = _expected(timeline, time, library)
            rgb = np.asarray(picture.to_ndarray(format="rgb24"), np.uint8)
            if expected is None:
                assert rgb.max() < 20
            else:
                assert read_number(rgb) == expected
