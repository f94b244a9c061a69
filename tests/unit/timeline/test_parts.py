"""Parts of a timeline, redaction that follows, titles that change."""

from fractions import Fraction

import pytest
from msgspec.structs import replace
from timelines import clip, empty, media, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Keyframe,
    Keyframes,
    MediaReference,
    Timeline,
    Track,
)
from timeline_nb.timeline.queries import clip_of, clips, duration

COVER = Effect(kind="redaction", parameters={"fingerprint": "ab", "boxes": []})
REFRAME = Effect(kind="reframe", parameters={"fingerprint": "ab"})
STREET = replace(media(has_audio=True), fingerprint="ab")
OTHER = replace(media("other.mp4"), fingerprint="cd")


def redacted_cut() -> Timeline:
    cut = edits.append(empty(), [clip(0, 4, of=STREET), clip(0, 2, of=OTHER)])
    return edits.set_clip(cut, "c1", effects=(COVER,))


def _kinds(timeline: Timeline, item_id: str) -> list[str]:
    return [effect.kind for effect in clip_of(timeline, item_id).effects]


def test_new_clips_of_redacted_media_are_redacted() -> None:
    cut = redacted_cut()
    new = [clip(9, 1, of=STREET), clip(9, 1, of=OTHER)]
    for grown in (
        edits.append(cut, new),
        edits.insert(cut, new, at=Fraction(1)),
        edits.overwrite(cut, new, at=Fraction(8)),
        edits.overlay(cut, new[0], at=Fraction(1)),
        edits.paste(cut, [("V1", Fraction(0), new[0])], at=Fraction(9)),
    ):
        shown = [
            item
            for track in grown.tracks
            if track.kind == "video"
            for item in track.items
            if isinstance(item, Clip) and item.media == STREET
        ]
        assert len(shown) >= 2
        assert all(COVER in item.effects for item in shown)
        assert edits.uncovered(grown) == []
        others = [item for item in clips(grown) if item.media == OTHER]
        assert not any(item.effects for item in others)
    # Sound is not redacted: it has no boxes.
    assert _kinds(edits.append(cut, new), "c5") == []


def test_covers_go_before_windows() -> None:
    framed = replace(clip(9, 1, of=STREET), effects=(REFRAME,))
    grown = edits.append(redacted_cut(), [framed])
    assert _kinds(grown, "c4") == ["redaction", "reframe"]


def test_splits_keep_the_cover() -> None:
    cut = edits.split(redacted_cut(), at=Fraction(1))
    assert edits.uncovered(cut) == []


def test_clips_that_lost_their_cover_are_listed() -> None:
    cut = edits.append(redacted_cut(), [clip(9, 1, of=STREET)])
    bare = edits.set_clip(cut, "c4", effects=())
    assert [item.id for item in edits.uncovered(bare)] == ["c4"]
    off = edits.change_effect(cut, "c4", 0, enabled=False)
    assert [item.id for item in edits.uncovered(off)] == ["c4"]
    # An edit that is nested is looked into.
    nested = MediaReference(timeline=bare, size=bare.size)
    outer = edits.append(empty(), [clip(0, 1, of=nested)])
    assert [item.id for item in edits.uncovered(outer)] == ["c4"]


def test_a_range_is_cut_out_of_every_track() -> None:
    cut = three_clips(has_audio=True)
    cut = edits.add_subtitle(cut, "hi", at=TimeRange(Fraction(3), Fraction(2)))
    cut = edits.add_marker(
        cut, name="m", marked_range=TimeRange(Fraction(6), Fraction(9))
    )
    cut = edits.set_track(cut, "V1", locked=True)
    part = edits.trim_range(cut, Fraction(3), Fraction(8))
    assert duration(part) == 5
    assert clip_of(part, "c1").source_range == TimeRange(Fraction(13), Fraction(1))
    assert clip_of(part, "c5").source_range == TimeRange(Fraction(30), Fraction(1))
    assert clip_of(part, "c6").source_range == TimeRange(Fraction(30), Fraction(1))
    assert part.tracks[2].items == cut.tracks[2].items[1:]
    assert part.markers[0].marked_range == TimeRange(Fraction(3), Fraction(2))
    assert part.tracks[0].locked
    assert edits.trim_range(cut, Fraction(0), Fraction(99)) is cut


def test_keyframes_of_the_whole_come_along() -> None:
    keys: Keyframes = {"sigma": (Keyframe(time=Fraction(4), value=0.1),)}
    blur = Effect(kind="gaussian_blur", keyframes=keys)
    cut = edits.set_effects(three_clips(), "", (blur,))
    part = edits.trim_range(cut, Fraction(1), Fraction(3))
    assert part.effects[0].keyframes["sigma"][0].time == 3


def test_a_range_that_ends_within_a_dissolve_is_nested_whole() -> None:
    cut = edits.transition(
        three_clips(has_audio=True), after="c1", duration=Fraction(1)
    )
    part = edits.trim_range(cut, Fraction(1), Fraction(4))
    picture, sound = clips(part)
    assert picture.media.timeline is not None
    assert picture.media.timeline.tracks == cut.tracks
    assert picture.source_range == TimeRange(Fraction(1), Fraction(3))
    assert sound.link == picture.link != ""
    assert duration(part) == 3


def test_a_range_that_ends_in_a_gap_keeps_its_duration() -> None:
    cut = edits.lift(three_clips(), "c2")
    assert duration(edits.trim_range(cut, Fraction(1), Fraction(6))) == 5


def test_a_range_with_nothing_in_it_is_refused() -> None:
    for start, end in ((-1, 2), (3, 3), (9, 12)):
        with pytest.raises(TimelineError, match="lasts from 0 s to 9 s"):
            edits.trim_range(three_clips(), Fraction(start), Fraction(end))


def _title(text: str) -> MediaReference:
    return MediaReference(
        generator=Effect(kind="title", parameters={"text": text, "size": 0.1}),
        size=(1280, 720),
    )


def test_a_title_gets_another_text_and_style() -> None:
    made = clip(0, 1, of=_title("Hello\nyou"), name="Hello")
    cut = edits.overlay(three_clips(), made, at=Fraction(0))
    changed = clip_of(edits.set_title(cut, "c4", text="Bye", color="#ff0000"), "c4")
    assert changed.name == "Bye"
    assert changed.media.generator is not None
    assert changed.media.generator.parameters == {
        "text": "Bye",
        "size": 0.1,
        "color": "#ff0000",
    }
    plain = clip_of(edits.set_title(cut, "c4", size=None), "c4")
    assert plain.media.generator == Effect(
        kind="title", parameters={"text": "Hello\nyou"}
    )
    with pytest.raises(TimelineError, match=r"'street' \(c1\) shows media"):
        edits.set_title(cut, "c1", text="no")


def test_a_title_of_a_template_is_named_by_its_layer() -> None:
    rows = [
        Track(
            kind="video",
            name=f"V{number}",
            items=(replace(clip(0, 1, of=_title(text)), id=f"c{number}", name=text),),
        )
        for number, text in enumerate(("Name", "Role"), 1)
    ]
    inner = Timeline(
        name="lower_third", rate=Fraction(25), size=(1280, 720), tracks=tuple(rows)
    )
    made = clip(0, 1, of=MediaReference(timeline=inner, size=inner.size))
    cut = edits.overlay(three_clips(), made, at=Fraction(0))
    named = clip_of(edits.set_title(cut, "c4", text="Director", layer=1), "c4")
    assert named.media.timeline is not None
    assert [c.name for c in clips(named.media.timeline)] == ["Name", "Director"]
    with pytest.raises(
        TimelineError, match=r"2 titles: name one .*0: 'Name', 1: 'Role"
    ):
        edits.set_title(cut, "c4", text="Director")
    with pytest.raises(TimelineError, match="no layer 2"):
        edits.set_title(cut, "c4", text="Director", layer=2)
