"""What is kept of tracks is what a look at every item finds, after each edit."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from timelines import clip, drawn_edit, drawn_timelines, three_clips
from timelines import media as film

from timeline_nb.compose import offline
from timeline_nb.compose.file_uses import file_uses, uses_of_item
from timeline_nb.compose.offline import offline_files
from timeline_nb.errors import TimelineError, TimelineNbError
from timeline_nb.preview.slates import with_slates
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
)
from timeline_nb.timeline.queries import (
    ItemPlace,
    clips,
    find,
    linked,
    media,
    range_of,
)
from timeline_nb.widgets.bin_uses import use_counts
from timeline_nb.widgets.columns import ITEM_DTYPE
from timeline_nb.widgets.item_rows import ItemRows

relaxed = settings(
    deadline=None, max_examples=40, suppress_health_check=list(HealthCheck)
)
THERE = frozenset({"a.mp4", "there.cube"})


@st.composite
def drawn_histories(draw: st.DrawFn) -> list[Timeline]:
    """A timeline, and what edits make of it: also with files of effects, and nested."""
    found = [draw(drawn_timelines(most_edits=3))]
    for _ in range(6):
        timeline = found[-1]
        kind = draw(st.sampled_from(["edit", "edit", "grade", "nest", "link"]))
        with suppress(TimelineNbError):
            if kind == "grade":
                path = draw(st.sampled_from(["there.cube", "gone.cube"]))
                grade = Effect(kind="lut", parameters={"path": path})
                ids = [one.id for one in clips(timeline)]
                owner = draw(st.sampled_from([*ids, "V1", ""]))
                found.append(edits.add_effect(timeline, owner, grade))
            elif kind == "link":
                found.append(edits.link(timeline, [one.id for one in clips(timeline)]))
            elif kind == "nest":
                inner = MediaReference(timeline=draw(st.sampled_from(found)))
                found.append(edits.append(timeline, [clip(0, 1, of=inner)]))
            else:
                found.append(draw(drawn_edit(timeline))(timeline))
    return found


@pytest.fixture(autouse=True)
def some_files_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "is_there", lambda path: path in THERE)


def _items(timeline: Timeline) -> Iterator[tuple[ItemPlace, Item]]:
    for number, track in enumerate(timeline.tracks):
        for index, item in enumerate(track.items):
            yield ItemPlace(number, index), item


def _files(timeline: Timeline) -> Iterator[str]:
    for one in clips(timeline):
        if one.media.timeline is not None:
            yield from _files(one.media.timeline)
        elif one.media.is_file:
            yield one.media.path


def _fresh(timeline: Timeline) -> Timeline:
    """The same timeline of other tuples, of which nothing is known."""
    tracks = [replace(one, items=(*one.items,)) for one in timeline.tracks]
    return replace(timeline, tracks=tuple(tracks))


@relaxed
@given(drawn_histories())
def test_items_are_found_where_they_are_now(history: list[Timeline]) -> None:
    for timeline in (*history, *reversed(history)):
        for place, item in _items(timeline):
            if not isinstance(item, (Clip, Subtitle)):
                continue
            assert find(timeline, item.id) == place
            link = getattr(item, "link", "")
            group = {
                other
                for other, one in _items(timeline)
                if link and isinstance(one, Clip) and one.link == link
            }
            places = linked(timeline, item.id)
            assert places[0] == place
            assert set(places) == group | {place}
            assert list(places[1:]) == sorted(
                places[1:], key=lambda one: (one.track, one.item)
            )
        with pytest.raises(TimelineError, match="no item"):
            find(timeline, "nobody")


@relaxed
@given(drawn_histories())
def test_media_and_their_counts_are_those_of_all_clips(
    history: list[Timeline],
) -> None:
    for timeline in history:
        assert list(media(timeline)) == list(dict.fromkeys(_files(timeline)))
        own = Counter(
            path
            for one in clips(timeline)
            for path in (
                set(_files(one.media.timeline))
                if one.media.timeline is not None
                else [one.media.path]
                if one.media.is_file
                else []
            )
        )
        assert use_counts(timeline) == dict(own)


@relaxed
@given(drawn_histories())
def test_offline_files_are_those_of_all_uses(history: list[Timeline]) -> None:
    for timeline in history:
        gone = [
            (use.path, f"{use.what} of {use.owner}")
            for use in file_uses(timeline)
            if use.path not in THERE
        ]
        found = [(one.path, one.used_by) for one in offline_files(timeline, None)]
        assert found == list(dict.fromkeys(gone))


@relaxed
@given(drawn_histories())
def test_slates_stand_for_what_is_offline_and_nothing_else(
    history: list[Timeline],
) -> None:
    for timeline in history:
        shown = with_slates(timeline, None)
        assert shown == with_slates(_fresh(timeline), None)
        if all(use.path in THERE for use in file_uses(timeline)):
            assert shown is timeline
        kept = {id(item) for _, item in _items(shown)}
        for _, item in _items(timeline):
            is_online = all(use.path in THERE for use in uses_of_item(item))
            if isinstance(item, (Clip, Subtitle, Gap)):
                assert (id(item) in kept) == is_online
        assert all(use.path in THERE for use in file_uses(shown))


@relaxed
@given(drawn_histories())
def test_rows_are_those_of_items_that_nobody_saw_before(
    history: list[Timeline],
) -> None:
    numbers: dict[str, int] = {}

    def number_of(key: str) -> int:
        return numbers.setdefault(key, len(numbers))

    def rows() -> ItemRows:
        return ItemRows(lambda media: number_of(media.label), number_of)

    known = rows()
    for timeline in (*history, *reversed(history)):
        for track in timeline.tracks:
            data = known.columns_of(track)
            assert data == rows().columns_of(track)
            found = np.frombuffer(data, ITEM_DTYPE)
            spans = [
                range_of(track, number)
                for number, item in enumerate(track.items)
                if not isinstance(item, Gap)
            ]
            assert found["start_s"].tolist() == [float(one.start) for one in spans]
            assert found["end_s"].tolist() == [float(one.end) for one in spans]
            gains = [
                getattr(item, "gain_db", 0.0)
                for item in track.items
                if not isinstance(item, Gap)
            ]
            assert found["gain_db"].tolist() == gains


def test_a_track_without_items_has_no_rows() -> None:
    track = Track(kind="video", name="V1")
    assert ItemRows(lambda _: 0, lambda _: 0).columns_of(track) == b""


def test_a_file_that_goes_is_a_slate_though_the_track_stays_as_it_is() -> None:
    timeline = three_clips()
    names = ["a.mp4", "b.mp4", "a.mp4"]
    row = tuple(
        replace(item, media=film(name))
        for item, name in zip(timeline.tracks[0].items, names, strict=True)
        if isinstance(item, Clip)
    )
    track = replace(timeline.tracks[0], items=row)
    timeline = replace(timeline, tracks=(track,))
    shown = with_slates(timeline, None)
    assert [a is b for a, b in zip(row, shown.tracks[0].items, strict=True)] == [
        True,
        False,
        True,
    ]
    shown = with_slates(timeline, None, ["a.mp4"])
    assert not any(a is b for a, b in zip(row, shown.tracks[0].items, strict=True))
    assert shown.tracks[0].items[0].duration == Fraction(4)  # type: ignore[union-attr]
