from pathlib import Path

import numpy as np
import pytest
from media_factory import RECIPES, Clips, click_track
from references import ffmpeg_sound

from timeline_nb.errors import MediaError
from timeline_nb.media.library import MediaLibrary

RATE = 48_000


@pytest.mark.parametrize("name", ["quick", "cfr", "ntsc", "matroska"])
def test_samples_are_those_that_ffmpeg_decodes(
    name: str, clips: Clips, library: MediaLibrary
) -> None:
    # What an encoder pads the end with is shown by some releases of FFmpeg only.
    recipe = RECIPES[name]
    count = int(len(recipe.stamps) / recipe.rate * RATE)
    expected = ffmpeg_sound(clips[name])[:, :count]
    with library.audio(clips[name], sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, count)
    assert np.abs(heard - expected).max() < 1e-4


def test_uncompressed_clicks_stand_at_their_very_sample(
    clips: Clips, library: MediaLibrary
) -> None:
    recipe = RECIPES["quick"]
    expected = click_track(len(recipe.stamps) / recipe.rate, RATE)
    with library.audio(clips["quick"], sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, len(expected))
    assert np.abs(heard - expected).max() < 1e-4


@pytest.mark.parametrize("name", ["quick", "cfr", "matroska", "transport"])
@pytest.mark.parametrize("start", [1, 23_456, 24_000, 71_111])
def test_a_seek_gives_the_same_samples_as_reading_on(
    name: str, start: int, clips: Clips, library: MediaLibrary
) -> None:
    with library.audio(clips[name], sample_rate_hz=RATE) as decoder:
        whole = decoder.read(0, 90_000)
    with library.audio(clips[name], sample_rate_hz=RATE) as decoder:
        decoder.read(80_000, 1)
        chunk = decoder.read(start, 9_000)
    # Opus predicts from all it heard; RFC 7845 counts it settled after 80 ms.
    limit = 0.05 if RECIPES[name].audio_codec == "libopus" else 1e-3
    assert np.abs(chunk - whole[:, start : start + 9_000]).max() < limit


@pytest.mark.parametrize("name", ["cfr", "slow_sound"])
def test_reading_in_pieces_is_reading_in_one(
    name: str, clips: Clips, library: MediaLibrary
) -> None:
    with library.audio(clips[name], sample_rate_hz=RATE) as decoder:
        whole = decoder.read(0, 60_000)
    with library.audio(clips[name], sample_rate_hz=RATE) as decoder:
        chunks = [decoder.read(start, 777) for start in range(0, 60_000, 777)]
    assert np.array_equal(np.concatenate(chunks, axis=1)[:, :60_000], whole)


def test_resampled_clicks_stay_in_their_place(
    clips: Clips, library: MediaLibrary
) -> None:
    with library.audio(clips["slow_sound"], sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, 2 * RATE)[0]
    for second in (0.5, 1.0, 1.5):
        around = heard[int(second * RATE) - 40 : int(second * RATE) + 60]
        loud = np.flatnonzero(around > 0.45) - 40
        # 20 samples at 44.1 kHz are 21.8 at 48 kHz; half height is crossed at the edge.
        assert abs(int(loud[0])) <= 1
        assert len(loud) in {21, 22}


def test_there_is_silence_before_and_after_the_sound(
    clips: Clips, library: MediaLibrary
) -> None:
    with library.audio(clips["quick"], sample_rate_hz=RATE) as decoder:
        before = decoder.read(-100, 110)
        after = decoder.read(10 * RATE, 100)
    assert not before[:, :100].any()
    assert before[:, 100:].all()
    assert not after.any()


def test_six_channels_come_down_to_two_and_one(
    bunny: Path, library: MediaLibrary
) -> None:
    for layout, channels in (("stereo", 2), ("mono", 1), ("5.1", 6)):
        with library.audio(bunny, sample_rate_hz=RATE, layout=layout) as decoder:
            assert decoder.read(RATE, 100).shape == (channels, 100)


def test_a_film_without_sound_says_so(bikes: Path, library: MediaLibrary) -> None:
    with pytest.raises(MediaError, match=r"bikes\.mp4 has no sound"):
        library.audio(bikes, sample_rate_hz=RATE)


def test_the_middle_can_be_read_after_the_end(
    clips: Clips, library: MediaLibrary
) -> None:
    with library.audio(clips["cfr"], sample_rate_hz=RATE) as decoder:
        whole = decoder.read(0, 4 * RATE)
        again = decoder.read(RATE, RATE)
    assert np.abs(again - whole[:, RATE : 2 * RATE]).max() < 1e-4
