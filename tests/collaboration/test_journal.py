"""What the journal of an edit has, and what is read of one that is not sound."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from timelines import drawn_command, drawn_timelines, three_clips

from timeline_nb.commands.arranging import Delete, Lift
from timeline_nb.commands.session import EditSession
from timeline_nb.compose.file_uses import with_paths
from timeline_nb.core.framing import framed, records_in
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.project.delta import applied, delta_between
from timeline_nb.project.journal import (
    Begin,
    Snapshot,
    begin_record,
    journal_path,
    read_journal,
    saving_record,
    snapshot_record,
    step_record,
)
from timeline_nb.timeline.model import Timeline


def _steps(session: EditSession, data: st.DataObject, count: int) -> list[Timeline]:
    """The timelines of a session that is edited at random, the first one included."""
    found = [session.timeline]
    for _ in range(count):
        try:
            way = data.draw(st.integers(0, 9))
            if way == 0:
                session.undo()
            elif way == 1:
                session.redo()
            else:
                session.perform(data.draw(drawn_command(session.timeline)))
        except TimelineNbError:
            continue
        found.append(session.timeline)
    return found


def _with_whole_paths(timeline: Timeline) -> Timeline:
    """A timeline with the paths that a project has when it is read."""
    return with_paths(timeline, lambda path: str(Path(path).resolve()))


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_replayed_journal_is_the_same_timeline(
    data: st.DataObject, tmp_path: Path
) -> None:
    begin = data.draw(drawn_timelines(3))
    states = _steps(EditSession(begin), data, data.draw(st.integers(1, 8)))
    path = tmp_path / ".film.tlp.journal"
    parts = [
        begin_record(Begin(base="d0")),
        snapshot_record(Snapshot(), begin, path),
    ]
    for number, (old, new) in enumerate(pairwise(states)):
        parts.append(step_record(f"step {number}", float(number), old, new, path)[0])
    path.write_bytes(b"".join(parts))
    replay = read_journal(path)
    assert replay is not None
    assert replay.timeline == _with_whole_paths(states[-1])
    assert replay.steps_since("d0") == len(states) - 1
    # A record that was cut off anywhere is not there, and those before it are.
    cut = data.draw(st.integers(1, len(parts[-1])))
    path.write_bytes(b"".join(parts)[:-cut])
    rest = read_journal(path)
    assert rest is not None
    if len(states) > 1:
        assert rest.timeline == _with_whole_paths(states[-2])
    else:
        assert rest.timeline is None


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_a_delta_makes_the_new_timeline_and_shares_the_old_one(
    data: st.DataObject,
) -> None:
    session = EditSession(data.draw(drawn_timelines(4)))
    states = _steps(session, data, 3)
    for old, new in pairwise(states):
        delta, beside = delta_between(old, new)
        again = applied(delta, beside, old)
        assert again == new
        for number, track in enumerate(new.tracks):
            if any(track is one for one in old.tracks):
                assert again.tracks[number] is track


def test_a_step_of_a_long_edit_is_short(tmp_path: Path) -> None:
    begin = three_clips()
    track = begin.tracks[0]
    items = tuple(
        type(one)(
            **{f: getattr(one, f) for f in one.__struct_fields__} | {"id": f"x{n}"}
        )
        for n in range(2_000)
        for one in track.items[:1]
    )
    long = type(begin)(
        name="long",
        rate=Fraction(25),
        size=(64, 48),
        tracks=(type(track)(kind="video", name="V1", items=items),),
    )
    session = EditSession(long)
    session.perform(Delete(clip="x1000"))
    path = tmp_path / "a.journal"
    record, beside = step_record("delete", 0.0, long, session.timeline, path)
    assert len(snapshot_record(Snapshot(), long, path)) > 300_000
    assert len(record) < 1_000
    assert beside.tracks[0].items == ()


def test_what_a_file_has_is_told_from_what_it_lacks(tmp_path: Path) -> None:
    session = EditSession(three_clips())
    states = [session.timeline]
    for clip in ("c1", "c2", "c3"):
        session.perform(Lift(clip=clip))
        states.append(session.timeline)
    path = tmp_path / "a.journal"
    path.write_bytes(
        begin_record(Begin(base="old"))
        + snapshot_record(Snapshot(), states[0], path)
        + step_record("one", 1.0, states[0], states[1], path)[0]
        + saving_record("new")
        + step_record("two", 2.0, states[1], states[2], path)[0]
        + step_record("three", 3.0, states[2], states[3], path)[0]
    )
    replay = read_journal(path)
    assert replay is not None
    # The save may have happened, or not.
    assert replay.steps_since("new") == 2
    assert replay.steps_since("old") == 3
    assert replay.steps_since("another") is None
    assert (replay.label, replay.at_s) == ("three", 3.0)


def test_the_journal_lies_hidden_beside_the_project(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "film.tlp").symlink_to(tmp_path / "real" / "cut.tlp")
    found = journal_path(tmp_path / "film.tlp")
    assert found == tmp_path.resolve() / "real" / ".cut.tlp.journal"


def _project(inner: bytes) -> bytes:
    return (
        b'{"format": "timeline_nb.project", "version": 1, "timeline": {"name": "a", '
        b'"rate": "25", "size": [64, 48]' + inner + b"}}"
    )


_BEGIN = begin_record(Begin(base="d0"))
_WHOLE = framed(b'{"type": "snapshot"}\n' + _project(b""))


def _step(tracks: bytes, beside: bytes = b"") -> bytes:
    head = b'{"type": "step", "label": "a", "at_s": 1, "delta": {"tracks": ' + tracks
    return framed(head + b', "kept": []}}\n' + _project(beside))


HOSTILE = {
    "binary": b"\x00\xff" * 1_000,
    "another file": b"TNR2" + b"\0" * 12,
    "no begin": _WHOLE,
    "two begins": _BEGIN + _BEGIN,
    "a step of nothing": _BEGIN + _step(b"[]"),
    "a track that is not there": _BEGIN + _WHOLE + _step(b"[3]"),
    "a kept new track": _BEGIN + _WHOLE + _step(b"[-1]"),
    "items that are not there": _BEGIN + _WHOLE + _step(b"[[-1, 5, 5]]"),
    "no track for a piece": _BEGIN + _WHOLE + _step(b"[[-1, 0, 0]]"),
    "many tracks": _BEGIN + _WHOLE + _step(b"[" + b"0," * 5_000 + b"0]"),
    "a huge number": _BEGIN + _WHOLE + _step(b"[%d]" % 2**70),
    "nested": _BEGIN + framed(b"[" * 100_000),
    "nested field": _BEGIN + framed(b'{"type": "saving", "x": ' + b"[" * 100_000),
    "nested timeline": _BEGIN + framed(b'{"type": "snapshot"}\n' + b'{"a":' * 100_000),
    "nested metadata": _BEGIN
    + framed(
        b'{"type": "snapshot"}\n'
        + _project(b', "metadata": {"a": ' + b"[" * 100 + b"]" * 100 + b"}")
    ),
    "an unknown record": _BEGIN + framed(b'{"type": "shell"}'),
    "no JSON": _BEGIN + framed(b"\xff\xfe"),
    "an invalid timeline": _BEGIN
    + framed(b'{"type": "snapshot"}\n' + _project(b', "rate": "0"')),
    "a newer version": framed(b'{"type": "begin", "version": 2}'),
    "many records": _BEGIN + saving_record("x") * 6_000,
    "NUL in a path": _BEGIN
    + framed(
        b'{"type": "snapshot"}\n'
        + _project(
            b', "tracks": [{"kind": "video", "name": "V1", "items": [{"type": "clip", '
            b'"media": {"path": "a\\u0000b"}, "source_range": '
            b'{"start": "0", "duration": "1"}}]}]'
        )
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_journal_is_refused_by_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / ".film.tlp.journal"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(ProjectError, match=r"\.film\.tlp\.journal"):
        read_journal(path)


def test_tracks_do_not_multiply() -> None:
    """A step that named one track twice would double it with every record."""
    timeline = three_clips()
    delta, beside = delta_between(timeline, timeline)
    twice = type(delta)(tracks=(0, 0), kept=delta.kept)
    with pytest.raises(ProjectError, match="not there"):
        applied(twice, beside, timeline)


@pytest.mark.parametrize("data", [b"", b"TN", _BEGIN[:20]])
def test_a_journal_that_hardly_began_says_nothing(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / ".film.tlp.journal"
    assert read_journal(path) is None
    path.write_bytes(data)
    assert read_journal(path) is None


def test_records_end_at_the_first_that_is_damaged() -> None:
    one, two, three = (framed(text) for text in (b"one", b"two", b"three"))
    damaged = bytearray(one + two + three)
    damaged[len(one) + len(two) - 1] ^= 1
    assert [record for record, _ in records_in(bytes(damaged))] == [b"one"]
