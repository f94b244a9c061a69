"""Another canvas, another frame rate: places and times worked out by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from timelines import RATES, clip, drawn_timelines, empty, media, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.canvas import parse_fit, parse_size
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    MediaReference,
    Timeline,
    Transform,
)
from timeline_nb.timeline.queries import clip_of, range_of
from timeline_nb.timeline.validate import problems

PORTRAIT = (720, 1280)


def _places(timeline: Timeline, number: int = 0) -> list[TimeRange]:
    track = timeline.tracks[number]
    return [
        range_of(track, index)
        for index, item in enumerate(track.items)
        if hasattr(item, "id")
    ]


def test_footage_fills_a_canvas_of_another_aspect() -> None:
    resized = edits.resize(three_clips(), size=PORTRAIT)
    assert resized.size == PORTRAIT
    assert {
        c.transform.fit for c in resized.tracks[0].items if isinstance(c, Clip)
    } == {"fill"}
    boxed = edits.resize(three_clips(), size=PORTRAIT, fit="fit")
    assert clip_of(boxed, "c1").transform == Transform()


def test_a_canvas_of_the_same_aspect_changes_no_transform() -> None:
    cut = edits.set_clip(three_clips(), "c2", transform=Transform(fit="none"))
    small = edits.resize(cut, size=(640, 360))
    assert clip_of(small, "c1") == clip_of(cut, "c1")
    # Pixels of the source stand for half as many of the canvas.
    assert clip_of(small, "c2").transform.scale == 0.5


def test_a_picture_in_picture_keeps_its_share() -> None:
    inset = Transform(scale=0.3, position=(0.8, 0.2))
    cut = edits.set_clip(three_clips(), "c2", transform=inset)
    assert clip_of(edits.resize(cut, size=PORTRAIT), "c2").transform == inset


def test_titles_and_templates_take_the_new_size() -> None:
    of = MediaReference(generator=Effect(kind="title"), size=(1280, 720))
    cut = edits.overlay(three_clips(), clip(0, 1, of=of), at=Fraction(1))
    inner = replace(three_clips(), name="inner")
    nested = MediaReference(timeline=inner, size=inner.size)
    cut = edits.overlay(cut, clip(0, 1, of=nested), at=Fraction(3))
    resized = edits.resize(cut, size=PORTRAIT)
    title, template = clip_of(resized, "c4"), clip_of(resized, "c5")
    assert title.media.size == PORTRAIT
    assert title.transform == Transform()
    assert template.media.timeline is not None
    assert template.media.timeline.size == template.media.size == PORTRAIT
    assert clip_of(template.media.timeline, "c1").transform.fit == "fill"


def test_another_rate_puts_items_on_the_nearest_frames() -> None:
    of = media(seconds=60, has_audio=True)
    third = Fraction(1, 3)
    cut = edits.append(
        empty(Fraction(30)), [clip(0, third, of=of), clip(5, third, of=of)]
    )
    cut = edits.resize(cut, rate=Fraction(24))
    # A third of a second is 8 frames of 24; all stays.
    assert _places(cut) == [TimeRange(Fraction(0), third), TimeRange(third, third)]
    cut = edits.resize(cut, rate=Fraction(25))
    # 8.33 and 16.67 frames of 25 are 8 and 17.
    frames = [
        TimeRange(Fraction(0), Fraction(8, 25)),
        TimeRange(Fraction(8, 25), Fraction(9, 25)),
    ]
    assert _places(cut, 0) == _places(cut, 1) == frames
    assert clip_of(cut, "c3").source_range.start == 5


def test_a_clip_is_not_longer_than_its_media_at_another_rate() -> None:
    of = media(seconds=Fraction(132, 25))
    cut = edits.append(empty(), [clip(0, Fraction(132, 25), of=of)])
    # 126.72 frames of 24: the 127th would end behind the media.
    assert clip_of(edits.resize(cut, rate=Fraction(24)), "c1").duration == Fraction(
        126, 24
    )


def test_dissolves_keep_whole_frames_at_another_rate() -> None:
    cut = edits.transition(three_clips(), after="c1", duration=Fraction(1))
    (place,) = [
        range_of(track, 1) for track in edits.resize(cut, rate=Fraction(15)).tracks
    ]
    # Half a second is 7.5 frames of 15: 7 on either side.
    assert place == TimeRange(Fraction(60 - 7, 15), Fraction(14, 15))


@settings(deadline=None, max_examples=60)
@given(drawn_timelines(), st.sampled_from(RATES))
def test_every_timeline_can_take_another_rate_and_size(
    timeline: Timeline, rate: Fraction
) -> None:
    resized = edits.resize(timeline, rate=rate, size=PORTRAIT)
    assert problems(resized) == ()
    for old, new in zip(timeline.tracks, resized.tracks, strict=True):
        assert old.locked == new.locked
        ids = [[i.id for i in t.items if isinstance(i, Clip)] for t in (old, new)]
        assert ids[0] == ids[1]


def test_a_size_or_rate_that_is_none_is_refused() -> None:
    with pytest.raises(TimelineError, match="721 px is not even"):
        edits.resize(three_clips(), size=(1280, 721))
    with pytest.raises(TimelineError, match="0 frames/s"):
        edits.resize(three_clips(), rate=Fraction(0))


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("720p", (1280, 720)),
        ("360p", (640, 360)),
        ("480p", (854, 480)),
        ("4K", (3840, 2160)),
        ("1280x720", (1280, 720)),
        ("1080 \u00d7 1920", (1080, 1920)),
        ([640, 360], (640, 360)),
    ],
)
def test_sizes_are_read_as_people_write_them(value: str, size: tuple[int, int]) -> None:
    assert parse_size(value) == size


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1080", "did you mean '1080p'"),
        ("full hd", "write \\(1280, 720\\)"),
        ((1280.0, 720.0), "holds 1280.0, a float: give whole pixels"),
        ((1281, 720), "give \\(1282, 720\\)"),
        ((0, 720), "0 px is not between"),
        (1080, "is not a width and a height"),
        ((True, 720), "holds True, a bool"),
    ],
)
def test_what_is_no_size_is_refused_by_name(value: str, message: str) -> None:
    with pytest.raises(TimelineError, match=message):
        parse_size(value)


def test_fits_have_near_names() -> None:
    assert parse_fit("fill") == "fill"
    with pytest.raises(TimelineError, match="fit='cover': did you mean 'fill'"):
        parse_fit("cover")
    with pytest.raises(TimelineError, match="did you mean 'stretch'"):
        parse_fit("strech")
