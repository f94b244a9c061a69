"""A preview of an edit with offline files shows slates for them, and all the rest."""

import io
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from media_factory import Clips, Recipe, make, read_number
from numpy.typing import NDArray
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.i18n import Translations
from timeline_nb.preview.slates import with_slates
from timeline_nb.preview.stream import stream
from timeline_nb.preview.timeline_source import TimelinePlayerSource
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.widgets.language import TranslationsRequest, translations_answer

# Of a slate's background.
SLATE = (58, 29, 32)


def rgb_of(jpeg: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def is_slate(picture: NDArray[np.uint8]) -> bool:
    corner = picture[4:12, 4:12].reshape(-1, 3).mean(0)
    return bool(np.abs(corner - SLATE).max() < 6)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    settings = tl.Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", roots=(tmp_path,)
    )
    with tl.open_studio(settings) as studio:
        yield studio


@pytest.fixture
def cut(clips: Clips, tmp_path: Path, studio: tl.Studio) -> tl.Edit:
    """Frames 0 to 24 of a film, and 25 to 49 of one that is gone, with sound."""
    for name in ("here", "gone"):
        shutil.copy(clips["cfr"], tmp_path / f"{name}.mp4")
    cut = tl.Edit("walk", rate=25, size=(192, 112), studio=studio)
    for name, start in (("here", "0f"), ("gone", "25f")):
        media = tl.open(tmp_path / f"{name}.mp4", studio=studio)
        cut.append(media.clip(start, f"{int(start[:-1]) + 25}f"))
    (tmp_path / "gone.mp4").rename(tmp_path / "elsewhere.mp4")
    return cut


def source_of(cut: tl.Edit, studio: tl.Studio) -> TimelinePlayerSource:
    return TimelinePlayerSource(
        cut.timeline, studio.library, studio.proxies, studio.segments
    )


def test_only_the_offline_clip_is_a_slate_with_letters(
    cut: tl.Edit, studio: tl.Studio
) -> None:
    source = source_of(cut, studio)
    for jpeg in (source.draft_jpeg(10), source.exact_jpeg(10, (192, 112))):
        assert read_number(rgb_of(jpeg)) == 10
    for jpeg in (source.draft_jpeg(30), source.exact_jpeg(30, (192, 112))):
        slate = rgb_of(jpeg)
        assert is_slate(slate)
        assert slate.max() > 200
    source.close()


def test_it_plays_with_the_sound_of_the_rest(cut: tl.Edit, studio: tl.Studio) -> None:
    source = source_of(cut, studio)
    data = b"".join(chunk.data for chunk in stream(source, 0, sound="flac"))
    source.close()
    with av.open(io.BytesIO(data), "r") as film:
        pictures = [
            np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            for frame in film.decode(video=0)
        ]
    assert len(pictures) == 50
    assert [is_slate(picture) for picture in pictures[:50:7]] == [
        number >= 25 for number in range(0, 50, 7)
    ]
    sound = source.open_sound(0)
    heard = np.abs(sound.read(2 * 48_000)).max(0)
    sound.close()
    assert heard[:48_000].max() > 0.01
    assert heard[48_000:].max() == 0


def test_a_dissolve_into_it_and_its_effects_do_no_harm(
    cut: tl.Edit, studio: tl.Studio, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.mp4").rename(tmp_path / "gone.mp4")
    cut.dissolve(after=0, duration="10f")
    cut.effects.add(1, "gaussian_blur", sigma=0.02)
    cut.speed(1, Fraction(1, 2))
    (tmp_path / "gone.mp4").unlink()
    source = source_of(cut, studio)
    assert read_number(rgb_of(source.draft_jpeg(3))) == 3
    assert is_slate(rgb_of(source.draft_jpeg(45)))
    assert not is_slate(rgb_of(source.draft_jpeg(22)))
    source.close()


def test_a_table_of_colors_that_is_gone_costs_its_effect(
    cut: tl.Edit, studio: tl.Studio, tmp_path: Path
) -> None:
    cube = tmp_path / "dark.cube"
    rows = ["LUT_3D_SIZE 2", *["0 0 0"] * 8]
    cube.write_text("\n".join(rows))
    cut.effects.add(0, "lut", path=str(cube))
    dark = source_of(cut, studio)
    assert rgb_of(dark.exact_jpeg(10, (192, 112))).max() < 8
    dark.close()
    cube.unlink()
    plain = source_of(cut, studio)
    assert read_number(rgb_of(plain.exact_jpeg(10, (192, 112)))) == 10
    plain.close()


def test_a_render_still_names_the_clip(cut: tl.Edit, tmp_path: Path) -> None:
    with pytest.raises(tl.TimelineNbError, match=r"gone.*is offline"):
        cut.render(tmp_path / "film.mp4").wait()
    assert not (tmp_path / "film.mp4").exists()


def test_what_is_online_is_not_touched(
    cut: tl.Edit, studio: tl.Studio, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.mp4").rename(tmp_path / "gone.mp4")
    source = source_of(cut, studio)
    assert source.timeline is cut.timeline
    source.close()


def test_a_shortened_file_loses_only_what_it_has_no_more(
    clips: Clips, tmp_path: Path, studio: tl.Studio
) -> None:
    film = tmp_path / "film.mp4"
    shutil.copy(clips["cfr"], film)
    media = tl.open(film, studio=studio)
    cut = tl.Edit("walk", rate=25, size=(192, 112), studio=studio)
    # Frames 20 to 29; 29 to 20; and 5 to 14, into which 25 to 34 dissolve.
    cut.append(media.clip("20f", "30f"))
    cut.append(media.clip("20f", "30f"))
    cut.speed("c3", -1)
    cut.append(media.clip("5f", "15f"))
    cut.append(media.clip("25f", "35f"))
    cut.dissolve(after="c5", duration="4f")
    # Of 60 frames 24 are left.
    make(tmp_path, Recipe("film.mp4", frames=24))
    now = tl.open(film, studio=studio).clip().media
    source = TimelinePlayerSource(
        cut.timeline, studio.library, studio.proxies, replaced={str(film): now}
    )
    pictures = [rgb_of(source.exact_jpeg(n, (192, 112))) for n in range(38)]
    # Where the dissolve plays there is no number.
    shown = [
        None if is_slate(one) else -1 if n in range(28, 32) else read_number(one)
        for n, one in enumerate(pictures)
    ]
    assert shown[:4] == [20, 21, 22, 23]
    assert shown[4:16] == [None] * 12
    assert shown[16:20] == [23, 22, 21, 20]
    assert shown[20:28] == [*range(5, 13)]
    # The dissolve goes to the slate.
    assert shown[32:] == [None] * 6
    source.close()


def texts_of(timeline: Timeline) -> list[str]:
    """Return what the slates of an edit say below the name of their file."""
    return [
        layer.media.generator.parameters["text"].split("\n")[1]
        for clip in timeline.tracks[0].items
        if isinstance(clip, Clip) and clip.media.timeline is not None
        for track in clip.media.timeline.tracks
        for layer in track.items
        if isinstance(layer, Clip)
        and layer.media.generator is not None
        and layer.media.generator.kind == "title"
    ]


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", "", "is offline"),
        ("fr", "est hors ligne", "est hors ligne"),
        ("ar", "غير متصل", "غير متصل"),
        # Tangut, of which no font here has a letter.
        ("zh", "\U00017000", "is offline"),
        # Without a translation.
        ("de", "", "is offline"),
    ],
)
def test_a_slate_speaks_the_language_whose_letters_a_font_here_has(
    cut: tl.Edit,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    text: str,
    shown: str,
) -> None:
    known = {"is offline": text} if text else {}
    monkeypatch.setattr(
        "timeline_nb.preview.slates.translations",
        lambda asked: Translations(asked, known if asked == language else {}),
    )
    slates = with_slates(cut.timeline, None, language=language)
    assert texts_of(slates) == [shown]


def test_slates_follow_the_language_that_a_person_chooses(
    cut: tl.Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "timeline_nb.preview.slates.translations",
        lambda language: Translations(language, {"is offline": f"({language})"}),
    )
    # As a page in Turkish asks.
    translations_answer(TranslationsRequest(id=0, view="v", language="tr"))
    player = tl.Player(cut)
    wire = Wire(player, monkeypatch)
    wire.hello()

    def shown() -> list[str]:
        source = player._player.source_at(wire.last("playerSource")[0]["version"])
        assert isinstance(source, TimelinePlayerSource)
        return texts_of(source.timeline)

    assert shown() == ["(tr)"]
    wire.ask("changeSettings", language="it")
    assert shown() == ["(it)"]
    player.close()
    translations_answer(TranslationsRequest(id=0, view="v", language="en"))
