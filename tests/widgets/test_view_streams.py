"""Messages of a page in any order: its last stream plays, as far as it may."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

from timeline_nb.widgets import view_streams
from timeline_nb.widgets.view_streams import ViewStreams, WantedStream


@dataclass
class Streamer:
    """Notes what it is to stream, in place of a thread that encodes."""

    playing: int | None = None
    until: Fraction = Fraction(0)

    def play(self, _: Any, first: int, **__: object) -> None:
        self.playing, self.until = first, Fraction(0)

    def allow(self, until: Fraction) -> None:
        self.until = max(self.until, until)

    def stop(self) -> None:
        self.playing = None

    def close(self) -> None:
        self.stop()

    @property
    def is_streaming(self) -> bool:
        return self.playing is not None


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Streamer]:
    streamers: list[Streamer] = []

    def make(*_: object) -> Streamer:
        streamers.append(Streamer())
        return streamers[-1]

    monkeypatch.setattr(view_streams, "PlaybackStreamer", make)
    return streamers


def _open() -> ViewStreams:
    streams = ViewStreams(None)  # type: ignore[arg-type] # nothing is encoded
    streams.open()
    return streams


def _play(streams: ViewStreams, number: int, until: int = 1) -> None:
    wanted = WantedStream(
        number=number,
        film=None,  # type: ignore[arg-type] # nothing is decoded
        first=10 * number,
        sound="none",
        until=Fraction(until),
        deliver=lambda _: None,
    )
    streams.play("v", wanted)


def test_in_any_order_the_last_stream_plays_as_far_as_it_may(
    made: list[Streamer],
) -> None:
    sent: tuple[Callable[[ViewStreams], None], ...] = (
        lambda streams: _play(streams, 1),
        lambda streams: streams.allow("v", 1, Fraction(7)),
        lambda streams: streams.stop("v", 1),
        lambda streams: _play(streams, 2),
        lambda streams: streams.allow("v", 2, Fraction(9)),
    )
    for order in permutations(sent):
        made.clear()
        streams = _open()
        for message in order:
            message(streams)
        [streamer] = made
        assert (streamer.playing, streamer.until) == (20, Fraction(9))


def test_a_stream_that_was_stopped_does_not_begin(made: list[Streamer]) -> None:
    streams = _open()
    streams.stop("v", 3)
    _play(streams, 3)
    assert made == []
    _play(streams, 4)
    assert [streamer.playing for streamer in made] == [40]


def test_nothing_is_kept_of_a_view_that_has_closed(made: list[Streamer]) -> None:
    streams = _open()
    _play(streams, 5)
    streams.allow("v", 6, Fraction(9))
    streams.stop("v", 5)
    streams.close_view("v")
    # Another view of the same name begins anew.
    _play(streams, 1)
    assert (made[-1].playing, made[-1].until) == (10, Fraction(1))
    streams.close()
    _play(streams, 2)
    assert made[-1].playing is None
