"""Cuts, black, freezes, silence and loudness, beside PySceneDetect and ffmpeg."""

import re
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scenedetect
from references import PIECES, cut_together

import timeline_nb as tl
from timeline_nb.errors import MediaError, RecognitionError
from timeline_nb.recognition.signals.shots import CutMethod

PEERS: dict[CutMethod, type] = {
    "content": scenedetect.ContentDetector,
    "adaptive": scenedetect.AdaptiveDetector,
    "histogram": scenedetect.HistogramDetector,
}


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_together(tmp_path_factory.mktemp("cuts") / "cuts.mp4", size=(640, 360))


def told(path: Path, chain: str) -> str:
    """What the ffmpeg program says about a film."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), *chain.split()]
    run = subprocess.run(
        [*command, "-f", "null", "-"], check=True, capture_output=True, text=True
    )
    return run.stderr


def made(path: Path, *graph: str) -> Path:
    command = ["ffmpeg", "-v", "error", "-y"]
    for source in graph:
        command += ["-f", "lavfi", "-i", source]
    subprocess.run([*command, "-pix_fmt", "yuv420p", str(path)], check=True)
    return path


def opened(path: Path, tmp_path: Path) -> tl.Media:
    return tl.open(path, studio=tl.open_studio(tl.Settings(cache_dir=tmp_path)))


@pytest.mark.parametrize("method", PEERS)
def test_cuts_are_where_they_were_made_and_where_a_peer_finds_them(
    method: CutMethod, film: Path, tmp_path: Path
) -> None:
    shots = opened(film, tmp_path).signals.shots(method)
    begins = shots["first_frame"].tolist()
    lengths = [count for _, _, count in PIECES]
    assert set(np.cumsum([0, *lengths[:-1]])) <= set(begins)
    scenes = scenedetect.detect(str(film), PEERS[method](), start_in_scene=True)
    assert begins == [scene[0].frame_num for scene in scenes]
    assert shots["last_frame"].tolist() == [n - 1 for n in [*begins[1:], sum(lengths)]]
    assert shots["start"].tolist() == [Fraction(n, 25) for n in begins]
    assert shots["end"].iloc[-1] == Fraction(sum(lengths), 25)


def test_skimming_finds_the_cuts_that_measuring_every_frame_finds(
    film: Path, tmp_path: Path
) -> None:
    media = opened(film, tmp_path)
    skimmed = media.signals.shots()
    assert len(media.signals.motion()) == len(media.index)
    measured = media.signals.shots()
    assert skimmed["first_frame"].tolist() == measured["first_frame"].tolist()


def test_measured_once_is_known(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened(film, tmp_path).signals.motion()

    def refuse(*_: object) -> None:
        raise AssertionError("it was measured again")

    monkeypatch.setattr(
        "timeline_nb.media.analysis_decode.AnalysisDecoder.skim", refuse
    )
    again = opened(film, tmp_path).signals.motion()
    assert np.array_equal(first["motion"], again["motion"])
    # The first frame differs from nothing; each cut is a leap.
    assert first["motion"].iloc[0] == 0
    assert first["content"].iloc[30] > 27


def test_black_and_freezes_are_where_ffmpeg_finds_them(tmp_path: Path) -> None:
    path = tmp_path / "parts.mp4"
    graph = (
        "testsrc2=s=320x180:r=25:d=2[a];color=black:s=320x180:r=25:d=1.2[b];"
        "testsrc2=s=320x180:r=25:d=1[c];testsrc2=s=320x180:r=25:d=0.04,"
        "tpad=stop_mode=clone:stop_duration=1.96[d];[a][b][c][d]concat=n=4[out]"
    )
    command = ["ffmpeg", "-v", "error", "-filter_complex", graph, "-map", "[out]"]
    subprocess.run(
        [*command, "-crf", "10", "-pix_fmt", "yuv420p", str(path)], check=True
    )
    signals = opened(path, tmp_path / "cache").signals
    black = signals.black()
    said = told(path, "-vf blackdetect=d=0.5")
    edges = re.findall(r"black_start:([\d.]+) black_end:([\d.]+)", said)
    assert [
        (f"{row.start_s:g}", f"{row.end_s:g}") for row in black.itertuples()
    ] == edges
    freezes = signals.freezes()
    said = told(path, "-vf freezedetect=d=1")
    starts = [float(n) for n in re.findall(r"freeze_start: ([\d.]+)", said)]
    assert len(starts) == 2
    assert freezes["start_s"].tolist() == pytest.approx(starts, abs=0.041)
    assert freezes["end_s"].iloc[-1] == pytest.approx(6.2)


def test_loudness_and_silence_are_what_ffmpeg_measures(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    graph = (
        "sine=f=1000:r=48000:d=2,volume=-12dB[a];anullsrc=r=48000:cl=mono:d=1[b];"
        "anoisesrc=r=48000:d=2:a=0.05:seed=3[c];[a][b][c]concat=n=3:v=0:a=1,"
        "aformat=channel_layouts=stereo[out]"
    )
    command = ["ffmpeg", "-v", "error", "-filter_complex", graph, "-map", "[out]"]
    subprocess.run([*command, str(path)], check=True)
    signals = opened(path, tmp_path / "cache").signals
    loud = signals.loudness().set_index("time_s")["lufs"]
    said = told(path, "-af ebur128=framelog=info")
    pairs = re.findall(r"t: ([\d.]+)\s+TARGET.*?M:\s*(-?[\d.]+)", said)
    for time, lufs in pairs:
        if float(lufs) > -70 and float(time) >= 0.4:
            nearest = loud.iloc[np.abs(loud.index - float(time)).argmin()]
            assert nearest == pytest.approx(float(lufs), abs=0.15), time
    assert len(pairs) > 40
    (silent,) = signals.silence().to_dict("records")
    assert (silent["start"], silent["end"]) == (2, 3)


def test_what_cannot_be_asked_is_refused(film: Path, tmp_path: Path) -> None:
    signals = opened(film, tmp_path).signals
    with pytest.raises(RecognitionError, match="content, adaptive, histogram"):
        signals.shots("magic")  # type: ignore[arg-type]
    with pytest.raises(MediaError, match=r"cuts\.mp4 has no sound"):
        signals.loudness()
    sound = made(tmp_path / "tone.wav", "sine=d=1")
    with pytest.raises(MediaError, match=r"tone\.wav has no moving pictures"):
        opened(sound, tmp_path).signals.shots()


def remuxed(film: Path, path: Path) -> bytearray:
    command = ["ffmpeg", "-v", "error", "-i", str(film), "-c", "copy", str(path)]
    subprocess.run(command, check=True)
    return bytearray(path.read_bytes())


def test_a_film_with_a_hole_is_measured_as_far_as_it_decodes(
    film: Path, tmp_path: Path
) -> None:
    whole = remuxed(film, tmp_path / "whole.mkv")
    third = len(whole) // 3
    whole[third : third + 40_000] = bytes(40_000)
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(whole)
    media = opened(broken, tmp_path / "cache")
    measured = media.signals.motion()
    assert len(measured) > 0
    assert len(media.index) < len(opened(film, tmp_path / "cache").index)


def test_a_film_of_which_little_decodes_says_where(film: Path, tmp_path: Path) -> None:
    whole = remuxed(film, tmp_path / "whole.mp4")
    begin = whole.index(b"mdat") + len(whole) // 10
    end = min(begin + len(whole) // 2, len(whole))
    # FFmpeg writes the table of frames behind them.
    whole[begin:end] = b"\xff" * (end - begin)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole)
    media = opened(broken, tmp_path / "cache")
    with pytest.raises(
        MediaError, match=r"broken\.mp4: frame \d+ at .* does not decode"
    ):
        media.signals.motion()
