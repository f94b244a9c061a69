"""Previews of real files: proxies, drafts, films and streams show the right frames."""

import io
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from media_factory import Clips, Recipe, make, read_number
from numpy.typing import NDArray
from references import cut_from
from states import until

from timeline_nb.compose.compositor import Compositor
from timeline_nb.compose.reference import clip_of_media
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import CompositionError, MediaError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.preview import proxies as proxies_module
from timeline_nb.preview import timeline_source
from timeline_nb.preview.jpeg import JpegDecoder, JpegEncoder, poster
from timeline_nb.preview.media_source import MediaPlayerSource
from timeline_nb.preview.playback import PlaybackStreamer
from timeline_nb.preview.player_source import PlayerSource
from timeline_nb.preview.proxies import ProxyStore, proxy_size
from timeline_nb.preview.proxy_library import ProxyLibrary
from timeline_nb.preview.stream import Chunk, SoundCodec, stream
from timeline_nb.preview.thumbs import ThumbMaker, peaks
from timeline_nb.preview.timeline_source import TimelinePlayerSource, audio_only_source
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.segments.encoding import open_encoder
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Timeline, Transform

SOURCES = ("cfr", "vfr", "ntsc", "phone", "open_gop", "anamorphic", "odd", "web")


@pytest.fixture
def store(tmp_path: Path, library: MediaLibrary) -> ProxyStore:
    return ProxyStore(tmp_path / "proxies", library)


def rgb_of(jpeg: bytes) -> NDArray[np.uint8]:
    """A JPEG as any reader sees it: `(H, W, 3) uint8 RGB`."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def number_of(picture: av.VideoFrame) -> int:
    """The number that a decoded frame carries."""
    return read_number(np.asarray(picture.to_ndarray(format="rgb24"), np.uint8))


def walk(clips: Clips, library: MediaLibrary) -> Timeline:
    """Frames 10 to 29 of one film and 30 to 49 of it, with sound."""
    path = clips["cfr"]
    row = [
        cut_from(path, library, Fraction(10, 25), Fraction(20, 25)),
        cut_from(path, library, Fraction(30, 25), Fraction(20, 25)),
    ]
    start = Timeline(name="walk", rate=Fraction(25), size=(192, 112))
    return edits.append(start, row)


@pytest.mark.parametrize("name", SOURCES)
def test_every_proxy_is_the_frame_of_its_number(
    name: str, clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    info = library.probe(clips[name])
    assert store.frame(info, 0) is None
    store.request(info, 0)
    assert store.wait()
    count = len(library.index(info))
    read = [read_number(rgb_of(store.frame(info, n) or b"")) for n in range(count)]
    assert read == list(range(count))
    picture = rgb_of(store.frame(info, 0) or b"")
    assert picture.shape[1::-1] == proxy_size(info.video[0].display_size)


def test_proxies_are_no_larger_than_a_preview_asks_for() -> None:
    assert proxy_size((1920, 1080)) == (640, 360)
    assert proxy_size((1080, 1920)) == (360, 640)
    assert proxy_size((3000, 1000)) == (640, 214)
    assert proxy_size((193, 111)) == (192, 112)


def test_a_damaged_proxy_file_is_made_again(
    tmp_path: Path, clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    info = library.probe(clips["cfr"])
    store.request(info, 0)
    assert store.wait()
    for path in (tmp_path / "proxies").rglob("*.jpgs"):
        path.write_bytes(path.read_bytes()[:-100])
    fresh = ProxyStore(tmp_path / "proxies", library)
    assert fresh.frame(info, 59) is None
    fresh.request(info, 59)
    assert fresh.wait()
    assert read_number(rgb_of(fresh.frame(info, 59) or b"")) == 59


def test_proxies_are_made_after_a_film_was_replaced_by_a_shorter_one(
    tmp_path: Path, clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(clips["cfr"].read_bytes())
    with store.paused():
        store.request(library.probe(path), 59)
        make(tmp_path, Recipe("short.mp4", frames=10)).replace(path)
    assert store.wait(200)
    info = library.probe(path)
    store.request(info, 9)
    assert store.wait(200)
    assert read_number(rgb_of(store.frame(info, 9) or b"")) == 9


def test_the_oldest_proxies_go_when_there_are_too_many(
    tmp_path: Path, clips: Clips, library: MediaLibrary
) -> None:
    store = ProxyStore(tmp_path / "proxies", library, max_bytes=1)
    info = library.probe(clips["cfr"])
    store.request(info, 0)
    assert store.wait()
    assert sum(1 for _ in (tmp_path / "proxies").rglob("*.jpgs")) == 0
    assert store.frame(info, 0) is None


def test_long_groups_are_cut_and_short_ones_share_a_file(
    tmp_path: Path,
    library: MediaLibrary,
    store: ProxyStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proxies_module, "_MOST", 40)
    long = make(
        tmp_path,
        Recipe("long.mp4", frames=100, options=(("g", "250"), ("sc_threshold", "0"))),
    )
    info = library.probe(long)
    store.request(info, 99)
    assert store.wait()
    names = sorted(int(p.stem) for p in (tmp_path / "proxies").rglob("*.jpgs"))
    assert names == [0, 40, 80]
    assert read_number(rgb_of(store.frame(info, 85) or b"")) == 85


def test_a_closed_store_makes_no_more(
    clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    info = library.probe(clips["cfr"])
    with store.paused():
        store.request(info, 0)
        time.sleep(0.1)
        assert store.frame(info, 0) is None
        store.close()
    assert store.wait(120)
    store.request(info, 0)
    assert store.frame(info, 0) is None


def test_a_film_of_media_is_the_same_with_and_without_proxies(
    clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    info = library.probe(clips["vfr"])
    film = MediaPlayerSource(info, library, store)
    before = [read_number(rgb_of(film.draft_jpeg(n))) for n in (0, 33, 7, 59)]
    store.request(info, 0)
    assert store.wait()
    after = [read_number(rgb_of(film.draft_jpeg(n))) for n in (0, 33, 7, 59)]
    assert before == after == [0, 33, 7, 59]
    assert read_number(rgb_of(film.exact_jpeg(21, (192, 112)))) == 21
    assert film.is_uneven
    assert not MediaPlayerSource(library.probe(clips["ntsc"]), library, store).is_uneven
    index = library.index(info)
    assert [s.pts for s in film.source_frames(5)] == [int(index.pts[5])]
    assert film.time_of(len(film)) == index.end_of(59)


def test_a_film_of_an_edit_shows_what_a_render_would(
    clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    film = TimelinePlayerSource(walk(clips, library), library, store)
    assert len(film) == 40
    wanted = {0: 10, 19: 29, 20: 30, 39: 49}
    assert {n: read_number(rgb_of(film.draft_jpeg(n))) for n in wanted} == wanted
    film.request_proxies(0)
    assert store.wait()
    # Now the one shot that is the whole frame is its proxy, as it lies on disk.
    info = library.probe(clips["cfr"])
    assert film.draft_jpeg(20) == store.frame(info, 30)
    read = [number_of(picture) for picture in decoded(film, 15)]
    assert read == [*range(25, 30), *range(30, 50)]
    index = library.index(info)
    assert [s.pts for s in film.source_frames(20)] == [int(index.pts[30])]


def test_backwards_the_preview_shows_and_names_what_a_render_would(
    clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    plain = walk(clips, library)
    first = next(i.id for i in plain.tracks[0].items if isinstance(i, Clip))
    back = edits.retime(plain, first, rate=Fraction(-1))
    film = TimelinePlayerSource(back, library, store)
    film.request_proxies(0)
    assert store.wait()
    info = library.probe(clips["cfr"])
    index = library.index(info)
    # Frames 10 to 29 the other way round; 30 begins at the cut.
    for number, shown in ((0, 29), (1, 28), (19, 10), (20, 30)):
        assert [s.pts for s in film.source_frames(number)] == [int(index.pts[shown])]
        assert film.draft_jpeg(number) == store.frame(info, shown)
    held = edits.freeze(back, first, at=Fraction(1, 25), duration=Fraction(1))
    film = TimelinePlayerSource(held, library, store)
    assert [s.pts for s in film.source_frames(5)] == [int(index.pts[28])]


def test_a_film_of_sound_alone_is_black_and_heard(
    tmp_path: Path, library: MediaLibrary, store: ProxyStore, clips: Clips
) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(clips["cfr"])) as source, av.open(str(path), "w") as target:
        out = target.add_stream("pcm_s16le", rate=48_000, layout="stereo")
        for frame in source.decode(audio=0):
            target.mux(out.encode(frame))
        target.mux(out.encode())
    film = audio_only_source(
        library.probe(path),
        lambda timeline: TimelinePlayerSource(timeline, library, store),
    )
    assert film.has_sound
    assert rgb_of(film.draft_jpeg(3)).max() < 3
    assert np.abs(film.open_sound(0).read(48_000)).max() > 0.5
    with pytest.raises(CompositionError, match="neither"):
        audio_only_source(
            library.probe(make(tmp_path, Recipe("mute.mp4"))),
            lambda timeline: TimelinePlayerSource(timeline, library, store),
        )


def decoded(film: PlayerSource, first: int) -> list[av.VideoFrame]:
    """What a player shows of a film's coded pictures."""
    decoder = av.CodecContext.create("h264", "r")
    decoder.extradata = open_encoder(film.encoding).extradata
    packets = [av.Packet(coded.data) for coded in film.encoded_packets(first)]
    return [f for packet in [*packets, None] for f in decoder.decode(packet)]


def test_what_was_played_is_kept_and_played_again_as_it_was(
    clips: Clips, library: MediaLibrary, store: ProxyStore, tmp_path: Path
) -> None:
    timeline = walk(clips, library)
    segments = SegmentStore(tmp_path / "segments")
    film = TimelinePlayerSource(timeline, library, store, segments)
    _, once = played(film, 0, "none")
    kept = {path: path.stat().st_mtime_ns for path in segments.folder.glob("??/*")}
    assert kept
    _, again = played(film, 0, "none")
    assert again == once
    # From the middle on, the first segment is made anew and not kept in part.
    read = [number_of(picture) for picture in decoded(film, 8)]
    assert read == [*range(18, 50)]
    now = {path: path.stat().st_mtime_ns for path in segments.folder.glob("??/*")}
    assert now == kept


def test_a_player_that_stops_leaves_no_half_segment(
    clips: Clips, library: MediaLibrary, store: ProxyStore, tmp_path: Path
) -> None:
    segments = SegmentStore(tmp_path / "segments")
    film = TimelinePlayerSource(walk(clips, library), library, store, segments)
    coded = film.encoded_packets(0)
    next(coded)
    coded.close()
    assert not list(segments.folder.glob("??/*")) + list(segments.folder.glob("??/.*"))


def test_a_render_takes_nothing_of_what_was_played(
    clips: Clips, library: MediaLibrary, store: ProxyStore, tmp_path: Path
) -> None:
    timeline = walk(clips, library)
    segments = SegmentStore(tmp_path / "segments")
    played(TimelinePlayerSource(timeline, library, store, segments), 0, "none")
    renderer = Renderer(library, tmp_path / "cache", store=segments)
    wanted = Profile(preset="ultrafast", crf=21)
    result = renderer.render(timeline, tmp_path / "film.mp4", wanted, Reporter())
    assert result.plan is not None
    assert result.plan.of("cached") == ()


def played(
    film: PlayerSource, first: int, sound: SoundCodec
) -> tuple[list[Chunk], bytes]:
    chunks = list(stream(film, first, sound=sound))
    return chunks, b"".join(chunk.data for chunk in chunks)


@pytest.mark.parametrize("sound", ["aac", "flac"])
def test_a_stream_has_each_frame_at_its_time_and_the_sound_with_it(
    sound: SoundCodec, clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    film = TimelinePlayerSource(walk(clips, library), library, store)
    first = 8
    chunks, data = played(film, first, sound)
    assert {chunk.offset for chunk in chunks} == {Fraction(first, 25)}
    assert [c.until for c in chunks] == sorted(c.until for c in chunks)
    assert chunks[-1].until == Fraction(40, 25)
    with av.open(io.BytesIO(data), "r") as container:
        frames = list(container.decode(video=0))
        read = [number_of(frame) for frame in frames]
        assert read == [*range(18, 50)]
        stamps = [Fraction(f.pts or 0) * Fraction(f.time_base or 1) for f in frames]
        assert stamps == [Fraction(n, 25) for n in range(32)]
    with av.open(io.BytesIO(data), "r") as container:
        planar = av.AudioResampler("fltp", "mono", 48_000)
        parts = [p for f in container.decode(audio=0) for p in planar.resample(f)]
    mono = np.concatenate([part.to_ndarray()[0] for part in parts])
    # The film clicks each half second, and the edit begins at 0.4 s of it: the stream
    # at 0.72 s hears the clicks of 1.0 and 1.5 s.
    loud = np.flatnonzero(np.abs(mono) > 0.3 * np.abs(mono).max())
    starts = loud[np.flatnonzero(np.diff(loud, prepend=-9999) > 4800)] / 48_000
    assert starts == pytest.approx([0.28, 0.78], abs=0.002)


def test_a_stream_of_uneven_frames_keeps_their_times(
    clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    film = MediaPlayerSource(library.probe(clips["vfr"]), library, store)
    _, data = played(film, 20, "aac")
    with av.open(io.BytesIO(data), "r") as container:
        frames = list(container.decode(video=0))
    assert [number_of(frame) for frame in frames] == [*range(20, 60)]
    for n, frame in enumerate(frames):
        told = Fraction(frame.pts or 0) * Fraction(frame.time_base or 1)
        assert abs(told - (film.time_of(20 + n) - film.time_of(20))) < Fraction(1, 1000)


def test_a_pump_makes_what_is_allowed_and_stops_when_told(
    clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    film = TimelinePlayerSource(walk(clips, library), library, store)
    made: list[Chunk | str | None] = []
    pump = PlaybackStreamer(store)
    pump.play(film, 0, sound="aac", deliver=made.append)
    until(lambda: made)
    pump.join(0.5)
    # The first chunk tells whether it can go on at all; more is not allowed yet.
    assert len(made) == 1
    pump.allow(Fraction(10))
    pump.join(120)
    assert made[-1] is None
    again = PlaybackStreamer(store)
    again.play(film, 0, sound="aac", deliver=made.append)
    thread = again._thread
    assert thread is not None
    again.stop()
    thread.join(120)
    assert not thread.is_alive()
    assert again._thread is None


def test_a_view_that_asks_for_streams_has_one_thread(
    clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    film = TimelinePlayerSource(walk(clips, library), library, store)
    made: list[Chunk | str | None] = []
    pump = PlaybackStreamer(store)
    threads = set()
    for _ in range(50):
        pump.play(film, 0, sound="aac", deliver=lambda _: None)
        threads.add(pump._thread)
    pump.play(film, 0, sound="aac", deliver=made.append)
    threads.add(pump._thread)
    assert len(threads) == 1
    pump.allow(Fraction(10))
    pump.join(120)
    assert made[-1] is None
    pump.close()
    pump.play(film, 0, sound="aac", deliver=made.append)
    assert pump._thread is None


def test_a_pump_says_what_is_wrong(
    tmp_path: Path, clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    away = tmp_path / "away.mp4"
    away.write_bytes(clips["cfr"].read_bytes())
    clip = cut_from(away, library, Fraction(0), Fraction(1))
    timeline = Timeline(name="walk", rate=Fraction(25), size=(192, 112))
    film = TimelinePlayerSource(edits.append(timeline, [clip]), library, store)
    away.unlink()
    made: list[Chunk | str | None] = []
    pump = PlaybackStreamer(store)
    pump.play(film, 0, sound="aac", deliver=made.append)
    pump.join(120)
    assert len(made) == 1
    assert "away.mp4" in str(made[0])


def test_jpegs_keep_their_colours() -> None:
    patch = np.zeros((64, 96, 3), np.uint8)
    patch[:, :32], patch[:, 32:64], patch[:, 64:] = (200, 30, 40), (20, 180, 60), 235
    hd = av.VideoFrame.from_ndarray(patch, "rgb24").reformat(
        format="yuv420p", dst_colorspace=1, dst_color_range=1
    )
    hd.colorspace, hd.color_range = 1, 1
    jpeg = JpegEncoder((96, 64)).encode(hd)
    shown = rgb_of(jpeg).astype(int)
    for x in (16, 48, 80):
        assert np.abs(shown[32, x] - patch[32, x]).max() <= 6
    again = JpegDecoder().decode(jpeg)
    assert (again.width, again.height, int(again.color_range)) == (96, 64, 2)
    assert len(poster(JpegEncoder((1280, 720)).encode(hd))) < 60_000


@pytest.mark.parametrize("broken", [b"", b"no picture", b"\xff\xd8\xff\xd9"])
def test_a_broken_picture_of_the_cache_is_made_of_the_file(
    clips: Clips, library: MediaLibrary, store: ProxyStore, broken: bytes
) -> None:
    path = str(clips["cfr"])
    info = library.probe(path)
    store.request(info, 0)
    assert store.wait()
    good = store.frame(info, 25)
    assert good is not None
    maker, decoder = ThumbMaker(library, store), JpegDecoder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "frame", lambda *_: broken)
        assert read_number(rgb_of(maker.thumb(path, Fraction(1)))) == 25
        with ProxyLibrary(library, store).video(path) as film:
            shown = film.frame(25).picture.to_ndarray(format="rgb24")
        assert read_number(np.asarray(shown, np.uint8)) == 25
        with pytest.raises(MediaError, match="no JPEG"):
            decoder.decode(broken)
        assert poster(broken) == ""
    # One that is whole is decoded after it.
    assert decoder.decode(good).height > 0
    assert read_number(rgb_of(maker.thumb(path, Fraction(1, 25)))) == 1


def test_thumbs_and_peaks(
    clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    path = str(clips["cfr"])
    maker = ThumbMaker(library, store)
    thumb = rgb_of(maker.thumb(path, Fraction(1)))
    assert thumb.shape[0] == 48
    assert read_number(thumb) == 25
    found = peaks(library, path, 0)
    assert found.dtype == np.int8
    loud = np.flatnonzero(found[:, 1] > 40)
    # A click each half second, in bins of a fiftieth.
    assert set(loud // 25 * 25) <= set(loud)
    assert len(peaks(library, path, 1)) == 0
    with pytest.raises(MediaError):
        peaks(library, str(clips["vfr"]), 0)


def test_what_covers_only_a_part_is_not_shown_as_its_proxy(
    clips: Clips, library: MediaLibrary, store: ProxyStore
) -> None:
    info = library.probe(clips["cfr"])
    clip = clip_of_media(info, library)
    timeline = edits.append(
        Timeline(name="walk", rate=Fraction(25), size=(192, 112)), [clip]
    )
    store.request(info, 0)
    assert store.wait()
    half = edits.set_clip(timeline, "c1", transform=Transform(opacity=0.5))
    bright = rgb_of(TimelinePlayerSource(timeline, library, store).draft_jpeg(0))
    dim = rgb_of(TimelinePlayerSource(half, library, store).draft_jpeg(0))
    assert bright[90, 5].mean() > 200
    assert 90 < dim[90, 5].mean() < 140


def test_closing_an_edit_waits_for_no_frame_that_is_made(
    clips: Clips,
    library: MediaLibrary,
    store: ProxyStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    film = TimelinePlayerSource(walk(clips, library), library, store)
    closed, begun, goes_on = [], threading.Event(), threading.Event()

    class Slow(Compositor):
        def frames(
            self, first: int = 0, last: int | None = None
        ) -> Iterator[av.VideoFrame]:
            begun.set()
            assert goes_on.wait(200)
            return super().frames(first, last)

        def close(self) -> None:
            closed.append(self)
            super().close()

    monkeypatch.setattr(timeline_source, "Compositor", Slow)
    made: list[bytes] = []
    maker = threading.Thread(target=lambda: made.append(film.draft_jpeg(19)))
    maker.start()
    assert begun.wait(200)
    film.close()
    assert not closed
    goes_on.set()
    maker.join(200)
    assert read_number(rgb_of(made[0])) == 29
    assert len(closed) == 1
