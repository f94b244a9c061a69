"""Sound as files tell it: changes in mid-stream, frames without stamps, odd layouts."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from references import ffmpeg_sound
from sound_factory import (
    RATE,
    Part,
    clicks,
    loudness_at,
    onsets,
    tone,
    tones,
    write_film,
    write_wav,
)

from timeline_nb.errors import MediaError
from timeline_nb.media.audio import AudioDecoder
from timeline_nb.media.library import MediaLibrary

LEVEL = 0.25


def _joined(path: Path, *parts: Path) -> Path:
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def _part(path: Path, hertz: float, codec: str, *, rate: int, layout: str) -> Path:
    channels = av.AudioLayout(layout).nb_channels
    sound = np.stack([tone(hertz, 2, rate=rate, level=LEVEL)] * channels)
    options = {"write_xing": "0", "id3v2_version": "0"}
    return write_film(
        path,
        [Part(sound, codec, layout, rate)],
        options=options if path.suffix == ".mp3" else None,
    )


@pytest.mark.parametrize(
    ("suffix", "codec", "rates", "layouts", "gain"),
    [
        (".mp3", "libmp3lame", (44_100, 48_000), ("stereo", "stereo"), 1),
        (".mp3", "libmp3lame", (44_100, 44_100), ("stereo", "mono"), 1),
        # Left, center and surround, the latter two 3 dB softer.
        (".aac", "aac", (48_000, 48_000), ("stereo", "5.1"), 1 + 2 * 0.5**0.5),
        (".ts", "ac3", (48_000, 44_100), ("mono", "5.1"), 1 + 2 * 0.5**0.5),
    ],
)
def test_parts_of_other_rates_and_layouts_are_heard_at_their_place(  # noqa: PLR0917
    suffix: str,
    codec: str,
    rates: tuple[int, int],
    layouts: tuple[str, str],
    gain: float,
    tmp_path: Path,
    library: MediaLibrary,
) -> None:
    one = _part(tmp_path / f"a{suffix}", 440, codec, rate=rates[0], layout=layouts[0])
    other = _part(tmp_path / f"b{suffix}", 880, codec, rate=rates[1], layout=layouts[1])
    path = _joined(tmp_path / f"joined{suffix}", one, other)
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, 4 * RATE)
        again = decoder.read(3 * RATE, RATE // 2)
    for side in heard:
        first, second = side[RATE // 2 : RATE], side[3 * RATE : RATE * 7 // 2]
        assert loudness_at(first, 440) == pytest.approx(LEVEL, rel=0.06)
        assert loudness_at(first, 880) < 0.01
        assert loudness_at(second, 880) == pytest.approx(LEVEL * gain, rel=0.06)
        assert loudness_at(second, 440) < 0.01
        assert loudness_at(again[0], 880) == pytest.approx(LEVEL * gain, rel=0.06)


@pytest.mark.parametrize(
    ("name", "encoder", "rate"),
    [("ms.wav", "adpcm_ms", 22_050), ("ima.wav", "adpcm_ima_wav", 44_100)],
)
def test_frames_that_tell_no_time_follow_one_another(
    name: str, encoder: str, rate: int, tmp_path: Path, library: MediaLibrary
) -> None:
    sound = np.stack([tone(440, 1, rate=rate)] * 2)
    path = write_film(tmp_path / name, [Part(sound, encoder, "stereo", rate)])
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
    plain = [
        f.to_ndarray() if f.format.is_planar else f.to_ndarray().reshape(-1, 2).T
        for f in frames
    ]
    expected = np.concatenate(plain, axis=1).astype(np.float32) / (1 << 15)
    with library.audio(path, sample_rate_hz=rate) as decoder:
        heard = decoder.read(0, expected.shape[1])
    assert np.array_equal(heard, expected)


def _stamped(path: Path, stamps_ms: dict[int, int]) -> Path:
    """A second of tone in frames of 20 ms whose stamps are moved by number."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        whole = (tone(440, 1) * 32767).astype("<i2")
        for number in range(50):
            data = whole[number * 960 : (number + 1) * 960].tobytes()
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, 1000)
            packet.pts = number * 20 + stamps_ms.get(number, 0)
            packet.dts = number
            container.mux(packet)
    return path


def test_stamps_that_jitter_make_no_hole(tmp_path: Path, library: MediaLibrary) -> None:
    path = _stamped(tmp_path / "jitter.mkv", {10: 35, 20: -35, 30: 150})
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, RATE)[0]
    assert np.abs(heard - tone(440, 1)).max() < 1e-4


def test_a_hole_is_as_long_as_the_stamps_tell(
    tmp_path: Path, library: MediaLibrary
) -> None:
    path = _stamped(tmp_path / "hole.mkv", dict.fromkeys(range(25, 50), 300))
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, RATE * 13 // 10)[0]
    whole = tone(440, 1)
    expected = np.concatenate(
        [whole[: RATE // 2], np.zeros(RATE * 3 // 10, np.float32), whole[RATE // 2 :]]
    )
    assert np.abs(heard - expected).max() < 1e-4


@pytest.mark.parametrize("channels", range(1, 17))
def test_every_channel_but_the_low_one_is_heard(
    channels: int, tmp_path: Path, library: MediaLibrary
) -> None:
    path = write_wav(tmp_path / "many.wav", tones(channels))
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, RATE)
    for number in range(channels):
        level = max(loudness_at(side, 300 + 100 * number) for side in heard) / 0.1
        low = channels in {6, 7, 8} and number == 3
        assert (level < 0.01) if low else (level > 0.49)


def test_eight_channels_of_planes_are_heard_each(
    tmp_path: Path, library: MediaLibrary
) -> None:
    sound = tones(8)
    path = write_film(tmp_path / "wide.mka", [Part(sound, "libopus", "7.1")])
    with library.audio(path, sample_rate_hz=RATE, layout="7.1") as decoder:
        heard = decoder.read(0, RATE)
    for number in range(8):
        # Opus keeps the low frequency effects below 120 Hz or so in most frames.
        if number != 3:
            level = loudness_at(heard[number], 300 + 100 * number)
            assert level == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize("rate", [8000, 22_050, 44_100, 48_000, 96_000])
def test_one_channel_keeps_its_level_on_both_sides(
    rate: int, tmp_path: Path, library: MediaLibrary
) -> None:
    path = write_wav(
        tmp_path / "mono.wav", tone(440, 1, rate=rate)[np.newaxis], rate=rate
    )
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, RATE)
    for side in heard:
        assert loudness_at(side, 440) == pytest.approx(LEVEL, rel=0.005)


def test_whole_numbers_of_every_size_are_read(
    tmp_path: Path, library: MediaLibrary
) -> None:
    sound = np.stack([tone(440, 0.5)] * 2)
    for codec in ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_s64le"):
        path = write_film(tmp_path / f"{codec}.mka", [Part(sound, codec)])
        with library.audio(path, sample_rate_hz=RATE) as decoder:
            heard = decoder.read(0, sound.shape[1])
        assert np.abs(heard - sound).max() < (0.01 if codec == "pcm_u8" else 1e-4)


def test_encrypted_files_say_so(tmp_path: Path, library: MediaLibrary) -> None:
    key = {"encryption_key": "76a6c65c5ea762046bd749a2e632ccbb"}
    key |= {"encryption_kid": "a7e61c373e219033c21091fa607bf3b8"}
    key |= {"encryption_scheme": "cenc-aes-ctr"}
    sound = np.stack([tone(440, 2)] * 2)
    path = write_film(
        tmp_path / "secret.mp4", [Part(sound, "aac")], frames=25, options=key
    )
    info = library.probe(path)
    with pytest.raises(MediaError, match=r"secret\.mp4: stream 0 .*encrypted"):
        library.index(info)
    with (
        AudioDecoder(info, sample_rate_hz=RATE) as decoder,
        pytest.raises(MediaError, match=r"secret\.mp4: stream 1 .aac. is encrypted"),
    ):
        decoder.read(0, RATE)


def test_tags_that_are_not_utf8_are_read_as_western(
    tmp_path: Path, library: MediaLibrary
) -> None:
    path = tmp_path / "tags.flac"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "Caf#_#"
        stream = container.add_stream("flac", rate=RATE)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.int16), "s16", "mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode()]:
            container.mux(packet)
    # An e with an acute accent, and the euro of Windows-1252.
    path.write_bytes(path.read_bytes().replace(b"Caf#_#", b"Caf\xe9_\x80"))
    assert library.probe(path).tags["title"] == "Caf\xe9_\u20ac"


def test_damaged_sound_has_holes_and_goes_on(
    tmp_path: Path, library: MediaLibrary
) -> None:
    sound = np.stack([tone(440, 4)] * 2)
    path = write_film(tmp_path / "damaged.ts", [Part(sound, "mp2")])
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = bytes(3000)
    path.write_bytes(data)
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, 4 * RATE)[0]
    assert loudness_at(heard[:RATE], 440) == pytest.approx(LEVEL, rel=0.05)
    assert loudness_at(heard[3 * RATE : RATE * 7 // 2], 440) == pytest.approx(
        LEVEL, rel=0.05
    )


def test_a_stream_that_tells_no_rate_is_a_media_error(
    tmp_path: Path, library: MediaLibrary
) -> None:
    path = write_wav(tmp_path / "a.wav", tones(2, 0.1))
    with pytest.raises(MediaError, match=r"a\.wav.*at 0 Hz"):
        library.audio(path, sample_rate_hz=0)
    with pytest.raises(MediaError, match=r"a\.wav.*'9\.1'"):
        library.audio(path, sample_rate_hz=RATE, layout="9.1")


def test_resampled_sound_is_what_ffmpeg_makes_of_it(
    tmp_path: Path, library: MediaLibrary
) -> None:
    path = write_wav(tmp_path / "slow.wav", tones(2, 1, rate=44_100), rate=44_100)
    expected = ffmpeg_sound(path)
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = decoder.read(0, expected.shape[1])
    assert np.abs(heard - expected)[:, 100:-100].max() < 1e-4


# Where sound lies is told by each container in ticks of its own.
_ROUNDING_S = {
    ".mov": Fraction(0),
    ".mp4": Fraction(1, 1000),
    ".mkv": Fraction(0),
    ".webm": Fraction(1, 1000),
    ".ts": Fraction(1, 90_000),
    ".mpg": Fraction(1, 90_000),
    ".flv": Fraction(1, 1000),
}
_CODECS = {
    ".mov": "pcm_s16le",
    ".mp4": "aac",
    ".mkv": "flac",
    ".webm": "libopus",
    ".ts": "mp2",
    ".mpg": "mp2",
    ".flv": "libmp3lame",
}


@pytest.mark.parametrize("suffix", _CODECS)
@pytest.mark.parametrize("offset_ms", [0, 23, -520])
def test_sound_keeps_its_place_beside_the_first_picture(
    suffix: str, offset_ms: int, tmp_path: Path, library: MediaLibrary
) -> None:
    offset = Fraction(offset_ms, 1000)
    rate = 44_100 if suffix == ".flv" else RATE
    first = max(-offset, Fraction(0))
    sound = np.stack([clicks(3, [0.75, 1.5, 2.25], rate=rate)] * 2)
    part = Part(sound, _CODECS[suffix], rate=rate, start=first + offset)
    path = write_film(tmp_path / f"film{suffix}", [part], frames=50, first=first)
    expected = [round((Fraction(n, 4) + offset) * RATE) for n in (3, 6, 9)]
    slack = _ROUNDING_S[suffix] * RATE + (4 if rate != RATE else 1)
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = onsets(decoder.read(0, 3 * RATE)[0])
        after = onsets(decoder.read(expected[1] - 4000, 8000)[0])
    assert len(heard) == len(expected)
    for place, wanted in zip(heard, expected, strict=True):
        assert abs(place - wanted) <= slack
    assert abs(after[0] + expected[1] - 4000 - heard[1]) <= 1


def test_sound_stays_in_step_where_the_clock_begins_again(
    tmp_path: Path, library: MediaLibrary
) -> None:
    sound = np.stack([clicks(2, [0.5, 1.5])] * 2)
    part = write_film(tmp_path / "part.ts", [Part(sound, "mp2")], frames=50)
    path = _joined(tmp_path / "joined.ts", part, part, part)
    expected = [round((n + 0.5) * RATE) for n in range(6)]
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = onsets(decoder.read(0, 6 * RATE)[0])
        later = onsets(decoder.read(4 * RATE, RATE)[0])
        earlier = onsets(decoder.read(2 * RATE, RATE)[0])
    assert np.abs(np.array(heard) - expected).max() <= 1
    assert abs(later[0] + 4 * RATE - expected[4]) <= 1
    assert abs(earlier[0] + 2 * RATE - expected[2]) <= 1


def test_sound_alone_goes_on_where_the_clock_begins_again(
    tmp_path: Path, library: MediaLibrary
) -> None:
    sound = np.stack([clicks(2, [0.5, 1.5])] * 2)
    part = write_film(tmp_path / "part.ts", [Part(sound, "mp2")])
    path = _joined(tmp_path / "joined.ts", part, part)
    with library.audio(path, sample_rate_hz=RATE) as decoder:
        heard = onsets(decoder.read(0, 5 * RATE)[0])
    steps = np.diff(heard)
    # A part ends with its last whole frame of 1152 samples.
    assert steps[0] == steps[2] == RATE
    assert 0 <= steps[1] - RATE < 2 * 1152
