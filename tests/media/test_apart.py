"""What is decoded in a process apart is what is decoded here, bit by bit."""

import os
import platform
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from media_factory import RECIPES, Clips, picture, read_number
from PIL import Image
from references import cut_from

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import DamagedFrameError, JobCancelledError, MediaError
from timeline_nb.i18n import Message, message_of
from timeline_nb.media._pyav import is_top_first
from timeline_nb.media.apart.isolation import Isolation
from timeline_nb.media.apart.pool import POOL, ProcessPool
from timeline_nb.media.apart.region import SharedRegion
from timeline_nb.media.color import tagged_colors
from timeline_nb.media.frame import Frame
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no processes apart")

ALWAYS = Isolation("always")
SOURCES = ("-f", "lavfi", "-i", "testsrc2=size=178x100:rate=25:duration=0.4")
# Each way in which planes lie in memory, and what else a picture says of itself.
FORMS = {
    "hdr.mkv": ("-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-x265-params",
                "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"),
    "fields.mpg": ("-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-top", "1",
                   "-vf", "setfield=tff"),
    "bottom.mkv": ("-c:v", "ffv1", "-vf", "setfield=bff"),
    "rows_up.avi": ("-c:v", "rawvideo", "-pix_fmt", "bgr24"),
    "palette.avi": ("-c:v", "rawvideo", "-pix_fmt", "pal8"),
    "opacity.mov": ("-c:v", "prores_ks", "-pix_fmt", "yuva444p10le"),
    "opacity.webm": ("-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p"),
    "gray.mkv": ("-c:v", "ffv1", "-pix_fmt", "gray16le"),
    "planes.mkv": ("-c:v", "ffv1", "-pix_fmt", "gbrp"),
    "photos.mjpeg": ("-c:v", "mjpeg", "-pix_fmt", "yuvj422p"),
    "animated.gif": (),
    "animated.apng": ("-plays", "0"),
}  # fmt: skip


@pytest.fixture
def apart(tmp_path: Path) -> MediaLibrary:
    return MediaLibrary(tmp_path / "cache apart", isolation=ALWAYS)


def ffmpeg(*words: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *words], check=True)


def facts(frame: Frame) -> tuple[object, ...]:
    """All that is said of a frame."""
    decoded = frame.picture
    fields = is_top_first(decoded) if decoded.interlaced_frame else None
    return (
        *(frame.id, frame.number, frame.time, frame.duration, frame.orientation),
        *(frame.sample_aspect_ratio, decoded.format.name, decoded.width),
        *(decoded.height, tagged_colors(decoded), fields, decoded.pts),
        decoded.time_base,
    )


def assert_same(frame: Frame, other: Frame) -> None:
    assert facts(frame) == facts(other)
    for plane, like in zip(frame.picture.planes, other.picture.planes, strict=True):
        assert pixels(plane).tobytes() == pixels(like).tobytes()
    np.testing.assert_array_equal(frame.to_rgb(), other.to_rgb())


def pixels(plane: av.video.plane.VideoPlane) -> np.ndarray:
    """A plane without what pads its rows."""
    data = np.frombuffer(memoryview(plane), np.uint8)
    if not plane.line_size:
        return data
    rows = data.reshape(-1, plane.line_size)
    # Whole rows of what PyAV says is their width; more bytes a pixel are compared
    # by `to_rgb`.
    return rows[:, : plane.width]


def assert_same_film(path: Path, here: MediaLibrary, apart: MediaLibrary) -> None:
    info = here.probe(path)
    assert apart.probe(path) == info
    index, other = here.index(info), apart.index(info)
    assert index.pts.tolist() == other.pts.tolist()
    assert index.packet.tolist() == other.packet.tolist()
    assert (index.rate, index.start_time, index.end_pts, index.breaks) == (
        *(other.rate, other.start_time, other.end_pts, other.breaks),
    )
    last = len(index) - 1
    order = [*range(min(6, last)), last, *range(7, last, 7), 6, 13, 6]
    order = [number for number in order if number <= last]
    with here.video(path) as decoder, apart.video(path) as far:
        for number in order:
            assert_same(far.frame(number), decoder.frame(number))


@pytest.mark.parametrize("name", RECIPES)
def test_a_clip_is_the_same(
    name: str, clips: Clips, library: MediaLibrary, apart: MediaLibrary
) -> None:
    assert_same_film(clips[name], library, apart)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_pictures_is_the_same(
    name: str, library: MediaLibrary, apart: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / name
    ffmpeg(*SOURCES, *FORMS[name], str(path))
    assert_same_film(path, library, apart)


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.tiff", "a.jpg"])
def test_a_still_that_pillow_reads_is_the_same(
    name: str, library: MediaLibrary, apart: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / name
    still = Image.fromarray(picture(5))
    if name != "a.jpg":
        still.putalpha(120)
    still.save(path)
    assert_same_film(path, library, apart)


def test_a_sequence_is_the_same(
    library: MediaLibrary, apart: MediaLibrary, tmp_path: Path
) -> None:
    for number in range(4):
        Image.fromarray(picture(number)).save(tmp_path / f"s{number}.png")
    path = Path(f"{tmp_path}/s%d.png#rate=24")
    assert_same_film(path, library, apart)


def test_without_shared_memory_frames_are_the_same(
    clips: Clips,
    library: MediaLibrary,
    apart: MediaLibrary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    POOL.close()
    monkeypatch.setattr(SharedRegion, "create", lambda: None)
    try:
        assert_same_film(clips["odd"], library, apart)
        assert_same_sound(clips["cfr"], library, apart)
    finally:
        POOL.close()


def assert_same_sound(path: Path, here: MediaLibrary, apart: MediaLibrary) -> None:
    with (
        here.audio(path, sample_rate_hz=44_100) as decoder,
        apart.audio(path, sample_rate_hz=44_100) as far,
    ):
        assert far.channels == decoder.channels
        pieces = [*((n * 3000, 3000) for n in range(5)), (50_000, 700), (-900, 2000)]
        for start, count in [*pieces, (10**9, 50), (0, 0)]:
            expected = decoder.read(start, count)
            np.testing.assert_array_equal(far.read(start, count), expected)


@pytest.mark.parametrize("name", ["cfr", "matroska", "transport", "slow_sound"])
def test_sound_is_the_same(
    name: str, clips: Clips, library: MediaLibrary, apart: MediaLibrary
) -> None:
    assert_same_sound(clips[name], library, apart)


def test_thumbnails_waveforms_and_analysis_are_the_same(
    clips: Clips, library: MediaLibrary, apart: MediaLibrary
) -> None:
    path = clips["bframes"]
    times = [Fraction(n, 3) for n in range(6)]
    for exact in (True, False):
        near = library.thumbnails(path, times, height_px=56, exact=exact)
        far = apart.thumbnails(path, times, height_px=56, exact=exact)
        np.testing.assert_array_equal(far, near)
    np.testing.assert_array_equal(
        apart.waveform(path, bins=40).high, library.waveform(path, bins=40).high
    )
    info = library.probe(path)
    index = library.index(info)
    for anchors_only in (False, True):
        with (
            library.analysis(info, index, anchors_only=anchors_only) as near_one,
            apart.analysis(info, index, anchors_only=anchors_only) as far_one,
        ):
            frames = list(near_one.skim(12, 40))
            others = list(far_one.skim(12, 40))
        assert frames
        for one, other in zip(frames, others, strict=True):
            assert_same(other, one)


def test_subtitles_in_a_film_are_the_same(
    library: MediaLibrary, apart: MediaLibrary, clips: Clips, tmp_path: Path
) -> None:
    text = tmp_path / "a.srt"
    text.write_text("1\n00:00:00,500 --> 00:00:01,000\nGrüße\n")
    path = tmp_path / "a.mkv"
    ffmpeg("-i", str(clips["cfr"]), "-i", str(text), "-c:v", "copy", str(path))
    info = library.probe(path)
    expected = library.subtitles(info, 0, start=Fraction(0))
    assert expected.events[0][2][-1] == "Grüße"
    assert apart.subtitles(info, 0, start=Fraction(0)) == expected
    with pytest.raises(MediaError, match="there is no stream 3"):
        apart.subtitles(info, 3, start=Fraction(0))


def test_damaged_frames_are_the_same_and_are_noted(
    clips: Clips, library: MediaLibrary, apart: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "damaged.mp4"
    data = bytearray(clips["bframes"].read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    path.write_bytes(data)
    info = library.probe(path)
    seen: dict[str, list[object]] = {"here": [], "apart": []}
    for name, one in (("here", library), ("apart", apart)):
        with one.video(path) as decoder:
            for number in range(len(decoder.index)):
                try:
                    seen[name].append(facts(decoder.frame(number)))
                except DamagedFrameError as error:
                    seen[name].append(str(error))
            held = decoder.frame_or_held(len(decoder.index) // 2)
            seen[name].append(facts(held))
    assert any(isinstance(one, str) for one in seen["here"])
    assert seen["apart"] == seen["here"]
    assert apart.damaged(info) == library.damaged(info)


def test_errors_are_the_same(
    library: MediaLibrary, apart: MediaLibrary, tmp_path: Path
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no film" * 100)
    (tmp_path / "b.mp4").write_bytes(b"%PDF-1.7")
    for path in (*map(tmp_path.joinpath, ("a.mp4", "b.mp4", "gone.mp4")), tmp_path):
        with pytest.raises(MediaError) as here:
            library.probe(path)
        with pytest.raises(MediaError) as far:
            apart.probe(path)
        assert str(far.value) == str(here.value)
        assert type(far.value) is type(here.value)
        said = message_of(here.value), message_of(far.value)
        # Both are translated.
        assert [getattr(one, "template", "") for one in said] != ["", ""]
        assert _parts(said[0]) == _parts(said[1])


def _parts(said: str) -> object:
    if not isinstance(said, Message):
        return said
    values = {name: _parts(value) for name, value in said.values.items()}
    return said.template, values


def test_a_name_of_any_bytes_is_opened(
    clips: Clips, apart: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "a\udcff %20 ü.mp4"
    path.write_bytes(clips["cfr"].read_bytes())
    with apart.video(path) as decoder:
        assert decoder.frame(3).number == 3


def test_more_decoders_than_processes_take_turns(
    clips: Clips,
    apart: MediaLibrary,
    library: MediaLibrary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = ProcessPool(most=2)
    monkeypatch.setattr("timeline_nb.media.apart.session.POOL", pool)
    names = ["cfr", "vfr", "ntsc", "phone", "open_gop"]
    with library.video(clips["cfr"]) as decoder:
        expected = [decoder.frame(number).to_rgb() for number in range(4)]
    opened = [apart.video(clips[name]) for name in names]
    try:
        for number in range(4):
            for decoder in opened:
                assert decoder.frame(number).number == number
            np.testing.assert_array_equal(
                opened[0].frame(number).to_rgb(), expected[number]
            )
        assert len(pool.pids) == 2
    finally:
        for decoder in opened:
            decoder.close()
        pool.close()


def test_no_process_is_started_where_python_ends(
    clips: Clips, apart: MediaLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = ProcessPool(most=2)
    monkeypatch.setattr("timeline_nb.media.apart.session.POOL", pool)
    with apart.video(clips["cfr"]) as decoder:
        assert decoder.frame(0).number == 0
        pool.end()
        with pytest.raises(MediaError, match="Python ends"):
            decoder.frame(1)
        with pytest.raises(MediaError, match="Python ends"):
            apart.probe(clips["vfr"])
    assert pool.pids == []


def test_an_index_that_is_cancelled_ends_its_process(
    clips: Clips, apart: MediaLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    POOL.close()
    info = apart.probe(clips["cfr"])
    reporter = Reporter()
    monkeypatch.setattr(reporter, "check", cancel)
    (pid,) = POOL.pids
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(JobCancelledError):
        apart.index(info, reporter=reporter)
    assert pid not in POOL.pids
    assert len(apart.index(info)) == 60


def cancel(**_: object) -> None:
    raise JobCancelledError("cancelled")


def test_what_is_below_a_root_is_decoded_here(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "root beside"
    root.mkdir()
    outside.mkdir()
    (outside / "a.mp4").touch()
    (root / "b.mp4").touch()
    (root / "link.mp4").symlink_to(outside / "a.mp4")
    isolation = Isolation("outside", (root,))
    told = {
        root / "b.mp4": False,
        root / "link.mp4": True,
        root / ".." / "root" / "b.mp4": False,
        root / ".." / "root beside" / "a.mp4": True,
        outside / "a.mp4": True,
        Path(f"{root}/s%d.png#rate=24"): False,
        Path(f"{outside}/s%d.png#rate=24"): True,
    }
    Image.new("RGB", (4, 4)).save(root / "s0.png")
    Image.new("RGB", (4, 4)).save(outside / "s0.png")
    assert {path: isolation.is_apart(path) for path in told} == told
    assert all(Isolation("always", (root,)).is_apart(path) for path in told)
    assert not any(Isolation("never").is_apart(path) for path in told)


def test_a_render_of_files_apart_copies_the_same_packets(
    clips: Clips, apart: MediaLibrary, library: MediaLibrary, tmp_path: Path
) -> None:
    clip = cut_from(clips["bframes"], library, Fraction(0), Fraction(2))
    row = Timeline(name="row", rate=Fraction(25), size=(192, 112))
    timeline = edits.append(row, [clip])
    profile = Profile(preset="ultrafast", crf=12, smart=True)
    films = {}
    for name, own in (("apart", apart), ("here", library)):
        path = tmp_path / f"{name}.mp4"
        result = Renderer(own, tmp_path / f"cache {name}").render(
            timeline, path, profile, Reporter()
        )
        assert result.plan is not None
        films[name] = path.read_bytes(), len(result.plan.of("copy"))
    assert films["apart"] == films["here"]
    assert films["apart"][1]
    with library.video(tmp_path / "apart.mp4") as decoder:
        shown = [read_number(frame.to_rgb()) for frame in decoder.frames(range(50))]
    assert shown == list(range(50))


ASKED = """
import os, socket, subprocess, sys
found = []
def tried(name, call):
    try:
        call()
        found.append(name)
    except OSError:
        pass
tried("network", lambda: socket.socket())
tried("program", lambda: os.execv("/bin/true", ["true"]))
tried("fork", os.fork)
tried("write", lambda: open(sys.argv[-1] + "/written", "w").write("x" * 9999))
import threading
thread = threading.Thread(target=lambda: found.append("thread"))
thread.start()
thread.join()
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"},
    reason="only Linux refuses calls",
)
def test_a_process_apart_has_no_network_no_programs_and_writes_nothing(
    tmp_path: Path,
) -> None:
    code = (
        "from timeline_nb.media.apart.limits import take_limits\n"
        f"take_limits(2_000_000_000)\n{ASKED}\n"
        "print(*found, flush=True)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.split() == ["thread"]
    assert not (tmp_path / "written").exists() or not (
        (tmp_path / "written").stat().st_size
    )


@pytest.mark.skipif(sys.platform != "linux", reason="of the process's own files")
def test_a_process_apart_knows_no_secrets_and_holds_no_files_of_others(
    clips: Clips, apart: MediaLibrary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "sk-of-nobody")
    POOL.close()
    with (tmp_path / "other").open("w"):
        apart.probe(clips["cfr"])
        (pid,) = POOL.pids
        of_process = Path(f"/proc/{pid}")
        assert b"sk-of-nobody" not in (of_process / "environ").read_bytes()
        held = [str(fd.readlink()) for fd in (of_process / "fd").iterdir()]
    assert str(tmp_path / "other") not in held
    assert os.getpgid(pid) == pid != os.getpgid(0)
