from collections.abc import Iterator
from fractions import Fraction

import pytest
from timelines import three_clips

from timeline_nb.timeline import edits
from timeline_nb.timeline.session import EditSession
from timeline_nb.widgets.protocol import view_of
from timeline_nb.widgets.strip import TimelineStrip


@pytest.fixture
def session() -> EditSession:
    return EditSession(three_clips())


@pytest.fixture
def strip(session: EditSession) -> Iterator[TimelineStrip]:
    strip = TimelineStrip(session)
    yield strip
    strip.close()


def test_the_view_tells_what_lies_where() -> None:
    cut = edits.dissolve(three_clips(has_audio=True), at=1, duration=Fraction(1))
    view = view_of(edits.lift(cut, "c5"))
    video, sound = view.tracks
    assert (view.rate_num, view.rate_den, view.duration_s) == (25, 1, 7.0)
    assert (video.name, video.types, video.names[1]) == ("V1", "ctc", "dissolve")
    assert (video.starts_s, video.ends_s) == ([0.0, 3.5, 4.0], [4.0, 4.5, 7.0])
    assert sound.kind == "audio"


def test_the_topmost_video_track_comes_first() -> None:
    cut = edits.add_track(three_clips(has_audio=True), "video")
    assert [track.name for track in view_of(cut).tracks] == ["V2", "V1", "A1"]


def test_a_cell_s_edit_shows_at_once(
    session: EditSession, strip: TimelineStrip
) -> None:
    assert strip.view["durationS"] == 9.0
    session.apply("lift", lambda t: edits.lift(t, "c3"))
    assert strip.view["durationS"] == 7.0
    session.undo()
    assert strip.view["durationS"] == 9.0


def test_the_playhead_stays_on_the_timeline(strip: TimelineStrip) -> None:
    strip.playhead = 4.2
    assert strip.playhead == 4.2
    strip.playhead = 99.0
    assert strip.playhead == 9.0
    strip.playhead = -1.0
    assert strip.playhead == 0.0


def test_a_closed_strip_follows_no_more(session: EditSession) -> None:
    strip = TimelineStrip(session)
    strip.close()
    session.apply("lift", lambda t: edits.lift(t, "c3"))
    assert strip.view["durationS"] == 9.0
    assert len(session.changed) == 0


def test_the_repr_has_no_address(strip: TimelineStrip) -> None:
    assert repr(strip) == "<TimelineStrip of 'walk'>"
    bundle = strip._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == "<TimelineStrip of 'walk'>"
    assert "<svg" in data["text/html"]
