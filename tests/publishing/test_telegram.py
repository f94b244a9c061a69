"""Telegram's sendVideo, against a stand-in that parses the form with tornado."""

import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from publishing_scene import Scene, Watching, shown_in_frames, stopping
from stand_ins.server import Fault
from stand_ins.telegram import TOKEN, TelegramStandIn, failed

from timeline_nb.errors import JobCancelledError, PublishError
from timeline_nb.publishing.publisher import Extras


@pytest.fixture
def telegram() -> Iterator[TelegramStandIn]:
    with TelegramStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def scene(tmp_path: Path, telegram: TelegramStandIn) -> Scene:
    return Scene(tmp_path, "telegram", telegram, token=TOKEN)


@pytest.fixture
def long_film(bunny: Path, tmp_path: Path) -> Path:
    """17 MB, more than the buffers of sockets: boxes after the film are none of it."""
    film = tmp_path / "film.mp4"
    film.write_bytes(bunny.read_bytes() + b"\0\0\0\x08free" * 2_000_000)
    return film


def test_a_film_arrives_with_its_text_and_size(
    scene: Scene, telegram: TelegramStandIn, bunny: Path
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
    made = scene.publish(
        bunny,
        title="Кролик 🐇",
        description="Five seconds",
        tags=["open film"],
        chat="@films",
        extras=Extras(thumbnail=noise),
    )
    (message,) = telegram.messages
    assert message["video"] == bunny.read_bytes()
    assert message["caption"] == "Кролик 🐇\n\nFive seconds\n\n#openfilm"
    # 1280x720 and 5.28 s: ffprobe of the file.
    assert (message["width"], message["height"]) == ("1280", "720")
    assert message["duration"] == "5"
    assert message["supports_streaming"] == "true"
    # Less than 200 kB, no side over 320 (sendVideo, `thumbnail`).
    assert len(message["thumbnail"]) < 200_000
    assert Image.open(BytesIO(message["thumbnail"])).size == (320, 180)
    assert made.url == "https://t.me/films/7"
    assert scene.entries() == []


def test_a_private_group_has_an_address_too(scene: Scene, bunny: Path) -> None:
    assert scene.publish(bunny, chat=-1001234).url == "https://t.me/c/1234/7"


def test_the_film_is_not_held_in_memory(
    scene: Scene, telegram: TelegramStandIn, long_film: Path
) -> None:
    telegram.faults.append(Fault("POST", "sendVideo", status=400))

    def begin(_: int) -> None:
        if not tracemalloc.is_tracing():
            tracemalloc.start()

    reporter = Watching(begin)
    with pytest.raises(PublishError, match="HTTP 400"):
        scene.publish(long_film, chat="@films", reporter=reporter)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The stand-in drops the body in this process, piece by piece as well.
    assert long_film.stat().st_size > 16_000_000
    assert 0 < peak < 4_000_000


def test_floods_are_waited_for(
    scene: Scene, telegram: TelegramStandIn, bunny: Path
) -> None:
    telegram.refusals.append(
        failed(429, "Too Many Requests: retry after 0", parameters={"retry_after": 0})
    )
    scene.publish(bunny, chat="@films")
    assert len(telegram.messages) == 1


def test_a_film_that_broke_off_is_sent_again(
    scene: Scene, telegram: TelegramStandIn, long_film: Path
) -> None:
    telegram.faults.append(Fault("POST", "sendVideo", keep_bytes=300_000))
    scene.publish(long_film, chat="@films")
    assert len(telegram.messages) == 1


def test_a_film_whose_answer_was_lost_is_not_sent_twice(
    scene: Scene, telegram: TelegramStandIn, bunny: Path
) -> None:
    telegram.faults.append(Fault("POST", "sendVideo", lose_answer=True))
    with pytest.raises(PublishError, match="look in the chat before"):
        scene.publish(bunny, chat="@films")
    assert len(telegram.messages) == 1


def test_an_unknown_chat_is_known_before_the_film_is_sent(
    scene: Scene, telegram: TelegramStandIn, bunny: Path
) -> None:
    with pytest.raises(PublishError, match="no such chat, or the bot is no member"):
        scene.publish(bunny, chat="@nowhere")
    assert telegram.count("POST", "sendVideo") == 0


@pytest.mark.parametrize("fault", ["refused", "dropped", "wrong token", "cancelled"])
def test_no_error_shows_the_token(
    tmp_path: Path, telegram: TelegramStandIn, bunny: Path, fault: str
) -> None:
    reporter = stopping(300_000) if fault == "cancelled" else None
    if fault == "refused":
        telegram.refusals.append(failed(403, "Forbidden: bot was kicked"))
    if fault == "dropped":
        telegram.faults.append(Fault("POST", keep_bytes=10, times=99))
    if fault == "wrong token":
        telegram.tokens = set()
    scene = Scene(tmp_path, "telegram", telegram, token=TOKEN, fresh=TOKEN)
    with pytest.raises((PublishError, JobCancelledError)) as caught:
        scene.publish(bunny, chat="@films", reporter=reporter)
    shown = shown_in_frames(caught.value)
    assert len(shown) > 20
    assert not [text for text in shown if TOKEN in text]


def test_only_mp4_and_50_mb_are_taken(
    scene: Scene, bunny: Path, tmp_path: Path
) -> None:
    other = tmp_path / "film.mkv"
    other.write_bytes(bunny.read_bytes())
    with pytest.raises(PublishError, match=r"it is a \.mkv: films are \.mp4"):
        scene.publish(other, chat="@films")
