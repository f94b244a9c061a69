"""Films of every kind, probed and looked at."""

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from media_factory import Clips, read_number
from msgspec.structs import replace
from PIL import Image, ImageSequence
from references import cut_from, ffmpeg_sound

from timeline_nb.compose.loudness import loudness_of
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.probe_result import ProbeResult
from timeline_nb.errors import RenderError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render import encoders
from timeline_nb.render.encoders import Encoder, choose
from timeline_nb.render.platforms import profile, profile_names, refusals
from timeline_nb.render.profile import Profile
from timeline_nb.render.quality import crf_of
from timeline_nb.render.render import Renderer
from timeline_nb.render.result import RenderResult
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Marker, Timeline

S = Fraction
SHARP_AV1 = Profile(video="av1", preset="ultrafast", quality=97)
# The smallest that DNxHR takes is 256 x 120.
DNXHR = Profile(video="dnxhr", audio="pcm", size=(384, 224))


@pytest.fixture
def timeline(clips: Clips, library: MediaLibrary) -> Timeline:
    """Frames 10 to 40 and 0 to 20 of a film, with sound."""
    row = [
        cut_from(clips["cfr"], library, S(10, 25), S(30, 25)),
        cut_from(clips["cfr"], library, S(0), S(20, 25)),
    ]
    return edits.append(Timeline(name="film", rate=S(25), size=(192, 112)), row)


SHOWN = [*range(10, 40), *range(20)]


def _render(
    timeline: Timeline, library: MediaLibrary, path: Path, wanted: Profile
) -> RenderResult:
    renderer = Renderer(library, path.parent / "cache")
    return renderer.render(timeline, path, wanted, Reporter())


def _ffmpeg_numbers(path: Path, size: tuple[int, int] = (192, 112)) -> list[int]:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v", "-fps_mode"]
    command += ["passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, size[1], size[0], 3)
    return [read_number(frame) for frame in frames]


@pytest.mark.parametrize(
    ("name", "wanted", "codec", "sound"),
    [
        ("film.mp4", Profile(), "h264", "aac"),
        ("film.m4v", Profile(audio="none"), "h264", ""),
        ("film.mp4", Profile(video="h265"), "hevc", "aac"),
        ("film.mp4", SHARP_AV1, "av1", "aac"),
        ("film.mp4", Profile(audio="opus"), "h264", "opus"),
        ("film.mp4", Profile(audio="flac"), "h264", "flac"),
        ("film.mov", Profile(video="prores", audio="pcm24"), "prores", "pcm_s24le"),
        (
            "film.mov",
            Profile(video="dnxhr", audio="pcm", size=(384, 224)),
            "dnxhd",
            "pcm_s16le",
        ),
        ("film.mov", Profile(video="mjpeg", audio="alac"), "mjpeg", "alac"),
        ("film.mkv", Profile(video="ffv1", audio="flac"), "ffv1", "flac"),
        ("film.mkv", Profile(video="h265", audio="opus"), "hevc", "opus"),
        ("film.mkv", Profile(video="vp9", audio="mp3"), "vp9", "mp3"),
        ("film.webm", Profile(preset="veryfast"), "vp9", "opus"),
        ("film.webm", SHARP_AV1, "av1", "opus"),
        ("film.avi", Profile(audio="mp3"), "mjpeg", "mp3"),
        ("film.avi", Profile(video="ffv1"), "ffv1", "pcm_s16le"),
        ("film.gif", Profile(), "gif", ""),
    ],
)
def test_each_kind_of_film_has_every_frame_in_its_place(  # noqa: PLR0917 - one table
    name: str,
    wanted: Profile,
    codec: str,
    sound: str,
    timeline: Timeline,
    library: MediaLibrary,
    tmp_path: Path,
) -> None:
    result = _render(timeline, library, tmp_path / name, wanted)
    assert result.info.video[0].codec == codec
    assert [stream.codec for stream in result.info.audio] == [sound] * bool(sound)
    assert _ffmpeg_numbers(result.path, wanted.size or (192, 112)) == SHOWN
    if sound:
        heard = ffmpeg_sound(result.path)
        assert abs(heard.shape[1] - 96_000) <= 2500
        # Clicks stand at 0.5 and 1.0 s of the source: 0.1 and 0.6 s here. LAME's delay
        # of 1105 samples is told by when the pictures begin, or not at all (AVI).
        late = 1105 if sound == "mp3" else 0
        for second in (0.1, 0.6):
            start = round(second * 48_000) + late - 1500
            around = np.abs(heard[0, start : start + 3000])
            assert around.max() > 0.2
            assert abs(int(around.argmax()) - 1510) < 120


def test_an_animated_webp_shows_every_frame(
    timeline: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    path = _render(timeline, library, tmp_path / "film.webp", Profile()).path
    with Image.open(path) as picture:
        pages = [np.asarray(p.convert("RGB")) for p in ImageSequence.Iterator(picture)]
    assert [read_number(page) for page in pages] == SHOWN


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_sequence_is_a_picture_a_frame(
    suffix: str, timeline: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    result = _render(timeline, library, folder / f"f%04d.{suffix}", Profile())
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    assert names == [f"f{n:04d}.{suffix}" for n in range(50)]
    shown = [np.asarray(Image.open(folder / n).convert("RGB")) for n in names]
    assert [read_number(rgb) for rgb in shown] == SHOWN
    assert result.frames == 50
    # Gray and white are what they were composed as: 128 and 235.
    assert abs(int(shown[0][70, 100].mean()) - 128) <= 2
    assert abs(int(shown[0][100, 10].mean()) - 235) <= 2


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("s.wav", "pcm_s16le"),
        ("s.mp3", "mp3"),
        ("s.flac", "flac"),
        ("s.opus", "opus"),
        ("s.m4a", "aac"),
    ],
)
def test_sound_alone(
    name: str, codec: str, timeline: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    result = _render(timeline, library, tmp_path / name, Profile())
    assert result.info.audio[0].codec == codec
    assert not result.info.video
    assert result.frames == 0
    heard = ffmpeg_sound(result.path)
    assert abs(heard.shape[1] - 96_000) <= 3000


def test_sound_alone_of_a_silent_edit_is_refused(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    row = [cut_from(clips["vfr"], library, S(0), S(1))]
    mute = edits.append(Timeline(name="mute", rate=S(25), size=(192, 112)), row)
    with pytest.raises(RenderError, match="sound alone, and 'mute' has none"):
        _render(mute, library, tmp_path / "s.wav", Profile())


def test_a_timeline_of_44100_hz_becomes_opus_at_48000(
    timeline: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    slow = replace(timeline, sample_rate_hz=44_100)
    result = _render(slow, library, tmp_path / "film.webm", Profile(preset="ultrafast"))
    assert result.info.audio[0].sample_rate_hz == 48_000
    assert abs(ffmpeg_sound(result.path).shape[1] - 96_000) <= 1500


def test_colours_are_told_and_kept(
    timeline: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    for name, wanted in (
        ("a.mp4", Profile(quality=95)),
        ("b.mp4", Profile(quality=95, video="h265")),
        ("c.webm", Profile(quality=95, preset="ultrafast")),
        ("d.mov", Profile(quality=100, video="prores")),
    ):
        result = _render(timeline, library, tmp_path / name, wanted)
        video = result.info.video[0]
        assert (video.color_space, video.color_primaries) == ("bt709", "bt709")
        assert video.color_transfer == "bt709"
        with library.video(result.path) as decoder:
            rgb = decoder.frame(0).to_rgb()
        assert abs(int(rgb[70, 100].mean()) - 128) <= 2
        assert abs(int(rgb[100, 10].mean()) - 235) <= 3


def test_tags_and_chapters_are_written(
    timeline: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    marks = (
        Marker(name="Ende", marked_range=TimeRange(S(1), S(1, 2))),
        Marker(name="Anfang", marked_range=TimeRange(S(0), S(1, 5))),
    )
    marked = replace(timeline, markers=marks)
    told = Profile(tags={"title": "Früh", "artist": "wir"})
    for name in ("film.mp4", "film.mkv"):
        info = _render(marked, library, tmp_path / name, told).info
        chapters = [(c.title, c.range.start, c.range.end) for c in info.chapters]
        assert chapters == [("Anfang", S(0), S(1)), ("Ende", S(1), S(3, 2))]
        tags = {key.lower(): value for key, value in info.tags.items()}
        assert (tags["title"], tags["artist"]) == ("Früh", "wir")
    plain = replace(told, chapters=False)
    assert _render(marked, library, tmp_path / "p.mp4", plain).info.chapters == ()


@pytest.fixture
def busy(bunny: Path, library: MediaLibrary) -> Timeline:
    """Four seconds of real footage."""
    row = [cut_from(bunny, library, S(0), S(4))]
    return edits.append(Timeline(name="busy", rate=S(25), size=(640, 360)), row)


@pytest.mark.parametrize("video", ["h264", "vp9"])
def test_a_film_takes_no_more_bytes_than_it_may_and_makes_use_of_them(
    video: str, busy: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    wanted = msgspec.convert(
        {"video": video, "target_bytes": 300_000, "preset": "veryfast"}, Profile
    )
    wanted = replace(wanted, audio_bit_rate_bps=64_000, quality=40)
    name = "film.webm" if video == "vp9" else "film.mp4"
    if video == "vp9":
        wanted = replace(wanted, audio="opus")
    result = _render(busy, library, tmp_path / name, wanted)
    assert 0.85 * 300_000 < result.info.size_bytes <= 300_000


def test_an_average_bit_rate_is_met(
    busy: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    wanted = Profile(bit_rate_bps=800_000, audio="none", preset="veryfast")
    info = _render(busy, library, tmp_path / "film.mp4", wanted).info
    rate = 8 * info.size_bytes / float(info.duration)
    assert 0.85 * 800_000 < rate <= 1.03 * 800_000


def test_what_cannot_be_made_so_small_is_refused(
    busy: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    tiny = Profile(target_bytes=15_000, audio="none", preset="veryfast")
    with pytest.raises(RenderError, match="cannot be made so small"):
        _render(busy, library, tmp_path / "film.mp4", tiny)
    loud = Profile(target_bytes=60_000, audio_bit_rate_bps=320_000)
    with pytest.raises(RenderError, match="less than the sound takes"):
        _render(busy, library, tmp_path / "film.mp4", loud)
    whole = Profile(target_bytes=1_000_000, video="ffv1", audio="none")
    with pytest.raises(RenderError, match="ffv1 has no quality setting"):
        _render(busy, library, tmp_path / "film.mkv", whole)


def test_a_cap_is_kept(busy: Timeline, library: MediaLibrary, tmp_path: Path) -> None:
    free = Profile(quality=95, audio="none", preset="veryfast")
    capped = replace(free, max_bit_rate_bps=1_000_000)
    one = _render(busy, library, tmp_path / "free.mp4", free).info
    two = _render(busy, library, tmp_path / "capped.mp4", capped).info
    assert 8 * one.size_bytes / 4 > 3_000_000
    assert 8 * two.size_bytes / 4 < 1_300_000
    with pytest.raises(RenderError, match="libvpx-vp9 cannot be capped"):
        _render(busy, library, tmp_path / "film.webm", capped)


def test_a_loudness_is_met(
    busy: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    wanted = Profile(audio="pcm24", loudness_lufs=-20)
    path = _render(busy, library, tmp_path / "film.mov", wanted).path
    heard = [cut_from(path, library, S(0), S(4))]
    film = edits.append(Timeline(name="f", rate=S(25), size=(640, 360)), heard)
    # It is measured once: the next render only asks the cache.
    stages: list[str] = []
    reporter = Reporter(lambda progress: stages.append(progress.stage))
    renderer = Renderer(library, tmp_path / "cache")
    again = renderer.render(busy, tmp_path / "again.mov", wanted, reporter)
    assert "measure" not in stages
    assert again.path.read_bytes() == path.read_bytes()
    assert abs(loudness_of(film, library, Reporter()).integrated_lufs + 20) < 0.5


def test_a_film_may_be_smaller_than_its_edit_but_of_its_aspect(
    timeline: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    small = Profile(size=(96, 56))
    result = _render(timeline, library, tmp_path / "film.mp4", small)
    assert result.info.video[0].display_size == (96, 56)
    assert _ffmpeg_numbers(result.path, (96, 56)) == SHOWN
    with pytest.raises(RenderError, match=r"'tiktok' is 1080x1920, the edit 192x112"):
        _render(timeline, library, tmp_path / "film.mp4", profile("tiktok"))


def test_containers_and_profiles_that_do_not_fit_are_refused(
    timeline: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    for name, wanted, told in (
        (
            "film.webm",
            Profile(video="h264"),
            r"\.webm does not take h264; it takes vp9",
        ),
        ("film.mp4", Profile(audio="pcm"), r"\.mp4 does not take pcm; it takes aac"),
        ("film%d%d.png", Profile(), "a sequence of pictures is named"),
        ("film.png", Profile(), "a sequence of pictures is named"),
        (
            "film.mp4",
            Profile(encoder="libvpx"),
            r"'libvpx' is no encoder of h264; did you mean 'libx264'",
        ),
    ):
        with pytest.raises(RenderError, match=told):
            _render(timeline, library, tmp_path / name, wanted)
    assert list(tmp_path.glob("film*")) == []


@pytest.mark.parametrize(
    "values",
    [
        {"quality": 101},
        {"quality": -1},
        {"crf": 52},
        {"audio_bit_rate_bps": 10},
        {"size": (3, 4)},
        {"target_bytes": 1},
        {"loudness_lufs": 3},
        {"bit_rate_bps": 1_000_000, "target_bytes": 1_000_000},
    ],
)
def test_values_out_of_range_are_named(values: dict[str, float]) -> None:
    with pytest.raises(RenderError, match=next(iter(values))):
        Profile(**values)  # type: ignore[arg-type]


def test_every_named_profile_renders_or_says_why_not(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    clip = cut_from(clips["cfr"], library, S(0), S(4, 25))
    for name in profile_names():
        wanted = replace(profile(name), preset="ultrafast", loudness_lufs=None)
        size = wanted.size or (192, 112)
        empty = Timeline(name="n", rate=S(25), size=size)
        suffix = {"master": "mov", "proxy": "mov", "archive": "mkv"}.get(name, "mp4")
        path = tmp_path / f"{name}.{suffix}"
        result = _render(edits.append(empty, [clip]), library, path, wanted)
        assert result.info.video[0].display_size == size
        assert result.warnings == ()
    with pytest.raises(RenderError, match="no profile 'youtub'; did you mean 'youtube"):
        profile("youtub")


def test_what_a_platform_would_refuse_is_told(
    timeline: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    info = _render(timeline, library, tmp_path / "film.mp4", Profile()).info
    assert refusals(info, "youtube-1080p") == []
    long = replace(info, duration=S(141), size_bytes=600_000_000)
    assert refusals(long, "x") == [
        "x: 141 s is longer than 140 s",
        "x: 600 MB is more than 512 MB",
    ]
    (told,) = refusals(info, "tiktok")
    assert told.startswith("tiktok: 192x112 is no aspect")
    fast = replace(info, video=(replace(info.video[0], rate=S(120), codec="ffv1"),))
    assert len(refusals(fast, "vimeo")) == 2


def test_an_encoder_that_fails_gives_way_and_that_is_told(
    timeline: Timeline,
    library: MediaLibrary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on a machine without a GPU: every hardware encoder fails."""

    def fails_on_gpu(encoder: Encoder) -> ProbeResult:
        if encoder.is_hardware:
            return ProbeResult(encoder.name, works=False, verdict="fails: no device")
        return ProbeResult(encoder.name, works=True, verdict="works")

    monkeypatch.setattr(encoders, "try_encoder", fails_on_gpu)
    wanted = Profile(hardware="auto")
    result = _render(timeline, library, tmp_path / "film.mp4", wanted)
    assert result.notes[0] == "libx264 encodes: h264_nvenc fails: no device"
    # No device decodes here, either; the film is made all the same.
    assert result.notes[5].startswith("sources are decoded in software: cuda fails")
    assert _ffmpeg_numbers(result.path) == SHOWN
    with pytest.raises(RenderError, match="no encoder of h264 works here: h264_nvenc"):
        choose("h264", "only")


def test_a_hardware_encoder_that_works_is_preferred_and_promises_no_bytes(
    timeline: Timeline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails_on_gpu(encoder: Encoder) -> ProbeResult:
        return ProbeResult(encoder.name, works=True, verdict="works")

    from timeline_nb.render.target import resolve_target

    monkeypatch.setattr(encoders, "try_encoder", fails_on_gpu)
    target = resolve_target(timeline, tmp_path / "f.mp4", Profile(hardware="auto"))
    assert target.video is not None
    assert target.video.encoder == "h264_nvenc"
    assert target.video.options["cq"] == "20"
    assert "does not promise equal bytes" in target.notes[-1]
    plain = resolve_target(timeline, tmp_path / "f.mp4", Profile())
    assert plain.video is not None
    assert (plain.video.encoder, plain.notes) == ("libx264", ())


def test_one_scale_of_quality_means_alike_for_all(
    busy: Timeline, library: MediaLibrary, tmp_path: Path
) -> None:
    """Measured by the ffmpeg program, beside a film of the highest quality."""
    best = Profile(video="ffv1", audio="none")
    reference = _render(busy, library, tmp_path / "ref.mkv", best).path
    for quality in (40, 75):
        found = []
        for name, video in (("a.mp4", "h264"), ("b.mp4", "h265"), ("c.webm", "vp9")):
            told = {"video": video, "quality": quality, "audio": "none"}
            wanted = replace(msgspec.convert(told, Profile), preset="veryfast")
            path = _render(busy, library, tmp_path / name, wanted).path
            found.append(_ssim_db(path, reference))
        assert max(found) - min(found) < 2.5, (quality, found)
    assert crf_of("libx264", 75) == 20
    assert crf_of("libx264", 50) == 28


def _ssim_db(path: Path, reference: Path) -> float:
    command = ["ffmpeg", "-v", "info", "-i", str(path), "-i", str(reference)]
    command += ["-lavfi", "ssim", "-f", "null", "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    luma = float(told.rsplit("SSIM Y:", 1)[1].split()[0])
    return float(-10 * np.log10(1 - luma))


def test_a_silent_edit_has_no_loudness(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    row = [cut_from(clips["cfr"], library, S(1, 25), S(2, 25))]
    mute = edits.append(Timeline(name="mute", rate=S(25), size=(192, 112)), row)
    wanted = Profile(loudness_lufs=-14)
    (told,) = _render(mute, library, tmp_path / "f.mp4", wanted).warnings
    assert told.startswith("its loudness is left as it is: 'mute' is silent")


@pytest.mark.parametrize(
    ("field", "word"), [("on_damage", "stop"), ("preset", "nope"), ("color", "hdr")]
)
def test_words_that_are_none_are_refused_at_once(field: str, word: str) -> None:
    make: Any = Profile  # a checker of types would refuse the word, too
    with pytest.raises(RenderError, match=f"{field}='{word}' is not known; "):
        make(**{field: word})
