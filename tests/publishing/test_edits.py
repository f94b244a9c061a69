"""Edits and films published from a cell and from a terminal."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from publishing_scene import PATIENCE
from stand_ins.instagram import InstagramStandIn
from stand_ins.server import StandIn
from stand_ins.telegram import TOKEN, TelegramStandIn
from stand_ins.youtube import YouTubeStandIn

import timeline_nb as tl
from timeline_nb.errors import MediaError, PublishError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.probe import probe
from timeline_nb.publishing.film_profile import profile_for
from timeline_nb.publishing.limits import limits_of
from timeline_nb.publishing.publisher import Publisher
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import MemoryStore


def studio_of(folder: Path, **stand_ins: StandIn) -> tl.Studio:
    """A studio whose platforms are stand-ins."""
    token = TOKEN if "telegram" in stand_ins else "token-1"
    publisher = Publisher(
        folder / "uploads",
        MediaLibrary(folder / "cache"),
        lambda _: lambda _: Secret(token),
        bases={name: one.address for name, one in stand_ins.items()},
        patience=PATIENCE,
    )
    settings = tl.Settings(cache_dir=folder / "cache", data_dir=folder / "data")
    return tl.open_studio(settings, publisher=publisher)


@pytest.fixture
def youtube() -> Iterator[YouTubeStandIn]:
    with YouTubeStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def studio(tmp_path: Path, youtube: YouTubeStandIn) -> Iterator[tl.Studio]:
    with studio_of(tmp_path, youtube=youtube) as made:
        yield made


@pytest.fixture
def cut(bikes: Path, studio: tl.Studio) -> tl.Edit:
    """Two seconds of a street, with two lines of subtitles."""
    src = tl.open(bikes, studio=studio)
    edit = tl.Edit("street", rate=src.rate, size=(640, 272), studio=studio)
    edit.append(src.clip("1s", "3s"))
    edit.subtitles.add("One", start=0, end="1s")
    edit.subtitles.add("Two", start="1s", end="2s")
    return edit


def written(data: bytes, path: Path) -> Path:
    path.write_bytes(data)
    return path


def test_an_edit_is_rendered_and_uploaded_with_its_captions(
    cut: tl.Edit, youtube: YouTubeStandIn, tmp_path: Path
) -> None:
    made = cut.publish(
        "youtube", captions=True, thumbnail_at="1s", made_for_kids=False, language="en"
    )
    (film,) = youtube.videos.values()
    info = probe(written(film, tmp_path / "arrived.mp4"))
    assert info.video[0].display_size == (640, 272)
    assert info.duration == 2
    assert made.title == "street"
    assert made.privacy == "private"
    assert made.warnings == ()
    ((_, text),) = youtube.captions[made.id]
    # SubRip: number, times, text.
    assert text == (
        "1\n00:00:00,000 --> 00:00:01,000\nOne\n\n"
        "2\n00:00:01,000 --> 00:00:02,000\nTwo\n"
    )
    assert youtube.thumbnails[made.id].startswith(b"\xff\xd8\xff")
    # Nothing is left of the film.
    assert not list((tmp_path / "cache" / "publish").iterdir())


def test_captions_are_not_drawn_into_the_picture_as_well(
    cut: tl.Edit, youtube: YouTubeStandIn, tmp_path: Path, studio: tl.Studio
) -> None:
    cut.publish("youtube", captions=True, language="en")
    cut.publish("youtube", title="drawn")
    plain, drawn = (
        tl.open(written(film, tmp_path / f"{name}.mp4"), studio=studio).frame(number=12)
        for name, film in youtube.videos.items()
    )
    source = tl.open(cut.clips[0].media.path, studio=studio).frame(number=37)
    low = slice(200, None)
    assert np.abs(plain[low].astype(int) - source[low]).mean() < 6
    assert np.abs(drawn[low].astype(int) - source[low]).max() > 120


def test_the_same_edit_gives_the_same_film_and_goes_on(
    cut: tl.Edit, youtube: YouTubeStandIn
) -> None:
    youtube.pace_bps = 4_000_000
    job = cut.start_publish("youtube", profile=tl.Profile(quality=95))

    def stop(progress: tl.Progress) -> None:
        if progress.stage == "upload":
            job.cancel()

    job.progressed.connect(stop)
    with pytest.raises(tl.JobCancelledError):
        job.wait()
    youtube.pace_bps = 0
    cut.publish("youtube", profile=tl.Profile(quality=95))
    assert len(youtube.sessions) == 1
    assert len(youtube.videos) == 1


def test_a_part_of_an_edit_has_its_own_captions_and_times(
    cut: tl.Edit, youtube: YouTubeStandIn, tmp_path: Path
) -> None:
    film = tmp_path / "kept.mp4"
    cut.publish("youtube", film=film, start="0.5s", end="1.5s", captions=True)
    assert list(youtube.videos.values()) == [film.read_bytes()]
    assert probe(film).duration == 1
    ((snippet, text),) = next(iter(youtube.captions.values()))[:1]
    assert snippet["language"] == "en"
    assert "00:00:00,500 --> 00:00:01,000\nTwo" in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "x" * 101}, "title has 101 letters, more than 100"),
        ({"title": "a < b"}, "title has < or >"),
        ({"title": "🐇" * 51}, "title has 102 letters, more than 100"),
        ({"description": "é" * 2501}, "description has 5002 bytes, more than 5000"),
        # 100 tags of 4 letters with 99 commas, and one of 2 with its comma.
        (
            {"tags": [f"t{n:03}" for n in range(100)] + ["xx"]},
            "tags has 502 letters, more than 500",
        ),
        ({"privacy": "publik"}, "did you mean 'public'"),
        ({"category": "Gamin"}, "did you mean 'gaming'"),
        ({"publish_at": "2001-01-01T00:00Z"}, "is past"),
        ({"publish_at": "2130-01-01T00:00"}, "offset from UTC"),
        (
            {"publish_at": "2130-01-01T00:00Z", "privacy": "public"},
            "private until then",
        ),
        ({"chat": "@films"}, "YouTube takes no chat"),
        ({"descripton": "x"}, "did you mean 'description'"),
        ({"made_for_kids": "yes"}, "give True or False"),
        ({"title": "a\x00b"}, "control character"),
        ({"title": "\ud800"}, "half a letter"),
        ({"thumbnail": "gone.jpg"}, r"thumbnail: gone\.jpg cannot be opened"),
        ({"thumbnail": np.zeros((2, 2))}, r"thumbnail has the shape \(2, 2\)"),
        ({"thumbnail_at": "9s"}, "thumbnail_at=9 s is outside"),
        ({"captions": "other"}, "no subtitle track 'other'"),
        ({"film": "film.gif"}, r"YouTube takes \.mp4"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_what_a_platform_does_not_take_is_said_before_the_render(
    cut: tl.Edit, youtube: YouTubeStandIn, fields: dict[str, object], words: str
) -> None:
    with pytest.raises(PublishError, match=words):
        cut.start_publish("youtube", **fields)  # type: ignore[arg-type]
    assert youtube.seen == []


@pytest.mark.parametrize(
    ("platform", "fields", "words"),
    [
        ("youtub", {}, "did you mean 'youtube'"),
        ("instagram", {"privacy": "public"}, "lasts 2.0 s, less than 3 s"),
        ("instagram", {}, "privacy='public'"),
        ("tiktok", {}, "less than 3 s"),
        ("telegram", {}, "name the chat"),
        ("telegram", {"chat": "@films", "captions": True}, "takes no caption files"),
        ("telegram", {"chat": "@films", "title": "x" * 1025}, "1025 letters together"),
        ("tiktok", {"thumbnail": "a.jpg"}, "takes no picture as the thumbnail"),
    ],
)
def test_limits_differ_from_platform_to_platform(
    cut: tl.Edit, platform: str, fields: dict[str, object], words: str
) -> None:
    with pytest.raises(PublishError, match=words):
        cut.start_publish(platform, **fields)  # type: ignore[arg-type]


def test_a_film_for_telegram_fits_into_50_mb_or_is_refused(
    bikes: Path, tmp_path: Path
) -> None:
    with TelegramStandIn() as telegram:
        # The address of the stand-in is that of a Bot API server of one's own.
        with studio_of(tmp_path, telegram=telegram) as studio:
            src = tl.open(bikes, studio=studio)
            cut = tl.Edit("street", rate=src.rate, size=(640, 272), studio=studio)
            cut.append(src.clip("0s", "2s"))
            made = cut.publish("telegram", chat="@films", description="A street")
        (message,) = telegram.messages
    assert made.url == "https://t.me/films/7"
    assert message["caption"] == "street\n\nA street"
    assert (message["width"], message["height"]) == ("640", "272")


def test_the_bit_rate_keeps_a_film_below_the_limit() -> None:
    limits = limits_of("telegram")
    profile = profile_for(limits, (1280, 720), Fraction(600), limits.most_bytes)
    assert profile.max_bit_rate_bps is not None
    whole_bps = profile.max_bit_rate_bps + profile.audio_bit_rate_bps
    assert whole_bps * 600 / 8 < 50_000_000
    with pytest.raises(PublishError, match="60 minutes do not fit into the 50 MB"):
        profile_for(limits, (1280, 720), Fraction(3600), limits.most_bytes)


@pytest.mark.parametrize(
    ("platform", "size", "film"),
    [
        ("youtube", (3840, 2160), (3840, 2160)),
        ("youtube", (2560, 1440), None),
        ("youtube", (1920, 1080), (1920, 1080)),
        ("youtube", (1280, 720), None),
        ("youtube", (1080, 1920), None),
        ("tiktok", (2160, 3840), (1080, 1920)),
        ("instagram", (720, 720), None),
    ],
)
def test_films_have_the_profile_size_where_it_fits(
    platform: str, size: tuple[int, int], film: tuple[int, int] | None
) -> None:
    limits = limits_of(platform)
    assert profile_for(limits, size, Fraction(9), limits.most_bytes).size == film


def test_a_finished_film_is_uploaded_as_it_is(
    bunny: Path, studio: tl.Studio, youtube: YouTubeStandIn, tmp_path: Path
) -> None:
    lines = tmp_path / "lines.vtt"
    lines.write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n")
    cover = tmp_path / "cover.png"
    Image.new("RGB", (3000, 2000), "red").save(cover)
    made = tl.publish(
        bunny, "youtube", thumbnail=cover, captions=lines, language="en", studio=studio
    )
    assert list(youtube.videos.values()) == [bunny.read_bytes()]
    assert made.title == "bigbuckbunny"
    ((_, text),) = youtube.captions[made.id]
    assert text == "1\n00:00:00,000 --> 00:00:01,000\nHi\n"
    assert repr(made).splitlines()[0] == (
        f"<Published youtube 'bigbuckbunny', https://youtu.be/{made.id}, private, "
        "1.1 MB>"
    )
    assert f'<a href="https://youtu.be/{made.id}"' in made._repr_html_()


def test_what_is_no_film_is_refused(
    studio: tl.Studio, youtube: YouTubeStandIn, tmp_path: Path
) -> None:
    (tmp_path / "notes.mp4").write_text("no film")
    with pytest.raises(MediaError):
        tl.publish(tmp_path / "notes.mp4", "youtube", studio=studio)
    with pytest.raises(MediaError, match="No such file"):
        tl.publish(tmp_path / "gone.mp4", "youtube", studio=studio)
    assert youtube.seen == []


@pytest.mark.parametrize(
    "given", [{"captions": 5}, {"title": 5}, {"tags": 5}, {"platform": []}]
)
def test_a_wrong_type_is_an_error_of_publishing(
    given: dict[str, Any], bunny: Path, tmp_path: Path
) -> None:
    with (
        tl.open_studio(tl.Settings(cache_dir=tmp_path / "c")) as studio,
        pytest.raises(PublishError),
    ):
        tl.publish(bunny, **{"platform": "youtube", **given}, studio=studio)


def test_a_reel_takes_its_thumbnail_from_the_film(bunny: Path, tmp_path: Path) -> None:
    with InstagramStandIn() as instagram:
        with studio_of(tmp_path, instagram=instagram) as studio:
            tl.publish(
                bunny,
                "instagram",
                privacy="public",
                thumbnail_at="2s",
                studio=studio,
            )
        (fields,) = instagram.fields.values()
    assert fields["thumb_offset"] == "2000"


def test_an_account_that_is_missing_is_said_before_the_render(
    bikes: Path, tmp_path: Path
) -> None:
    settings = tl.Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")
    with tl.open_studio(settings, vault=MemoryStore()) as studio:
        src = tl.open(bikes, studio=studio)
        cut = tl.Edit("street", rate=src.rate, size=(640, 272), studio=studio)
        cut.append(src.clip("0s", "2s"))
        with pytest.raises(
            tl.AccountError, match=r"tl\.accounts\.connect\('youtube'\)"
        ):
            cut.publish("youtube")
        with pytest.raises(tl.VaultError, match=r"tl\.vault\.ask\('telegram'\)"):
            cut.publish("telegram", chat="@films")
        assert studio.segments.statistics().files == 0


def test_the_terminal_publishes_with_a_key_of_the_vault(
    bunny: Path, tmp_path: Path
) -> None:
    with TelegramStandIn() as telegram:
        environment = {
            **os.environ,
            "TIMELINE_NB_DATA_DIR": str(tmp_path / "data"),
            "TIMELINE_NB_CACHE_DIR": str(tmp_path / "cache"),
            "TIMELINE_NB_VAULT_PASSPHRASE": "a long passphrase of the test",
            "TIMELINE_NB_TELEGRAM_ADDRESS": telegram.address,
        }

        def run(*words: str, piped: str = "") -> "subprocess.CompletedProcess[str]":
            return subprocess.run(
                [sys.executable, "-m", "timeline_nb.cli", *words],
                check=False,
                capture_output=True,
                text=True,
                input=piped,
                env=environment,
            )

        words = ["publish", str(bunny), "telegram", "--chat", "@films", "--json"]
        added = run("keys", "add", "telegram", piped=TOKEN)
        assert added.returncode == 0, added.stderr
        done = run(*words, "--title", "Bunny", "--tags", "a,b")
        assert done.returncode == 0, done.stderr
        assert TOKEN not in done.stdout + done.stderr
        (message,) = telegram.messages
    assert json.loads(done.stdout)["url"] == "https://t.me/films/7"
    assert message["caption"] == "Bunny\n\n#a #b"
    assert message["video"] == bunny.read_bytes()
