"""Several copies of one edit become equal and valid, whatever comes when."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from timelines import drawn_edit, drawn_timelines, three_clips

from timeline_nb.collaboration.replica import Replica
from timeline_nb.compose.file_uses import with_paths
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.validate import problems

_PROJECT = Path("/films/street.tlp")


class Peer:
    """A copy that has an own timeline, and updates on their way to the others."""

    def __init__(self, name: str, base: Timeline) -> None:
        self.replica = Replica(base, "0", name, _PROJECT)
        self.sent: list[bytes] = []

    @property
    def timeline(self) -> Timeline:
        return self.replica.folded.timeline

    def edit(self, new: Timeline, label: str = "edit") -> None:
        self.sent.append(self.replica.add(label, new))

    def get(self, *updates: bytes) -> None:
        for update in updates:
            self.replica.take(update, "a peer")
        self.replica.go_on()


def _rooted(timeline: Timeline) -> Timeline:
    return with_paths(timeline, lambda path: str(Path("/films") / path))


def _peers(base: Timeline, names: str = "ab") -> list[Peer]:
    return [Peer(name, base) for name in names]


def _meet(*peers: Peer) -> None:
    for one in peers:
        for other in peers:
            if other is not one:
                one.get(*other.sent)


@given(data=st.data())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_copies_become_equal_and_valid(data: st.DataObject) -> None:
    base = _rooted(data.draw(drawn_timelines(5)))
    peers = _peers(base, "abc")
    # What of another's updates each has: any order, gaps and repetitions.
    for _ in range(data.draw(st.integers(1, 14))):
        peer = data.draw(st.sampled_from(peers))
        if data.draw(st.booleans()):
            try:
                peer.edit(_rooted(data.draw(drawn_edit(peer.timeline))(peer.timeline)))
            except TimelineNbError:
                continue
        else:
            other = data.draw(st.sampled_from(peers))
            if other.sent:
                sent = data.draw(st.lists(st.sampled_from(other.sent), max_size=4))
                peer.get(*sent)
        assert problems(peer.timeline) == ()
    _meet(*peers)
    first, *rest = (peer.timeline for peer in peers)
    assert all(timeline == first for timeline in rest)
    assert problems(first) == ()
    late = Peer("d", base)
    late.get(peers[1].replica.whole())
    assert late.timeline == first
    assert not any(peer.replica.folded.refused for peer in peers)
    made = sum(len(peer.sent) for peer in peers)
    assert (
        sum(first_seen.values()) == made
        if (first_seen := peers[0].replica.folded.seen)
        else made == 0
    )


@given(data=st.data())
@settings(deadline=None, max_examples=25)
def test_a_document_gives_its_timeline_back(data: st.DataObject) -> None:
    base = _rooted(data.draw(drawn_timelines(4)))
    wanted = _rooted(data.draw(drawn_timelines(4)))
    one, other = _peers(base)
    one.edit(wanted)
    other.get(*one.sent)
    assert other.timeline == one.timeline == wanted


def _clips(timeline: Timeline) -> dict[str, Clip]:
    return {
        item.id: item
        for track in timeline.tracks
        for item in track.items
        if isinstance(item, Clip)
    }


def _three() -> Timeline:
    return _rooted(three_clips())


def test_trims_of_both_ends_of_a_clip_join() -> None:
    base = _three()
    key = next(iter(_clips(base)))
    span = _clips(base)[key].source_range
    one, other = _peers(base)
    one.edit(edits.trim(base, key, head=Fraction(1, 25)))
    other.edit(edits.trim(base, key, tail=Fraction(-2, 25)))
    _meet(one, other)
    for peer in (one, other):
        made = _clips(peer.timeline)[key].source_range
        assert made.start == span.start + Fraction(1, 25)
        assert made.end == span.end - Fraction(2, 25)
        assert peer.replica.folded.conflicts == ()


@pytest.mark.parametrize("what", ["gain", "remove"])
def test_of_two_changes_of_one_thing_one_holds_and_the_other_is_told(
    what: str,
) -> None:
    base = _three()
    key = list(_clips(base))[1]
    one, other = _peers(base)
    one.edit(edits.set_clip(base, key, gain_db=-3.0))
    if what == "gain":
        other.edit(edits.set_clip(base, key, gain_db=-9.0))
    else:
        other.edit(edits.lift(base, key))
    _meet(one, other)
    assert one.timeline == other.timeline
    (row,) = one.replica.folded.conflicts
    assert row == other.replica.folded.conflicts[0]
    held = _clips(one.timeline).get(key)
    shown = {row.ours, row.theirs}
    if what == "gain":
        assert held is not None
        assert held.gain_db in {-3.0, -9.0}
        assert all(any(text in one for one in shown) for text in ("-3", "-9"))
    else:
        assert held is None or held.gain_db == -3.0
        assert any("gap" in one for one in shown)


def test_clips_that_both_add_at_one_place_both_stand() -> None:
    base = _three()
    new = next(iter(_clips(base).values()))
    one, other = _peers(base)
    for peer, gain in ((one, -1.0), (other, -2.0)):
        changed = edits.append(base, [_with(new, gain)])
        peer.edit(changed)
    _meet(one, other)
    gains = [clip.gain_db for clip in _clips(one.timeline).values()]
    assert {-1.0, -2.0} <= set(gains)
    assert one.timeline == other.timeline
    assert problems(one.timeline) == ()


def _with(clip: Clip, gain: float) -> Clip:
    from msgspec.structs import replace

    return replace(clip, id="", link="", gain_db=gain)


def test_media_in_the_working_folder_of_one_are_found_by_all() -> None:
    base = _three()
    named = three_clips().tracks[0].items[0]
    assert isinstance(named, Clip)
    assert not Path(named.media.path).is_absolute()
    one, other = _peers(base)
    one.edit(edits.append(base, [_with(named, -5.0)]))
    other.get(*one.sent)
    assert one.timeline == other.timeline
    (added,) = [clip for clip in _clips(other.timeline).values() if clip.gain_db == -5]
    assert added.media.path == str(Path(named.media.path).resolve())


def test_who_was_away_joins_later() -> None:
    base = _three()
    keys = list(_clips(base))
    one, other = _peers(base)
    for gain in (-1.0, -2.0, -3.0):
        one.edit(edits.set_clip(one.timeline, keys[0], gain_db=gain))
        other.edit(edits.set_clip(other.timeline, keys[2], gain_db=gain - 10))
    _meet(one, other)
    clips = _clips(one.timeline)
    assert (clips[keys[0]].gain_db, clips[keys[2]].gain_db) == (-3.0, -13.0)
    assert one.replica.folded.conflicts == ()
    # Three steps in a row are merged as one.
    assert one.replica.folded.seen == {"a": 3, "b": 3}


_GARBAGE: dict[str, bytes] = {
    "empty": b"",
    "cut off": b"\x01\x02\xc8",
    "text": b"{" * 100_000,
    "ones": b"\xff" * 1_000,
}


@pytest.mark.parametrize("name", _GARBAGE)
def test_garbage_is_refused_by_name(name: str) -> None:
    (peer,) = _peers(_three(), "a")
    before = peer.timeline
    with pytest.raises(ProjectError, match=r"\.bob\.steps has no update"):
        peer.replica.take(_GARBAGE[name], ".bob.steps")
    assert peer.timeline is before


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\0" * 10,
        b"[" * 100_000,
        b'{"author":"x","number":0}',
        b'{"author":"x","number":1,"seen":{"x":1180591620717411303424}}',
        b'{"author":"x","number":1,"delta":{"tracks":[7],"kept":[]}}\n{}',
        b'{"author":"x","number":1,"delta":{"tracks":[],"kept":[]}}\n' + b"[" * 100_000,
        b'{"author":"x","number":9,"seen":{"x":8}}',
        b'{"author":"x","number":1,"seen":{"nobody":3}}',
        "a text",
        7,
        {"a": 1},
    ],
    ids=range(12),
)
def test_what_is_no_step_changes_nothing(record: Any) -> None:
    from pycrdt import Array, Doc

    doc: Any = Doc()
    doc.get("steps", type=Array).append(record)
    one, other = _peers(_three())
    before = one.timeline
    one.get(doc.get_update())
    assert one.timeline == before
    key = next(iter(_clips(before)))
    other.edit(edits.set_clip(before, key, gain_db=-4.0))
    _meet(one, other)
    assert _clips(one.timeline)[key].gain_db == -4.0


def test_a_step_that_is_not_valid_is_refused_by_its_label() -> None:
    base = _three()
    key = next(iter(_clips(base)))
    from msgspec.structs import replace

    track = base.tracks[0]
    items = tuple(
        replace(item, gain_db=1e6)
        if isinstance(item, Clip) and item.id == key
        else item
        for item in track.items
    )
    bad = replace(base, tracks=(replace(track, items=items), *base.tracks[1:]))
    one, other = _peers(base)
    one.edit(bad, "boost")
    other.get(*one.sent)
    for peer in (one, other):
        assert peer.timeline == base
        (refused,) = peer.replica.folded.refused
        assert "boost" in refused.why
        assert "gain_db" in refused.why
