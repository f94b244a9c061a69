"""The player's wire: frames of the version asked for, streams, sound, and errors."""

import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from typing import Any

import cv2
import numpy as np
import pytest
from media_factory import Clips, read_number
from numpy.typing import NDArray
from widgets.wire import Wire, in_words

import timeline_nb as tl
from timeline_nb.errors import MediaError
from timeline_nb.widgets import channel
from timeline_nb.widgets.requests import PlayRequest


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        yield studio


@pytest.fixture
def wire(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Wire]:
    wire = Wire(tl.Player(clips["cfr"], studio=studio), monkeypatch)
    wire.hello()
    yield wire
    wire.widget.close()


def until(wire: Wire, kind: str, count: int = 1) -> list[tuple[dict[str, Any], Any]]:
    """Messages of a kind, once there are so many."""
    for _ in range(20_000):
        found = [pair for pair in wire.told if pair[0]["kind"] == kind]
        if len(found) >= count:
            return found
        time.sleep(0.01)
    raise AssertionError(f"no {kind} came")


def rgb_of(jpeg: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def frames(wire: Wire, numbers: list[int], **more: int) -> None:
    version = wire.last("playerSource")[0]["version"]
    fields = {"version": version, "widthPx": 0, "heightPx": 0} | more
    wire.ask("askFrames", numbers=numbers, **fields)


def test_frames_come_in_the_order_wanted_and_small(wire: Wire) -> None:
    frames(wire, [7, 8, 6])
    came = until(wire, "frame", 3)
    assert [told["number"] for told, _ in came] == [7, 8, 6]
    assert [read_number(rgb_of(buffers[0])) for _, buffers in came] == [7, 8, 6]


def test_exact_frames_are_no_larger_than_the_film(wire: Wire) -> None:
    frames(wire, [9], widthPx=4000, heightPx=2400)
    ((told, (data,)),) = until(wire, "frame")
    assert told["widthPx"] == 192
    assert read_number(rgb_of(data)) == 9


def test_frames_of_an_older_film_are_not_sent(wire: Wire) -> None:
    version = wire.last("playerSource")[0]["version"]
    frames(wire, [1], version=version - 1)
    frames(wire, [400, -3])
    # Frames are made in order: what comes next would come behind them.
    frames(wire, [3])
    assert [told["number"] for told, _ in until(wire, "frame")] == [3]


def test_a_stream_runs_as_far_as_allowed_then_to_the_end(wire: Wire) -> None:
    version = wire.last("playerSource")[0]["version"]
    fields = {"version": version, "first": 10, "sound": "aac"}
    wire.ask("play", stream=3, untilS=0.5, **fields)
    until(wire, "stream")
    # Nothing comes that is not allowed.
    time.sleep(0.4)
    made = until(wire, "stream")
    assert not made[-1][0]["ends"]
    assert made[-1][0]["untilS"] < 1.5
    wire.ask("more", stream=99, untilS=10.0)
    wire.ask("more", stream=3, untilS=10.0)
    for _ in range(20_000):
        if until(wire, "stream")[-1][0]["ends"]:
            break
        time.sleep(0.01)
    made = until(wire, "stream")
    assert made[-1][0]["ends"]
    assert made[0][1][0][4:8] == b"ftyp"
    assert {told["stream"] for told, _ in made} == {3}


def test_sound_is_given_as_samples(wire: Wire) -> None:
    version = wire.last("playerSource")[0]["version"]
    wire.ask("askSound", version=version, startS=0.9, durationS=0.2)
    _, (data,) = wire.last("sound")
    samples = np.frombuffer(data, np.int16).reshape(-1, 2)
    assert len(samples) == 9600
    # The click at one second is a tenth of a second in.
    assert 4750 <= np.argmax(np.abs(samples[:, 0]) > 8000) <= 4850
    refused = wire.ask("askSound", version=version, startS=-1.0, durationS=1.0)
    assert refused["kind"] == "refused"


def test_the_film_is_told_with_its_times_where_they_are_uneven(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = tl.open(clips["vfr"], studio=studio)
    wire = Wire(tl.Player(media), monkeypatch)
    wire.hello()
    told, (times,) = wire.last("playerSource")
    seconds = np.frombuffer(times, np.float64)
    assert seconds.tolist() == [float(media.index.time_of(n)) for n in range(60)]
    assert told["durationS"] == pytest.approx(float(media.range.end))
    wire.widget.close()


def test_an_edit_shows_its_changes_as_a_new_version(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = tl.open(clips["cfr"], studio=studio)
    cut = tl.Edit("walk", rate=25, size=(192, 112), studio=studio)
    cut.append(media.clip("10f", "30f"))
    wire = Wire(tl.Player(cut), monkeypatch)
    wire.hello()
    before = wire.last("playerSource")[0]
    cut.slip(0, by="5f")
    after = wire.last("playerSource")[0]
    assert after["version"] > before["version"]
    frames(wire, [0])
    ((_, (data,)),) = until(wire, "frame")
    assert read_number(rgb_of(data)) == 15
    wire.widget.close()


class Opened:
    """A player source that notes whether it is closed."""

    size = (192, 112)
    rate = Fraction(25)
    has_sound = False

    def __init__(self, frames: int) -> None:
        self.frames = frames
        self.is_closed = False

    def __len__(self) -> int:
        return self.frames

    def time_of(self, number: int) -> Fraction:
        return number / self.rate

    def close(self) -> None:
        self.is_closed = True


def test_of_two_changes_at_once_the_later_is_shown(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = wire.widget._player
    version = wire.last("playerSource")[0]["version"]
    early, late = Opened(10), Opened(20)
    opening, go_on = Event(), Event()

    def open_early() -> Opened:
        opening.set()
        assert go_on.wait(120)
        return early

    monkeypatch.setattr(part, "_open", open_early)
    slow = Thread(target=part.reload, daemon=True)
    slow.start()
    assert opening.wait(120)
    monkeypatch.setattr(part, "_open", lambda: late)
    part.reload()
    go_on.set()
    slow.join(120)
    assert wire.last("playerSource")[0]["frames"] == 20
    assert wire.last("playerSource")[0]["version"] == version + 2
    assert part.source_at(version + 2) is late
    assert (early.is_closed, late.is_closed) == (True, False)


def test_what_opens_after_the_last_view_has_gone_is_closed(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = wire.widget._player
    opened = Opened(10)

    def open_while_the_view_closes() -> Opened:
        wire.ask("bye")
        return opened

    monkeypatch.setattr(part, "_open", open_while_the_view_closes)
    part.reload()
    assert opened.is_closed
    monkeypatch.setattr(part, "_open", lambda: pytest.fail("nobody looks"))
    part.reload()


def test_what_cannot_be_shown_is_said(studio: tl.Studio) -> None:
    with pytest.raises(MediaError, match="no"):
        tl.Player("nowhere.mp4", studio=studio)
    with pytest.raises(MediaError, match="int cannot be shown"):
        tl.Player(3, studio=studio)


def players() -> list[Thread]:
    return [thread for thread in enumerate_threads() if "play" in thread.name]


def test_a_flood_of_views_that_play_leaves_few_streams_and_none_after_close(
    wire: Wire,
) -> None:
    version = wire.last("playerSource")[0]["version"]
    fields = {"version": version, "first": 0, "sound": "none", "untilS": 9.0}
    for number in range(40):
        wire.ask("play", view=f"w{number}", stream=number, **fields)
    widget = wire.widget
    assert isinstance(widget, tl.Player)
    streamers = [one for _, one in widget._player._streams._streams.values()]
    assert len(streamers) <= channel.MOST_VIEWS
    assert sum(streamer.is_streaming for streamer in streamers) <= 4
    problems = [
        in_words(told["problem"]) for told, _ in wire.told if told["kind"] == "stream"
    ]
    assert any("4 other views play" in problem for problem in problems)
    widget.close()
    for thread in players():
        thread.join(120)
    assert players() == []


def test_a_stream_asked_for_while_the_widget_closes_does_not_begin(wire: Wire) -> None:
    version = wire.last("playerSource")[0]["version"]
    widget = wire.widget
    assert isinstance(widget, tl.Player)
    widget.close()
    widget._player._play(
        PlayRequest(
            id=0,
            view="v",
            stream=1,
            version=version,
            first=0,
            sound="none",
            until_s=9.0,
        )
    )
    assert players() == []
