"""YouTube's resumable protocol, against a stand-in that behaves as documented."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from publishing_scene import (
    PART_BYTES,
    PATIENCE,
    TOKEN,
    Scene,
    Watching,
    shown_in_frames,
    stopping,
)
from stand_ins.server import Fault
from stand_ins.youtube import YouTubeStandIn, error

from timeline_nb.errors import JobCancelledError, PublishError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.publishing import journal
from timeline_nb.publishing.publisher import Extras, Publisher
from timeline_nb.publishing.settings import PublishSettings
from timeline_nb.security.secret import Secret

CAPTIONS = "1\n00:00:00,000 --> 00:00:01,000\nHi\n"
OLD = "token-0"
PUTS = "/upload/youtube/v3/videos"


@pytest.fixture
def youtube() -> Iterator[YouTubeStandIn]:
    with YouTubeStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def scene(tmp_path: Path, youtube: YouTubeStandIn) -> Scene:
    return Scene(tmp_path, "youtube", youtube)


def test_a_film_arrives_in_parts_with_all_that_is_said_of_it(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path
) -> None:
    film = bunny.read_bytes()
    green = np.full((720, 1280, 3), (0, 200, 0), np.uint8)
    made = scene.publish(
        bunny,
        title="Bunny",
        description="Five seconds",
        tags=["animation", "open film"],
        category="Film & Animation",
        made_for_kids=False,
        language="en",
        publish_at="2130-01-02T03:04+01:00",
        extras=Extras(
            thumbnail=green, captions="1\n00:00:00,000 --> 00:00:01,000\nHi\n"
        ),
    )
    (name,) = youtube.videos
    assert youtube.videos[name] == film
    assert (made.id, made.url) == (name, f"https://youtu.be/{name}")
    assert made.warnings == ()
    assert youtube.resources[name] == {
        "snippet": {
            "title": "Bunny",
            "description": "Five seconds",
            "tags": ["animation", "open film"],
            "categoryId": "1",
            "defaultLanguage": "en",
            "defaultAudioLanguage": "en",
        },
        "status": {
            "privacyStatus": "private",
            "selfDeclaredMadeForKids": False,
            "publishAt": "2130-01-02T02:04:00Z",
        },
    }
    # ceil(bytes / part) requests, the last one of what is left over.
    parts = [one.read_bytes for one in youtube.seen if one.method == "PUT"]
    assert len(parts) == -(-len(film) // PART_BYTES)
    assert sum(parts) == len(film)
    assert youtube.thumbnails[name].startswith(b"\xff\xd8\xff")
    ((snippet, text),) = youtube.captions[name]
    assert snippet["language"] == "en"
    assert "Hi" in text
    assert scene.entries() == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("PUT", PUTS, skip=1, status=503),
        Fault("PUT", PUTS, skip=1, status=429, headers={"Retry-After": "0"}),
        Fault("PUT", PUTS, skip=2, status=500, times=3),
        Fault("PUT", PUTS, skip=1, lose_answer=True),
        Fault("PUT", PUTS, skip=1, keep_bytes=100_000),
        Fault("PUT", PUTS, skip=4, lose_answer=True),
        Fault("POST", PUTS, status=502),
        Fault("POST", PUTS, lose_answer=True),
    ],
    ids=str,
)
def test_what_passes_is_waited_for(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path, fault: Fault
) -> None:
    youtube.faults.append(fault)
    scene.publish(bunny)
    assert fault.times == 0
    assert list(youtube.videos.values()) == [bunny.read_bytes()]


def test_a_half_sent_part_is_not_sent_again(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path
) -> None:
    scene = Scene(
        scene.publisher.journal.folder, "youtube", youtube, part_bytes=3 * PART_BYTES
    )
    # 700,000 bytes arrive, of which Google keeps two units of 262,144.
    youtube.faults.append(Fault("PUT", PUTS, keep_bytes=700_000))
    scene.publish(bunny)
    (session,) = youtube.sessions.values()
    assert bytes(session.data) == bunny.read_bytes()
    assert session.received == len(session.data) + 700_000 - 2 * 262_144


@pytest.mark.parametrize("status", [404, 410])
def test_a_session_that_is_over_begins_anew(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path, status: int
) -> None:
    with pytest.raises(JobCancelledError):
        scene.publish(bunny, reporter=stopping(PART_BYTES))
    (session,) = youtube.sessions.values()
    session.is_over = status == 410
    if not session.is_over:
        youtube.sessions.clear()
    scene.publish(bunny)
    assert status in {one.status for one in youtube.seen}
    assert list(youtube.videos.values()) == [bunny.read_bytes()]


def test_a_cancelled_upload_goes_on_where_it_stopped(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path
) -> None:
    reporter = stopping(2 * PART_BYTES)
    with pytest.raises(JobCancelledError):
        scene.publish(bunny, reporter=reporter)
    (entry,) = scene.entries()
    assert entry.stat().st_mode & 0o777 == 0o600
    assert entry.parent.stat().st_mode & 0o777 == 0o700
    scene.publish(bunny)
    (session,) = youtube.sessions.values()
    assert bytes(session.data) == bunny.read_bytes()
    # What was on its way when it was cancelled may come twice: less than a part.
    assert session.received - len(session.data) < PART_BYTES
    assert scene.entries() == []


def test_a_pause_stops_the_bytes_until_it_ends(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path
) -> None:
    received: list[int] = []

    def go_on() -> None:
        (session,) = youtube.sessions.values()
        # What is on its way arrives, and nothing more.
        while session.received != received[-1]:
            received.append(session.received)
            time.sleep(0.5)
        reporter.resume()

    def pause(done: int) -> None:
        if done > 300_000 and not received:
            reporter.pause()
            received.append(0)
            threading.Thread(target=go_on).start()

    reporter = Watching(pause)
    scene.publish(bunny, reporter=reporter)
    assert 0 < received[-1] < len(bunny.read_bytes())
    assert list(youtube.videos.values()) == [bunny.read_bytes()]


def test_another_title_is_another_upload(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path
) -> None:
    with pytest.raises(JobCancelledError):
        scene.publish(bunny, reporter=stopping(PART_BYTES))
    scene.publish(bunny, title="Another")
    assert len(youtube.sessions) == 2
    assert [r["snippet"]["title"] for r in youtube.resources.values()] == ["Another"]


def test_a_film_that_was_replaced_is_not_continued(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path, bikes: Path, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bunny.read_bytes())
    with pytest.raises(JobCancelledError):
        scene.publish(film, reporter=stopping(PART_BYTES))
    film.write_bytes(bikes.read_bytes())
    scene.publish(film)
    assert list(youtube.videos.values()) == [bikes.read_bytes()]


def test_a_film_that_changes_during_the_upload_is_refused(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bunny.read_bytes())

    def write(done: int) -> None:
        if done > PART_BYTES:
            with film.open("r+b") as file:
                file.seek(900_000)
                file.write(b"changed")

    with pytest.raises(PublishError, match=r"film\.mp4 was changed during the upload"):
        scene.publish(film, reporter=Watching(write))
    assert youtube.videos == {}


def test_a_refused_token_is_renewed_once(
    tmp_path: Path, youtube: YouTubeStandIn, bunny: Path
) -> None:
    scene = Scene(tmp_path, "youtube", youtube, token=OLD)
    scene.publish(bunny)
    assert scene.asked == [None, OLD]
    assert len(youtube.videos) == 1


def test_a_token_that_stays_refused_says_to_connect(
    tmp_path: Path, youtube: YouTubeStandIn, bunny: Path
) -> None:
    scene = Scene(tmp_path, "youtube", youtube, token=OLD, fresh=OLD)
    with pytest.raises(PublishError, match=r"tl\.accounts\.connect\('youtube'\)"):
        scene.publish(bunny)
    assert youtube.count("POST") == 2


@pytest.mark.parametrize(
    ("reason", "status", "words"),
    [
        ("quotaExceeded", 403, "the day's quota .* midnight, Pacific Time"),
        ("uploadLimitExceeded", 400, "may upload no more videos today"),
        ("youtubeSignupRequired", 401, "has no YouTube channel"),
        ("insufficientPermissions", 403, "without the right"),
        ("somethingNew", 403, "HTTP 403 somethingNew said by the stand-in"),
    ],
)
def test_refusals_are_in_words_and_are_not_repeated(  # noqa: PLR0917 - of the table
    scene: Scene,
    youtube: YouTubeStandIn,
    bunny: Path,
    reason: str,
    status: int,
    words: str,
) -> None:
    youtube.refusal = error(status, reason)
    with pytest.raises(PublishError, match=f"YouTube refused this: .*{words}"):
        scene.publish(bunny)
    assert youtube.count("POST") == (2 if status == 401 else 1)


def test_captions_that_are_refused_are_a_warning(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path
) -> None:
    youtube.caption_refusal = error(403, "insufficientPermissions")
    made = scene.publish(
        bunny, made_for_kids=False, language="en", extras=Extras(captions=CAPTIONS)
    )
    assert len(youtube.videos) == 1
    (warning,) = made.warnings
    assert warning.startswith("the captions were refused")
    assert "connect again" in warning
    # The next call sends what is missing, and not the film.
    youtube.caption_refusal = None
    again = scene.publish(
        bunny, made_for_kids=False, language="en", extras=Extras(captions=CAPTIONS)
    )
    assert (again.id, again.warnings) == (made.id, ())
    assert len(youtube.sessions) == 1
    assert len(youtube.captions[made.id]) == 1
    assert scene.entries() == []


def test_a_server_that_is_down_is_given_up_and_the_upload_kept(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path
) -> None:
    youtube.faults.append(Fault("PUT", PUTS, skip=2, status=503, times=99))
    with pytest.raises(PublishError, match="answered 503, 4 times in a row"):
        scene.publish(bunny)
    youtube.faults.clear()
    scene.publish(bunny)
    (session,) = youtube.sessions.values()
    assert session.received == len(session.data)


def test_a_long_wait_that_is_asked_for_ends_the_upload(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path
) -> None:
    youtube.faults.append(
        Fault("PUT", PUTS, status=503, headers={"Retry-After": "7200"})
    )
    with pytest.raises(PublishError, match="asks to wait 120 minutes"):
        scene.publish(bunny)


@pytest.mark.parametrize("fault", [Fault("PUT", silent_s=8), Fault("PUT", drip_s=0.2)])
def test_a_silent_or_dripping_server_is_asked_again(
    tmp_path: Path, youtube: YouTubeStandIn, bunny: Path, fault: Fault
) -> None:
    patience = replace(PATIENCE, silence_s=2)
    # The last answer has a body that drips.
    fault.skip = 4
    youtube.faults.append(fault)
    Scene(tmp_path, "youtube", youtube, patience=patience).publish(bunny)
    assert list(youtube.videos.values()) == [bunny.read_bytes()]


def test_a_redirect_is_not_followed(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path
) -> None:
    youtube.faults.append(
        Fault("POST", status=307, headers={"Location": f"{youtube.address}/stolen"})
    )
    with pytest.raises(PublishError, match="HTTP 307"):
        scene.publish(bunny)
    assert youtube.count("POST", "/stolen") == 0


@pytest.mark.parametrize(
    "place",
    ["http://example.com/x?upload_id=1", "https://example.com/x", "file:///x", ""],
)
def test_an_address_elsewhere_is_refused(
    scene: Scene, youtube: YouTubeStandIn, bunny: Path, place: str
) -> None:
    youtube.faults.append(Fault("POST", PUTS, status=200, headers={"Location": place}))
    with pytest.raises(PublishError, match="named no address"):
        scene.publish(bunny)


def test_one_upload_of_a_film_runs_at_a_time(
    scene: Scene,
    youtube: YouTubeStandIn,
    bunny: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal, "_ENDS_WITHIN_S", 0.2)

    def publish_again(_: int) -> None:
        with pytest.raises(PublishError, match="by this notebook or program"):
            scene.publish(bunny)

    scene.publish(bunny, reporter=Watching(publish_again))
    assert len(youtube.videos) == 1


def test_an_upload_that_ends_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_ENDS_WITHIN_S", 200.0)
    settings = PublishSettings(platform="youtube", title="t")
    uploads = journal.UploadJournal(tmp_path / "uploads")
    began, ends, order = threading.Event(), threading.Event(), list[str]()

    def first() -> None:
        with uploads.entry("digest", settings):
            began.set()
            ends.wait(200)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert began.wait(120)

    def cancel() -> None:
        raise JobCancelledError("the job was cancelled")

    with (
        pytest.raises(JobCancelledError),
        uploads.entry("digest", settings, cancel),
    ):
        pass
    threading.Timer(0.1, ends.set).start()
    with uploads.entry("digest", settings) as entry:
        order.append("second")
        entry.begin(Secret("https://example.com/session"))
    thread.join()
    assert order == ["first", "second"]
    # An upload that is to go on keeps its lock, and one that ended does not.
    assert len(list(uploads.folder.glob("*.lock"))) == 2
    with uploads.entry("digest", settings) as entry:
        entry.forget()
    assert [path.name for path in uploads.folder.iterdir()] == ["guard.lock"]


def test_the_platforms_own_address_is_https_alone(tmp_path: Path) -> None:
    for base in ("http://example.com", "ftp://127.0.0.1", "https://u:p@example.com"):
        with pytest.raises(PublishError, match="no address of a platform"):
            Publisher(
                tmp_path,
                MediaLibrary(tmp_path),
                lambda _: lambda _: pytest.fail("asked for a token"),
                bases={"youtube": base},
            )


@pytest.mark.parametrize("fault", ["refused", "down", "cancelled", "changed", "disk"])
def test_no_error_shows_the_token_or_the_address_of_the_session(  # noqa: PLR0917 - fixtures
    scene: Scene,
    youtube: YouTubeStandIn,
    bunny: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bunny.read_bytes())
    reporter = None
    if fault == "refused":
        youtube.faults.append(Fault("PUT", PUTS, skip=1, status=403))
    if fault == "down":
        youtube.faults.append(Fault("PUT", PUTS, skip=1, keep_bytes=9, times=99))
    if fault == "cancelled":
        reporter = stopping(300_000)
    if fault == "changed":
        # In the middle of a part, where the film is read below httpx.
        reporter = Watching(lambda done: truncate(film, done > 300_000))
    if fault == "disk":
        monkeypatch.setattr("timeline_nb.publishing.journal.write_private", full_disk)
    with pytest.raises((PublishError, JobCancelledError)) as caught:
        scene.publish(film, reporter=reporter)
    shown = shown_in_frames(caught.value)
    assert len(shown) > 10
    assert not [text for text in shown if TOKEN in text or "upload_id" in text]


def truncate(film: Path, is_time: object) -> None:
    if is_time:
        os.truncate(film, 1000)


def full_disk(path: Path, data: bytes) -> None:
    raise OSError(28, "No space left on device", f"{path} {data!r}")
