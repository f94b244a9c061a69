"""What changed from one timeline to another: as text, rows and a picture."""

import math
from fractions import Fraction
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from own_time import at_once
from timelines import clip, drawn_edit, drawn_timelines, empty, media, three_clips

from timeline_nb.commands.titles import AddSubtitle, Nest
from timeline_nb.errors import TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.comments import Comment, add_comment
from timeline_nb.timeline.comparing.changes import Change
from timeline_nb.timeline.comparing.difference import Diff
from timeline_nb.timeline.comparing.retimed import anchored
from timeline_nb.timeline.comparing.timelines import compare
from timeline_nb.timeline.edits.nested import edit_nested
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Keyframe,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transform,
)


def lines(old: Timeline, new: Timeline) -> list[str]:
    return [str(change) for change in compare(old, new)]


def test_equal_timelines_have_no_difference() -> None:
    found = Diff(three_clips(), three_clips())
    assert found.is_empty
    assert str(found) == "no difference"
    assert len(found.to_dataframe()) == 0
    assert "no difference" in found._repr_html_()


def test_clips_added_removed_moved_and_trimmed_are_named() -> None:
    old = three_clips()
    new = edits.ripple(old, "c1", tail=Fraction(-12, 25))
    new = edits.append(edits.ripple_delete(new, "c3"), [clip(0, 1, name="new")])
    assert lines(old, new) == [
        'V1, clip "street" at 00:00:00:00: tail trimmed by 12 frames',
        (
            'V1, clip "street" at 00:00:03:13: moved 12 frames earlier: '
            "00:00:04:00 → 00:00:03:13"
        ),
        'V1, clip "new" at 00:00:06:13: added: 00:00:06:13 for 1 s, 25 frames',
        'V1, clip "street" at 00:00:07:00: removed: 00:00:07:00 for 2 s, 50 frames',
    ]
    slipped = edits.slip(old, "c2", by=Fraction(1))
    assert lines(old, slipped) == [
        (
            'V1, clip "street" at 00:00:04:00: slipped 25 frames later: '
            "from 20 s → from 21 s"
        )
    ]
    head = edits.trim(old, "c2", head=Fraction(1, 25))
    assert 'V1, clip "street" at 00:00:04:01: head trimmed by 1 frame' in lines(
        old, head
    )
    assert 'V1, clip "street" at 00:00:04:00: head extended by 1 frame' in lines(
        head, old
    )


def test_what_an_insert_pushes_along_is_one_change() -> None:
    old = edits.append(empty(), [clip(n, 2, name=f"n{n}") for n in range(10, 20)])
    new = edits.insert(old, [clip(0, 1, name="first")], at=Fraction(0))
    assert lines(old, new) == [
        'V1, clip "first" at 00:00:00:00: added: 00:00:00:00 for 1 s, 25 frames',
        (
            'V1, 10 items from clip "n10" at 00:00:01:00 to clip "n19" at 00:00:19:00: '
            "moved 25 frames later: 00:00:00:00 → 00:00:01:00"
        ),
    ]


def test_a_table_has_frames_where_there_are_some() -> None:
    old = three_clips()
    new = edits.set_clip(edits.ripple(old, "c3", tail=Fraction(-1)), "c1", gain_db=-3.0)
    table = Diff(old, new).to_dataframe()
    assert list(table.columns) == ["where", "what", "before", "after", "frames"]
    assert list(table["what"]) == ["gain_db", "tail trimmed"]
    assert list(table["before"]) == ["0", ""]
    assert list(table["after"]) == ["-3", ""]
    assert math.isnan(table["frames"][0])
    assert table["frames"][1] == 25


def test_effects_are_compared_by_parameter() -> None:
    blur = Effect(kind="blur", parameters={"sigma": 0.01})
    old = edits.set_clip(three_clips(), "c1", effects=(blur, Effect(kind="sepia")))
    other = Effect(
        kind="blur",
        parameters={"sigma": 0.02},
        keyframes={"sigma": (Keyframe(time=Fraction(1), value=0.5),)},
        enabled=False,
    )
    new = edits.set_clip(old, "c1", effects=(Effect(kind="glow"), other))
    place = 'V1, clip "street" at 00:00:00:00: '
    assert lines(old, new) == [
        f"{place}effect glow added",
        f"{place}effect sepia removed",
        f"{place}effect blur: sigma: 0.01 → 0.02",
        f"{place}effect blur: keyframes of sigma: none → 1 s 0.5",
        f"{place}effect blur: on → off",
    ]
    swapped = edits.set_clip(old, "c1", effects=(Effect(kind="sepia"), blur))
    assert lines(old, swapped) == [
        f"{place}order of effects: blur > sepia → sepia > blur"
    ]


def retimed(start: int, *, time: int, media_s: int, at: int) -> Clip:
    """A clip of 2 seconds backwards, which shows second `media_s` at `time`."""
    told = {"rate": -1.0, "time": str(time), "media": str(media_s)}
    fading = {"opacity": (Keyframe(time=Fraction(at), value=0.0),)}
    return replace(
        clip(start, 2),
        id="c1",
        effects=(Effect(kind="speed", parameters=told),),
        keyframes=fading,
    )


def test_what_shows_the_same_backwards_is_no_difference() -> None:
    # At its first moment, each shows second 30; after a second, 29.
    here = retimed(20, time=20, media_s=30, at=21)
    there = retimed(30, time=31, media_s=29, at=31)
    later = retimed(30, time=30, media_s=31, at=31)
    old, same, other = (edits.append(empty(), [one]) for one in (here, there, later))
    assert lines(old, same) == []
    place = 'V1, clip "street" at 00:00:00:00: '
    assert lines(old, other) == [
        f"{place}slipped 25 frames later: from 30 s → from 31 s",
        f"{place}keyframes of opacity: 31 s 0 → 32 s 0",
    ]


def ramp(*keys: tuple[int, float]) -> Clip:
    rates = tuple(Keyframe(time=Fraction(t), value=v) for t, v in keys)
    own = Effect(kind="speed", keyframes={"rate": rates})
    return replace(clip(10, 4), id="c1", effects=(own,))


def test_ramps_are_said_in_words() -> None:
    old = edits.append(empty(), [ramp((10, 1.0), (12, 2.0))])
    new = edits.append(empty(), [ramp((10, 1.0), (14, 2.0))])
    old_words = "a ramp: 100% at 0 s, 200% at 2 s"
    new_words = "a ramp: 100% at 0 s, 200% at 4 s"
    (line,) = lines(old, new)
    assert line.endswith(f": speed: {old_words} → {new_words}")
    moved = edits.append(
        empty(),
        [
            replace(
                ramp((12, 1.0), (14, 2.0)),
                source_range=TimeRange(Fraction(12), Fraction(4)),
            )
        ],
    )
    assert [one.partition(": ")[2] for one in lines(old, moved)] == [
        "slipped 50 frames later: from 10 s → from 12 s"
    ]


def test_speed_text_fades_and_placement_are_named() -> None:
    old = three_clips()
    new = edits.retime(old, "c3", rate=Fraction(2))
    assert 'V1, clip "street" at 00:00:07:00: speed: 100% → 200%' in lines(old, new)
    new = edits.set_clip(old, "c1", fade_in=Fraction(1), transform=Transform(scale=2.0))
    place = 'V1, clip "street" at 00:00:00:00: '
    assert lines(old, new) == [f"{place}scale: 1 → 2", f"{place}fade in: 0 s → 1 s"]
    title = Effect(kind="title", parameters={"text": "One"})
    of = MediaReference(generator=title, size=(1280, 720))
    old = edits.append(empty(), [clip(0, 2, of=of, name="One")])
    title = Effect(kind="title", parameters={"text": "Two", "size": 0.2})
    made = Clip(
        id="c1",
        name="One",
        media=replace(of, generator=title),
        source_range=TimeRange(Fraction(0), Fraction(2)),
    )
    new = replace(old, tracks=(replace(old.tracks[0], items=(made,)),))
    place = 'V1, clip "One" at 00:00:00:00: '
    assert lines(old, new) == [
        f'{place}text: "One" → "Two"',
        f"{place}title: size: none → 0.2",
    ]


def test_tracks_added_removed_renamed_and_reordered_are_named() -> None:
    old = edits.add_track(edits.add_track(three_clips(), "video"), "audio")
    first, second, sound = old.tracks
    new = replace(old, tracks=(second, replace(first, name="Main"), sound))
    assert lines(old, new) == [
        'track Main: renamed: "V1" → "Main"',
        "timeline: order of tracks: Main, V2, A1 → V2, Main, A1",
    ]
    new = replace(old, tracks=(replace(first, locked=True), second))
    assert lines(old, new) == [
        "track A1: removed: audio, 0 items",
        "track V1: locked: no → yes",
    ]
    moved = edits.move(old, "c3", to=Fraction(0), track="V2")
    assert (
        'V2, clip "street" at 00:00:00:00: moved to another track: '
        "V1 00:00:07:00 → V2 00:00:00:00"
    ) in lines(old, moved)


def test_transitions_links_markers_and_comments_are_named() -> None:
    old = edits.transition(three_clips(), after="c1", duration=Fraction(1))
    new = edits.transition(old, after="c1", duration=Fraction(2), kind="wipe")
    joint = 'V1, transition between "street" and "street": '
    assert lines(old, new) == [
        f"{joint}transition: kind: dissolve → wipe",
        f"{joint}longer before the cut by 12.5 frames",
        f"{joint}longer after the cut by 12.5 frames",
    ]
    linked = edits.link(old, ["c1", "c2"])
    assert lines(old, linked) == [
        'V1, clip "street" at 00:00:00:00: links: none → c2',
        'V1, clip "street" at 00:00:04:00: links: none → c1',
    ]
    span = TimeRange(Fraction(2), Fraction(0))
    marked = edits.add_marker(old, name="m", marked_range=span)
    moved = edits.set_marker(marked, 0, at=Fraction(3), note="darker")
    assert lines(marked, moved) == [
        'marker "m" at 00:00:03:00: moved 25 frames later: 00:00:02:00 → 00:00:03:00',
        'marker "m" at 00:00:03:00: note: none → "darker"',
    ]
    said = add_comment(old, Comment(Fraction(1), "too dark", "Ada", ""))
    assert lines(old, said) == ['comment at 00:00:01:00: added: Ada: "too dark"']


def test_nested_timelines_are_compared_within() -> None:
    inner = three_clips()
    old = Nest(timeline=inner, at=Fraction(0)).apply(empty())
    (place,) = [item.id for item in old.tracks[0].items if isinstance(item, Clip)]
    new = edit_nested(
        old, [place], lambda shown: edits.set_clip(shown, "c2", gain_db=-3.0)
    )
    assert lines(old, new) == [
        (
            'V1, clip "walk" at 00:00:00:00 > V1, clip "street" at 00:00:04:00: '
            "gain_db: 0 → -3"
        )
    ]


def test_an_edit_of_other_ids_is_matched_by_media_and_stretch() -> None:
    row = [clip(n * 10, 2, of=media(f"{n}.mp4"), name=f"n{n}") for n in range(3)]
    old = edits.append(empty(), row)
    late = replace(row[1], source_range=TimeRange(Fraction(11), Fraction(1)))
    new = edits.append(empty(), [row[2], row[0], late])
    assert lines(old, new) == [
        (
            'V1, clip "n2" at 00:00:00:00: moved 100 frames earlier: '
            "00:00:04:00 → 00:00:00:00"
        ),
        (
            'V1, clip "n0" at 00:00:02:00: moved 50 frames later: '
            "00:00:00:00 → 00:00:02:00"
        ),
        (
            'V1, clip "n1" at 00:00:04:00: moved 50 frames later: '
            "00:00:02:00 → 00:00:04:00"
        ),
        'V1, clip "n1" at 00:00:04:00: head trimmed by 25 frames',
    ]


def test_other_content_of_a_file_is_a_difference() -> None:
    """It was replaced under its name."""
    old, new = (
        edits.append(empty(), [clip(of=replace(media(), fingerprint=text))])
        for text in ("abc", "def")
    )
    (line,) = lines(old, new)
    assert line.endswith(": content of the media: abc → def")


def test_subtitles_are_longer_or_shorter() -> None:
    old = AddSubtitle(text="so", start=Fraction(0), end=Fraction(1)).apply(
        three_clips()
    )
    (key,) = [i.id for i in old.tracks[-1].items if isinstance(i, Subtitle)]
    new = edits.set_subtitle(old, key, end=Fraction(2))
    assert [line.rpartition(": ")[2] for line in lines(old, new)] == [
        "longer by 25 frames"
    ]
    assert [line.rpartition(": ")[2] for line in lines(new, old)] == [
        "shorter by 25 frames"
    ]


def test_media_in_another_folder_are_the_same_by_their_content() -> None:
    here = replace(media("/a/street.mp4"), fingerprint="abc")
    there = replace(here, path="/b/street.mp4")
    old, new = (edits.append(empty(), [clip(of=of)]) for of in (here, there))
    assert lines(old, new) == []
    other = edits.append(empty(), [clip(of=media("/b/road.mp4"))])
    assert lines(old, other) == [
        'V1, clip "street" at 00:00:00:00: media: "street.mp4" → "road.mp4"'
    ]


def test_names_cannot_become_markup_and_the_picture_is_well_formed() -> None:
    bad = '<script>alert(1)</script>"&'
    old = replace(three_clips(), name=bad)
    new = edits.append(old, [clip(name=bad)])
    new = replace(new, tracks=(*new.tracks, Track(kind="video", name=bad)))
    html = Diff(old, new, names=(bad, bad))._repr_html_()
    assert "<script>" not in html
    tree = ET.fromstring(f"<div>{html}</div>")  # noqa: S314 - our own
    frames = [node.get("stroke") for node in tree.iter() if node.get("stroke")]
    # One clip was added: green in the lower picture alone.
    assert frames == ["#009e73"]


def test_a_stretch_that_is_used_twice_is_told_apart_after_a_trim() -> None:
    # The trim moves the last clip to where the third was, which shows the same.
    shown = ((0, 5), (10, 2), (20, 2), (30, 2), (20, 2))
    made = [clip(*stretch, name=f"n{number}") for number, stretch in enumerate(shown)]
    old = edits.append(empty(), made)
    assert lines(old, edits.ripple(old, "c1", tail=Fraction(-4))) == [
        'V1, clip "n0" at 00:00:00:00: tail trimmed by 100 frames',
        (
            'V1, 4 items from clip "n1" at 00:00:01:00 to clip "n4" at 00:00:07:00: '
            "moved 100 frames earlier: 00:00:05:00 → 00:00:01:00"
        ),
    ]


def _drawn(found: Diff, name: str) -> list[str]:
    """Whatever has an attribute in the picture of the timeline after, in order."""
    tree = ET.fromstring(f"<div>{found._repr_html_()}</div>")  # noqa: S314 - our own
    picture = [node for node in tree.iter() if node.tag.endswith("svg")][1]
    return [value for node in picture.iter() if (value := node.get(name))]


def test_what_only_moved_does_not_hide_what_was_trimmed() -> None:
    old = edits.append(empty(), [clip(n, 2, name=f"n{n}") for n in range(3)])
    found = Diff(old, edits.ripple(old, "c1", tail=Fraction(-1)))
    assert _drawn(found, "stroke") == ["#e69f00"]
    assert _drawn(found, "fill").count("#56b4e9") == 2
    # The one that was trimmed and moved is one that was trimmed.
    found = Diff(old, edits.ripple(found.new, "c2", tail=Fraction(-1)))
    assert _drawn(found, "stroke") == ["#e69f00", "#e69f00"]
    assert _drawn(found, "fill").count("#56b4e9") == 1


def test_a_clip_too_narrow_for_a_frame_is_filled() -> None:
    old = edits.append(empty(), [clip(0, 2, name=f"n{n}") for n in range(300)])
    found = Diff(old, edits.set_clip(old, "c9", gain_db=-3.0))
    assert _drawn(found, "stroke") == []
    assert _drawn(found, "fill").count("#e69f00") == 1


def test_another_phase_of_a_title_is_a_difference_and_another_start_is_not() -> None:
    def titled(start: int, *, at: int) -> Timeline:
        rise = (
            Keyframe(time=Fraction(at), value=0.0),
            Keyframe(time=Fraction(at + 1), value=1.0),
        )
        drawn = Effect(
            kind="title", parameters={"text": "A"}, keyframes={"opacity": rise}
        )
        shown = clip(start, 2, of=MediaReference(generator=drawn))
        return edits.append(empty(), [shown])

    here = titled(0, at=0)
    assert Diff(here, titled(3, at=3)).is_empty
    assert not Diff(here, titled(3, at=0)).is_empty


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_each_edit_that_changes_something_is_a_difference(data: st.DataObject) -> None:
    timeline = data.draw(drawn_timelines())
    for _ in range(4):
        try:
            new = data.draw(drawn_edit(timeline))(timeline)
        except TimelineNbError:
            continue
        found = Diff(timeline, new)
        is_same = replace(anchored(timeline), next_id=1) == replace(
            anchored(new), next_id=1
        )
        assert found.is_empty == is_same
        assert len(str(found).splitlines()) == max(1, len(found))
        ET.fromstring(f"<div>{found._repr_html_()}</div>")  # noqa: S314 - our own
        timeline = new


def renumbered(timeline: Timeline, ids: dict[str, str]) -> Timeline:
    tracks = tuple(
        replace(
            track,
            items=tuple(
                replace(item, id=ids[item.id])
                if isinstance(item, (Clip, Subtitle))
                else item
                for item in track.items
            ),
        )
        for track in timeline.tracks
    )
    return replace(timeline, tracks=tracks)


def test_ids_that_coincide_by_chance_match_nothing() -> None:
    names = ("bikes", "bunny", "bikes", "street")
    clips = [
        replace(
            clip(3 * number, 2, name=name),
            media=replace(media(), path=f"{name}.mp4", fingerprint=name),
        )
        for number, name in enumerate(names)
    ]
    old = edits.append(empty(), clips)
    ids = [item.id for item in old.tracks[0].items if isinstance(item, Clip)]
    for turn in range(len(ids)):
        other = dict(zip(ids, ids[turn:] + ids[:turn], strict=True))
        assert lines(old, renumbered(old, other)) == []


def test_a_clip_keeps_its_id_when_its_media_is_replaced() -> None:
    old = three_clips()
    track = old.tracks[0]
    other = replace(
        track.items[1],
        name="night",
        media=replace(media(), path="night.mp4", fingerprint="n"),
    )
    changed = replace(track, items=(track.items[0], other, *track.items[2:]))
    new = replace(old, tracks=(changed, *old.tracks[1:]))
    assert [change.what for change in compare(old, new)] == ["media", "name"]


@settings(max_examples=20, deadline=None)
@given(drawn_timelines())
def test_a_copy_with_other_ids_has_no_difference(timeline: Timeline) -> None:
    ids = {
        item.id: f"z{item.id}"
        for track in timeline.tracks
        for item in track.items
        if isinstance(item, (Clip, Subtitle))
    }
    assert lines(timeline, timeline) == []
    assert lines(timeline, renumbered(timeline, ids)) == []


def test_what_one_side_alone_has_is_shown_with_an_arrow() -> None:
    plain = three_clips()
    noted = replace(plain, metadata={"place": "Bern"})
    assert lines(plain, noted) == ['timeline: metadata: place: none → "Bern"']
    assert lines(noted, plain) == ['timeline: metadata: place: "Bern" → none']


def test_files_of_one_name_are_shown_with_the_folders_that_differ() -> None:
    def shows(path: str) -> Timeline:
        of = replace(media(), path=path, fingerprint="")
        return edits.append(empty(), [replace(clip(0, 2), media=of)])

    found = lines(shows("/films/a/s.mp4"), shows("/films/b/s.mp4"))
    place = 'V1, clip "street" at 00:00:00:00: media: '
    assert found == [f'{place}"a/s.mp4" → "b/s.mp4"']
    assert lines(shows("s.mp4"), shows("/films/s.mp4")) == [
        f'{place}"s.mp4" → "/films/s.mp4"'
    ]


def test_what_formats_keep_for_themselves_is_one_line() -> None:
    old = three_clips()
    track = old.tracks[0]
    items = tuple(
        replace(item, metadata={"edl": {"reel": "A1"}, "take": 2})
        if isinstance(item, Clip)
        else item
        for item in track.items[:2]
    )
    changed = replace(track, items=(*items, *track.items[2:]))
    new = replace(old, tracks=(changed,), metadata={"start_timecode": "01:00:00:00"})
    assert lines(old, new) == [
        'V1, clip "street" at 00:00:00:00: metadata: take: none → 2',
        'V1, clip "street" at 00:00:04:00: metadata: take: none → 2',
        "timeline: metadata of formats: start_timecode of 1, edl of 2",
    ]
    assert [one.what for one in compare(old, replace(old, metadata=new.metadata))] == [
        "metadata: start_timecode"
    ]


def test_a_counted_value_that_is_escaped_keeps_its_plural() -> None:
    counted = Message.counted(
        "{count} row of {name}", "{count} rows of {name}", 2, name="a\tb"
    )
    shown = Change("V1", "text", counted).before
    assert isinstance(shown, Message)
    assert (shown, shown.plural) == ("2 rows of a\\tb", counted.plural)
    assert shown.values["name"] == "a\\tb"


def test_switches_of_a_speed_are_changes_too() -> None:
    fast = Effect(kind="speed", parameters={"rate": 2})
    old = edits.set_clip(three_clips(), "c1", effects=(fast,))
    slack = replace(fast, parameters={"rate": 2, "keep_pitch": False, "blend": True})
    new = edits.set_clip(three_clips(), "c1", effects=(slack,))
    assert lines(old, new) == [
        'V1, clip "street" at 00:00:00:00: speed: keep_pitch: yes → no',
        'V1, clip "street" at 00:00:00:00: speed: blend: no → yes',
    ]


def test_guides_and_bins_are_compared_where_both_are_known() -> None:
    street = replace(media(), fingerprint="f1")
    whole = edits.append(empty(), [clip(0, 1, of=street)])
    old = {"guides": {"x": [100.0], "y": []}, "bins": {"Talks": ["other"], "Empty": []}}
    new = {
        "guides": {"x": [250.5, 100.0], "y": [3]},
        "bins": {"Talks": ["f1"], "New": ["f1"]},
        "later": {"of": 1},
    }
    assert str(Diff(whole, whole, kept=(old, new))).splitlines() == [
        "Guides: Vertical: 100 → 100, 250.5",
        "Guides: Horizontal: none → 3",
        'Media bin > "Talks": media: other → street.mp4',
        'Media bin > "Empty": removed',
        'Media bin > "New": added: street.mp4',
        'editor: later: none → {"of": 1}',
    ]
    assert Diff(whole, whole, kept=(new, new)).is_empty
    assert Diff(whole, whole, kept=(None, new)).is_empty


def test_guides_of_a_later_version_are_compared_as_they_are() -> None:
    old = {"guides": {"x": [1.0], "y": [], "angles": ["a", 1]}}
    new = {"guides": {"x": [1.0], "y": [], "angles": [["b"]]}}
    assert str(Diff(empty(), empty(), kept=(old, new))) == (
        'Guides: angles: ["a", 1] → [["b"]]'
    )


def test_bins_of_thousands_of_media_are_compared_at_once() -> None:
    # A set of the other bin for each would take 800 million steps.
    old, new = ([f"{n}{side}" for n in range(20_000)] for side in "ab")
    kept = {"bins": {"A": old}}, {"bins": {"A": new}}
    with at_once():
        shown = str(Diff(empty(), empty(), kept=kept))
    assert "and 19996 more" in shown


def test_of_effects_of_one_kind_the_nearest_are_the_same() -> None:
    soft, hard = (Effect(kind="blur", parameters={"sigma": n}) for n in (0.01, 0.2))
    tint = replace(hard, parameters={"sigma": 0.2, "share": 1})
    place = 'V1, clip "street" at 00:00:00:00: '

    def shown(old: tuple[Effect, ...], new: tuple[Effect, ...]) -> list[str]:
        two = (edits.set_clip(three_clips(), "c1", effects=own) for own in (old, new))
        return [line.removeprefix(place) for line in lines(*two)]

    assert shown((soft, hard), (hard,)) == ['effect blur removed: {"sigma": 0.01}']
    assert shown((hard,), (soft, hard)) == ['effect blur added: {"sigma": 0.01}']
    assert shown((soft, hard), (tint,)) == [
        'effect blur removed: {"sigma": 0.01}',
        "effect blur: share: none → 1",
    ]
    assert shown((soft, hard), (hard, soft)) == [
        "order of effects: blur 1 > blur 2 → blur 2 > blur 1"
    ]
    sepia = Effect(kind="sepia")
    assert shown((soft, sepia, hard), (hard, soft, sepia)) == [
        "order of effects: blur 1 > sepia > blur 2 → blur 2 > blur 1 > sepia"
    ]
    assert shown((soft, soft), (soft,)) == ['effect blur removed: {"sigma": 0.01}']
