"""Which streams of sound are heard, by default and as asked, in mixes and films."""

from pathlib import Path

import av
import numpy as np
import pytest
from media_factory import picture, read_number
from sound_factory import RATE, Part, loudness_at, tone, tones, write_film, write_wav

import timeline_nb as tl
from timeline_nb.compose.mix import AudioMixer
from timeline_nb.errors import MediaError, TimelineError
from timeline_nb.timeline.model import Timeline


def _stream(hertz: float, *, layout: str = "stereo", **told: object) -> Part:
    channels = 1 if layout == "mono" else 2
    return Part(np.stack([tone(hertz, 2)] * channels), "flac", layout, **told)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures, and three streams of sound, the second of which is the default."""
    return write_film(
        tmp_path_factory.mktemp("streams") / "recording.mkv",
        [
            _stream(440, title="desktop"),
            _stream(880, default=True, language="eng"),
            _stream(1320, layout="mono"),
        ],
        frames=50,
    )


def _levels(cut: tl.Edit, *, layout: str = "stereo") -> list[list[float]]:
    """By channel, how loud 440, 880 and 1320 Hz are in the second half second."""
    with AudioMixer(cut.timeline, cut.studio.library, layout=layout) as mixer:
        heard = mixer.read(RATE)[:, RATE // 2 :]
    return [
        [round(loudness_at(side, hertz), 2) for hertz in (440, 880, 1320)]
        for side in heard
    ]


def _cut(path: Path, audio: object = None) -> tl.Edit:
    cut = tl.Edit("streams", rate=25, size=(192, 112))
    cut.append(tl.open(path).clip(audio=audio))  # type: ignore[arg-type]
    return cut


@pytest.mark.parametrize(
    ("audio", "expected"),
    [
        (None, [0, 0.25, 0]),
        (0, [0.25, 0, 0]),
        ([0, 1], [0.25, 0.25, 0]),
        ([2], [0, 0, 0.25]),
        ("all", [0.25, 0.25, 0.25]),
    ],
)
def test_a_clip_hears_the_streams_that_it_names(
    audio: object, expected: list[float], recording: Path
) -> None:
    assert _levels(_cut(recording, audio)) == [expected, expected]


def test_the_streams_of_a_file_are_a_table(recording: Path) -> None:
    table = tl.open(recording).streams
    assert table["kind"].tolist() == ["video", "audio", "audio", "audio"]
    assert table["number"].tolist() == [0, 0, 1, 2]
    assert table["index"].tolist() == [0, 1, 2, 3]
    assert table["default"].tolist()[1:] == [False, True, False]
    assert table["used"].tolist() == [True, False, True, False]
    assert table["title"].tolist()[1] == "desktop"
    assert table["language"].tolist()[2] == "eng"
    assert table["layout"].tolist() == ["192x112", "stereo", "stereo", "mono"]
    assert table["rate"].tolist()[1:] == [48_000, 48_000, 48_000]


@pytest.mark.parametrize("audio", [3, [-1], "some", [], [1, 1], [0.5], True, {"a": 1}])
def test_streams_that_are_not_there_are_refused_by_name(
    audio: object, recording: Path
) -> None:
    with pytest.raises(MediaError, match=r"recording\.mkv"):
        tl.open(recording).clip(audio=audio)  # type: ignore[arg-type]


def test_two_streams_of_one_channel_become_left_and_right(tmp_path: Path) -> None:
    path = write_film(
        tmp_path / "dual.mov",
        [
            Part(tone(440, 2)[np.newaxis], "pcm_s16le", "mono"),
            Part(tone(880, 2)[np.newaxis], "pcm_s16le", "mono"),
        ],
        frames=50,
    )
    assert _levels(_cut(path, "dual_mono")) == [[0.25, 0, 0], [0, 0.25, 0]]
    assert _levels(_cut(path, "all")) == [[0.25, 0.25, 0], [0.25, 0.25, 0]]
    five_one = _levels(_cut(path, "dual_mono"), layout="5.1")
    assert five_one == [[0.25, 0, 0], [0, 0.25, 0], *[[0, 0, 0]] * 4]
    # Of the mean of both sides each has half.
    with tl.open(path).sound(audio="dual_mono", layout="mono") as decoder:
        heard = decoder.read(0, RATE)[0]
    assert loudness_at(heard, 440) == pytest.approx(0.125, rel=0.01)


def test_stereo_is_no_dual_mono(tmp_path: Path) -> None:
    path = write_film(tmp_path / "stereo.mkv", [_stream(440), _stream(880)])
    with pytest.raises(MediaError, match="no two streams of one channel"):
        tl.open(path).clip(audio="dual_mono")


def test_a_choice_is_changed_kept_and_told(recording: Path, tmp_path: Path) -> None:
    cut = _cut(recording)
    sound = cut.timeline.tracks[1].items[0]
    cut.set(sound.id, audio=[0, 1])  # type: ignore[union-attr]
    expected = [[0.25, 0.25, 0]] * 2
    assert _levels(cut) == expected
    assert "audio=[0, 1]" in cut.history.script()
    table = cut.timeline.to_dataframe()
    assert Timeline.from_dataframe(table) == cut.timeline
    cut.save(tmp_path / "cut.tlp")
    assert tl.load(tmp_path / "cut.tlp").timeline == cut.timeline
    with pytest.raises(TimelineError, match="names a stream twice"):
        cut.set(sound.id, audio=[1, 1])  # type: ignore[union-attr]


def test_a_render_says_once_which_streams_it_leaves_out(
    recording: Path, tmp_path: Path
) -> None:
    cut = _cut(recording)
    cut.append(tl.open(recording).clip("1s", "2s", audio=[1]))
    profile = tl.Profile(preset="ultrafast")
    result = cut.render(tmp_path / "film.mp4", profile=profile).wait()
    (told,) = [w for w in result.warnings if "left out" in w]
    assert "its sound 0 (stereo, desktop), 2 (mono) is left out" in told
    cut.append(tl.open(recording).clip("1s", "2s", audio="all"))
    result = cut.render(tmp_path / "film.mp4", profile=profile).wait()
    assert not [w for w in result.warnings if "left out" in w]


def test_a_choice_of_streams_is_heard_anew_in_a_render(
    recording: Path, tmp_path: Path
) -> None:
    film = tmp_path / "film.wav"
    for audio, expected in ((None, [0, 0.25, 0]), ([0, 2], [0.25, 0, 0.25])):
        cut = _cut(recording, audio)
        cut.render(film).wait()
        with tl.open(film).sound() as decoder:
            heard = decoder.read(RATE // 2, RATE // 2)[0]
        levels = [round(loudness_at(heard, hertz), 2) for hertz in (440, 880, 1320)]
        assert levels == expected


def test_the_default_pictures_are_shown(tmp_path: Path) -> None:
    # Two cameras in one file, of which the second is the default.
    path = tmp_path / "cameras.mkv"
    with av.open(str(path), "w") as container:
        streams = []
        for number in (0, 1):
            stream = container.add_stream("ffv1", rate=25)
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = 192, 112, "yuv420p"
            stream.disposition = av.stream.Disposition(number)
            streams.append(stream)
        for at in range(5):
            for number, stream in enumerate(streams):
                frame = av.VideoFrame.from_ndarray(picture(100 * number + at))
                frame.pts = at
                container.mux(stream.encode(frame.reformat(format="yuv420p")))
        for stream in streams:
            container.mux(stream.encode())
    assert read_number(tl.open(path).frame(0)) == 100


@pytest.mark.parametrize("layout", ["5.1", "7.1"])
@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mkv"])
def test_surround_stays_in_its_place_in_a_film_of_as_many_channels(
    layout: str, suffix: str, tmp_path: Path
) -> None:
    channels = 6 if layout == "5.1" else 8
    source = write_wav(tmp_path / "source.wav", tones(channels))
    cut = tl.Edit("surround", rate=25, size=(192, 112))
    cut.append(tl.open(source))
    profile = tl.Profile(channels=layout, audio="auto" if suffix != ".mkv" else "flac")  # type: ignore[arg-type]
    cut.render(tmp_path / f"film{suffix}", profile=profile).wait()
    film = tl.open(tmp_path / f"film{suffix}")
    assert film.info.audio[0].channels == channels
    with film.sound(layout=layout) as decoder:
        heard = decoder.read(0, RATE)
    assert np.abs(heard - tones(channels)).max() < 1e-3


def test_one_channel_keeps_its_level_through_generations(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "take.wav", tone(440, 1)[np.newaxis])
    for generation, channels in enumerate(("mono", "mono", "stereo", "5.1", "mono")):
        cut = tl.Edit("again", rate=25, size=(192, 112))
        cut.append(tl.open(path))
        path = tmp_path / f"{generation}.wav"
        cut.render(path, profile=tl.Profile(channels=channels)).wait()  # type: ignore[arg-type]
        with tl.open(path).sound() as decoder:
            heard = decoder.read(0, RATE)
        for side in heard:
            assert loudness_at(side, 440) == pytest.approx(0.25, rel=0.002)


def test_effects_take_as_many_channels_as_the_film_has(tmp_path: Path) -> None:
    source = write_wav(tmp_path / "source.wav", tones(8))
    cut = tl.Edit("effects", rate=25, size=(192, 112))
    cut.append(tl.open(source))
    clip = cut.timeline.tracks[0].items[0]
    for kind in ("compressor", "reverb", "delay", "equalizer", "channel_map", "pitch"):
        cut.effects.add(clip.id, kind)  # type: ignore[union-attr]
    cut.set(clip.id, pan=-1.0)  # type: ignore[union-attr]
    for layout, channels in (("5.1", 6), ("7.1", 8)):
        with AudioMixer(cut.timeline, cut.studio.library, layout=layout) as mixer:
            heard = mixer.read(RATE)
        assert heard.shape == (channels, RATE)
        # All at the left: the right one of each pair is silent, the center is not.
        assert np.abs(heard[1]).max() < 1e-6
        assert np.abs(heard[5]).max() < 1e-6
        assert np.abs(heard[[0, 2]]).max(axis=1).min() > 0.05
