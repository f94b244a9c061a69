import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_factory import Clips, read_number

from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.probe import probe
from timeline_nb.timebase import TimeRange


def test_a_probe_is_believed_until_the_file_changes(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "clip.mp4"
    shutil.copy(clips["cfr"], path)
    first = library.probe(path)
    assert library.probe(path) is first
    shutil.copy(clips["phone"], path)
    assert library.probe(path).fingerprint != first.fingerprint


def test_a_probe_is_forgotten_after_its_time(
    clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes: list[Path] = []

    def counted(path: Path) -> MediaInfo:
        probes.append(path)
        return probe(path)

    monkeypatch.setattr("timeline_nb.media.readers.probe", counted)
    library = MediaLibrary(tmp_path, ttl_s=0.0)
    library.probe(clips["cfr"])
    library.probe(clips["cfr"])
    assert len(probes) == 2


def test_a_cache_that_cannot_be_written_costs_time_not_the_film(
    clips: Clips, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    library = MediaLibrary(tmp_path / "cache")
    with (
        pytest.warns(RuntimeWarning, match="cannot be written"),
        library.video(clips["cfr"]) as decoder,
    ):
        assert read_number(decoder.frame(9).to_rgb()) == 9


def test_thumbnails_are_the_frames_shown_at_their_times(
    clips: Clips, library: MediaLibrary
) -> None:
    times = [Fraction(n, 25) for n in (40, 3, 3, 59)]
    pictures = library.thumbnails(clips["cfr"], times, height_px=56)
    assert [read_number(picture) for picture in pictures] == [40, 3, 3, 59]
    assert pictures[0].shape == (56, 96, 3)
    again = library.thumbnails(clips["cfr"], times, height_px=56)
    assert all(a is b for a, b in zip(pictures, again, strict=True))


def test_the_waveform_is_loud_where_the_clicks_are(
    clips: Clips, library: MediaLibrary
) -> None:
    wave = library.waveform(clips["quick"], bins=24)
    loud = np.flatnonzero(wave.high[0] > 0.4)
    # A click each half second over 2.4 s in 24 bins: each fifth bin.
    assert loud.tolist() == [0, 5, 10, 15, 20]
    part = library.waveform(
        clips["quick"], bins=7, time_range=TimeRange(Fraction(1), Fraction(1, 1000))
    )
    assert part.high.shape == (2, 7)
    assert (part.high > 0.2).any()


def test_a_waveform_has_the_extremes_of_its_samples(
    clips: Clips, library: MediaLibrary
) -> None:
    with library.audio(clips["quick"], sample_rate_hz=48_000) as decoder:
        samples = decoder.read(0, 115_200)
    wave = library.waveform(clips["quick"], bins=100)
    parts = np.split(samples, 100, axis=1)
    assert np.allclose(wave.high, np.stack([p.max(axis=1) for p in parts], axis=1))
    assert np.allclose(wave.low, np.stack([p.min(axis=1) for p in parts], axis=1))


def test_a_fingerprint_follows_the_content_not_the_name(tmp_path: Path) -> None:
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    one.write_bytes(b"frames" * 10)
    two.write_bytes(b"frames" * 10)
    three.write_bytes(b"frames" * 9 + b"Frames")
    assert fingerprint(one) == fingerprint(two) != fingerprint(three)
    assert len(fingerprint(one)) == 32


def test_large_files_are_told_apart_by_samples(tmp_path: Path) -> None:
    large, other = tmp_path / "large", tmp_path / "other"
    data = bytearray(12_000_000)
    large.write_bytes(data)
    data[-1] = 1
    other.write_bytes(data)
    assert fingerprint(large) != fingerprint(other)


@pytest.mark.parametrize("name", ["cfr", "bframes", "open_gop", "transport", "vfr"])
def test_quick_thumbnails_are_the_keyframes_before(
    name: str, clips: Clips, library: MediaLibrary
) -> None:
    index = library.index(library.probe(clips[name]))
    times = [index.time_of(n) for n in (0, 5, 30, 55)]
    found = library.thumbnails(clips[name], times, height_px=112, exact=False)
    # A keyframe stands at each twelfth frame.
    assert [read_number(rgb) for rgb in found] == [0, 0, 24, 48]
