"""Films made of segments: what is made anew, what is not, and who makes it."""

import dataclasses
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from media_factory import Clips, read_number
from msgspec.structs import replace
from references import cut_from

from timeline_nb.compose.mix import AudioMixer
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.effects.custom import custom_effect
from timeline_nb.effects.titles.clips import nested_clip, title_clip
from timeline_nb.errors import CompositionError, MediaError, RenderError
from timeline_nb.media.decode import VideoDecoder
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.result import RenderResult
from timeline_nb.render.sound import sound_key
from timeline_nb.render.target import SoundEncoding
from timeline_nb.segments import encode
from timeline_nb.segments import store as store_module
from timeline_nb.segments.encoding import open_encoder
from timeline_nb.segments.inputs import Inputs
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Effect, Marker, Timeline, Transform
from timeline_nb.timeline.queries import clip_of
from timeline_nb.timeline.queries import clips as clips_of

FAST = Profile(preset="ultrafast", crf=12)
S = Fraction


@pytest.fixture
def renderer(library: MediaLibrary, tmp_path: Path) -> Renderer:
    return Renderer(library, tmp_path / "cache")


def _timeline(clips: list[Clip], name: str = "film") -> Timeline:
    empty = Timeline(name=name, rate=Fraction(25), size=(192, 112))
    return edits.append(empty, clips)


def _three(clips: Clips, library: MediaLibrary) -> Timeline:
    """Three clips of 1, 2 and 1 seconds, of three films."""
    return _timeline(
        [
            cut_from(clips["cfr"], library, S(0), S(1)),
            cut_from(clips["bframes"], library, S(1, 5), S(2)),
            cut_from(clips["open_gop"], library, S(1), S(1)),
        ]
    )


def _render(
    renderer: Renderer, timeline: Timeline, path: Path, profile: Profile = FAST
) -> RenderResult:
    return renderer.render(timeline, path, profile, Reporter())


def _made(result: RenderResult) -> list[tuple[int, int]]:
    """The frames that were encoded for a film."""
    assert result.plan is not None
    return [(s.first, s.last) for s in result.plan.of("encode")]


def _numbers(path: Path, library: MediaLibrary) -> list[int]:
    with library.video(path) as decoder:
        count = len(decoder.index)
        return [read_number(f.to_rgb()) for f in decoder.frames(range(count))]


def test_a_film_is_cut_where_its_layers_change_and_into_pieces_of_two_seconds(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    long = [cut_from(clips["bframes"], library, S(0), S(12, 5)) for _ in range(2)]
    timeline = _timeline([*long, cut_from(clips["cfr"], library, S(0), S(1))])
    plan = renderer.plan(timeline, tmp_path / "film.mp4", FAST)
    assert [(s.first, s.last) for s in plan.segments] == [
        (0, 60),
        (60, 120),
        (120, 145),
    ]
    longer = replace(timeline, rate=Fraction(12))
    plan = renderer.plan(longer, tmp_path / "film.mp4", FAST)
    # 24 frames are two seconds; what would be shorter than a quarter stays whole.
    edges = [(s.first, s.last) for s in plan.segments]
    assert edges[0] == (0, 29)
    assert [s.layers for s in plan.segments][-1] == ("cfr",)
    assert {s.why for s in plan.segments} == {"never rendered"}
    assert not list(tmp_path.glob("cache/segments/*/*"))


def test_a_frame_that_is_shown_as_it_is_reaches_the_encoder_without_a_copy(
    clips: Clips,
    library: MediaLibrary,
    renderer: Renderer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoded: set[tuple[int, ...]] = set()
    encoded: list[tuple[int, ...]] = []
    framed, opened = VideoDecoder._frame, open_encoder

    def noted(decoder: VideoDecoder, picture: av.VideoFrame) -> Any:
        decoded.add(_memory(picture))
        return framed(decoder, picture)

    class Noting:
        def __init__(self, encoding: Any) -> None:
            self._context = opened(encoding)
            self.extradata = self._context.extradata

        def encode(self, picture: av.VideoFrame | None = None) -> Any:
            if picture is not None:
                encoded.append(_memory(picture))
            return self._context.encode(picture)

    monkeypatch.setattr(VideoDecoder, "_frame", noted)
    monkeypatch.setattr(encode, "open_encoder", Noting)
    clip = cut_from(clips["cfr"], library, S(0), S(1))
    _render(renderer, _timeline([clip]), tmp_path / "film.mp4")
    assert len(encoded) == 25
    assert set(encoded) <= decoded


def _memory(picture: av.VideoFrame) -> tuple[int, ...]:
    """Where the planes of a picture lie."""
    return tuple(plane.buffer_ptr for plane in picture.planes)


def test_nothing_changed_means_nothing_is_encoded_and_the_same_bytes(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    timeline = _three(clips, library)
    one = _render(renderer, timeline, tmp_path / "one.mp4")
    two = _render(renderer, timeline, tmp_path / "two.mp4")
    assert len(_made(one)) == 3
    assert _made(two) == []
    assert one.path.read_bytes() == two.path.read_bytes()


def test_only_what_changed_is_encoded_and_the_film_is_that_of_a_cold_render(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    timeline = _three(clips, library)
    _render(renderer, timeline, tmp_path / "film.mp4")
    second = list(clips_of(timeline))[1]
    sepia = edits.add_effect(timeline, second.id, Effect(kind="sepia"))
    warm = _render(renderer, sepia, tmp_path / "warm.mp4")
    assert _made(warm) == [(25, 75)]
    assert warm.plan is not None
    assert warm.plan.of("encode")[0].why == "changed: effects"
    cold = _render(Renderer(library, tmp_path / "other"), sepia, tmp_path / "cold.mp4")
    assert warm.path.read_bytes() == cold.path.read_bytes()


@pytest.mark.parametrize(
    ("change", "made"),
    [
        # A clip is moved: those around it stay what they are.
        (lambda t, ids: edits.move(t, ids[2], to=S(0)), []),
        # Its tail is trimmed: its last chunk alone is another.
        (lambda t, ids: edits.ripple(t, ids[0], tail=S(-2, 25)), [(0, 23)]),
        # Names, markers and sound are not seen.
        (lambda t, ids: edits.set_clip(t, ids[0], name="other", gain_db=-6.0), []),
        (lambda t, _: replace(t, name="film", markers=(_marker(),)), []),
        (lambda t, ids: edits.ripple_delete(t, ids[1]), []),
        # A dissolve takes a chunk of both its clips.
        (
            lambda t, ids: edits.transition(t, after=ids[0], duration=S(8, 25)),
            [(0, 21), (21, 29), (29, 75)],
        ),
        (
            lambda t, ids: edits.set_clip(
                t, ids[1], transform=Transform(scale=0.5, opacity=0.5)
            ),
            [(25, 75)],
        ),
        (lambda t, ids: edits.slip(t, ids[1], by=S(1, 25)), [(25, 75)]),
    ],
)
def test_what_an_edit_makes_anew(  # noqa: PLR0917 - fixtures come as arguments
    change: Callable[[Timeline, list[str]], Timeline],
    made: list[tuple[int, int]],
    clips: Clips,
    library: MediaLibrary,
    renderer: Renderer,
    tmp_path: Path,
) -> None:
    timeline = _three(clips, library)
    _render(renderer, timeline, tmp_path / "film.mp4")
    changed = change(timeline, [clip.id for clip in clips_of(timeline)])
    assert _made(_render(renderer, changed, tmp_path / "film.mp4")) == made


def _marker() -> Marker:
    return Marker(name="here", marked_range=TimeRange(S(1), S(1)))


def test_a_title_s_words_touch_no_other_frames(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    timeline = edits.add_track(_three(clips, library), "video")

    def with_words(words: str) -> Timeline:
        title = title_clip(words, S(4, 5), timeline.size)
        return edits.overwrite(timeline, [title], at=S(2), track="V2")

    _render(renderer, with_words("one"), tmp_path / "film.mp4")
    result = _render(renderer, with_words("two"), tmp_path / "film.mp4")
    assert _made(result) == [(50, 70)]


def test_a_nested_timeline_is_made_anew_only_where_it_changed(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    def outer(sigma: float) -> Timeline:
        inner = _three(clips, library)
        blur = Effect(kind="gaussian_blur", parameters={"sigma": sigma})
        last = list(clips_of(inner))[2].id
        whole = nested_clip(edits.add_effect(inner, last, blur))
        return _timeline([whole])

    first = _render(renderer, outer(0.01), tmp_path / "film.mp4")
    assert _made(first) == [(0, 50), (50, 100)]
    again = _render(renderer, outer(0.02), tmp_path / "film.mp4")
    assert _made(again) == [(50, 100)]


def test_a_nested_timeline_of_another_size_is_made_anew(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    inner = _three(clips, library)
    _render(renderer, _timeline([nested_clip(inner)]), tmp_path / "film.mp4")
    wide = replace(inner, size=(224, 112))
    result = _render(renderer, _timeline([nested_clip(wide)]), tmp_path / "film.mp4")
    assert _made(result) == [(0, 50), (50, 100)]


def test_an_effect_of_one_s_own_is_made_anew_when_its_code_changes(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    def tint(amount: int) -> None:
        scope: dict[str, Callable[..., np.ndarray]] = {}
        exec(f"def tinted_once(rgb): return rgb // {amount}", scope)  # noqa: S102
        custom_effect(scope["tinted_once"], group="mine", parameters={})

    timeline = _three(clips, library)
    first = next(clips_of(timeline)).id
    timeline = edits.add_effect(timeline, first, Effect(kind="tinted_once"))
    tint(2)
    _render(renderer, timeline, tmp_path / "film.mp4")
    tint(3)
    assert _made(_render(renderer, timeline, tmp_path / "film.mp4")) == [(0, 25)]


def test_a_file_that_changed_is_seen_though_its_name_did_not(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(clips["cfr"].read_bytes())
    timeline = _timeline([cut_from(copy, library, S(0), S(1))])
    _render(renderer, timeline, tmp_path / "film.mp4")
    copy.write_bytes(clips["bframes"].read_bytes())
    result = _render(renderer, timeline, tmp_path / "film.mp4")
    assert _made(result) == [(0, 25)]


def test_a_damaged_segment_is_made_again(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    timeline = _three(clips, library)
    first = _render(renderer, timeline, tmp_path / "film.mp4")
    good = first.path.read_bytes()
    assert first.plan is not None
    store = SegmentStore(tmp_path / "cache" / "segments")
    broken, cut, gone = (store.path(s.key) for s in first.plan.segments)
    data = bytearray(broken.read_bytes())
    data[100] ^= 255
    broken.write_bytes(data)
    cut.write_bytes(cut.read_bytes()[:-7])
    gone.unlink()
    again = _render(renderer, timeline, tmp_path / "film.mp4")
    assert len(_made(again)) == 3
    assert again.path.read_bytes() == good


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        yield pool


@pytest.mark.parametrize("profile", [FAST, Profile(quality=60, video="h265")])
def test_threads_and_processes_one_or_four_give_the_same_bytes(
    profile: Profile,
    clips: Clips,
    library: MediaLibrary,
    processes: Executor,
    tmp_path: Path,
) -> None:
    timeline = edits.transition(_three(clips, library), after="c1", duration=S(8, 25))
    films = []
    with ThreadPoolExecutor(4) as threads:
        for number, (executor, workers) in enumerate(
            [(None, 1), (None, 4), (threads, 2), (processes, 2)]
        ):
            cache = tmp_path / f"cache{number}"
            renderer = Renderer(library, cache, executor=executor, workers=workers)
            path = tmp_path / f"{number}.mp4"
            films.append(_render(renderer, timeline, path, profile).path.read_bytes())
    assert all(film == films[0] for film in films)


def test_a_process_that_knows_another_effect_is_found_out(
    clips: Clips, library: MediaLibrary, processes: Executor, tmp_path: Path
) -> None:
    def only_here(rgb: np.ndarray) -> np.ndarray:
        return 255 - rgb

    custom_effect(only_here, group="mine", parameters={})
    timeline = _three(clips, library)
    first = next(clips_of(timeline)).id
    timeline = edits.add_effect(timeline, first, Effect(kind="only_here"))
    renderer = Renderer(library, tmp_path / "cache", executor=processes)
    with pytest.raises(RenderError, match=r"segment 0 .*other files, fonts or effects"):
        _render(renderer, timeline, tmp_path / "film.mp4")
    assert not (tmp_path / "film.mp4").exists()


def _die() -> None:
    """Have this process die at its first frame, as a broken decoder would."""
    from timeline_nb.segments import encode

    def fall(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)

    encode._write = fall  # type: ignore[assignment] # to die in its place


def test_a_worker_that_dies_is_told_with_its_segment_and_the_notebook_lives(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    timeline = _timeline([cut_from(clips["cfr"], library, S(0), S(2))])
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_die) as pool:
        renderer = Renderer(library, tmp_path / "cache", executor=pool)
        with pytest.raises(RenderError, match=r"died.*segment 0 \(frames 0 .*cfr"):
            _render(renderer, timeline, tmp_path / "film.mp4")
    assert not list(tmp_path.glob("*.mp4"))
    assert not list(tmp_path.glob("cache/renders/*"))


def test_after_kill_9_finished_segments_are_reused(
    bunny: Path, library: MediaLibrary, tmp_path: Path
) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path; from fractions import Fraction as F\n"
        "from references import cut_from\n"
        "from timeline_nb.core.jobs import Reporter\n"
        "from timeline_nb.media.library import MediaLibrary\n"
        "from timeline_nb.render.profile import Profile\n"
        "from timeline_nb.render.render import Renderer\n"
        "from timeline_nb.timeline import edits\n"
        "from timeline_nb.timeline.model import Timeline\n"
        "folder = Path(sys.argv[2])\n"
        "library = MediaLibrary(folder / 'cache')\n"
        "film = Path(sys.argv[1])\n"
        "clips = [cut_from(film, library, F(n, 5), F(4)) for n in (0, 1)]\n"
        "t = edits.append(Timeline(name='k', rate=F(25), size=(1280, 720)), clips)\n"
        "profile = Profile(preset='medium', crf=20)\n"
        "r = Renderer(library, folder / 'cache', workers=1)\n"
        "segments = folder / 'cache' / 'segments'\n"
        "def look(_):\n"
        "    found = [p for p in segments.glob('??/*.seg') if p.name[0] != '.']\n"
        "    if sys.argv[3] == 'dies' and len(found) >= 2:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "made = r.render(t, folder / 'film.mp4', profile, Reporter(look))\n"
        "print(*made.plan.of('cached'))\n"
    )
    command = [sys.executable, "-c", script, str(bunny), str(tmp_path)]
    here = Path(__file__).parents[1]
    killed = subprocess.run(
        [*command, "dies"], cwd=here, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    segments = tmp_path / "cache" / "segments"
    assert not (tmp_path / "film.mp4").exists()
    finished = [p for p in segments.glob("??/*.seg") if not p.name.startswith(".")]
    again = subprocess.run(
        [*command, "lives"], cwd=here, capture_output=True, text=True, check=True
    )
    reused = again.stdout.count("Segment(")
    # The sound is a segment of the store, too, and none of the plan.
    assert reused >= len(finished) - 1 >= 1
    assert len(_frames(tmp_path / "film.mp4", library)) == 200


def _frames(path: Path, library: MediaLibrary) -> list[int]:
    with library.video(path) as decoder:
        return [f.number for f in decoder.frames(range(len(decoder.index)))]


def test_a_source_that_vanishes_is_told_with_its_clip(
    bunny: Path, library: MediaLibrary, tmp_path: Path
) -> None:
    copy = tmp_path / "gone.mp4"
    copy.write_bytes(bunny.read_bytes() + b"\0\0\0\x08free")
    timeline = _timeline(
        [cut_from(bunny, library, S(0), S(4)), cut_from(copy, library, S(0), S(4))]
    )
    renderer = Renderer(library, tmp_path / "cache", workers=1)
    reporter = Reporter(lambda _: copy.unlink(missing_ok=True))
    told = r"clip 'gone' \(c\d+\).*gone\.mp4"
    with pytest.raises((MediaError, CompositionError), match=told):
        renderer.render(timeline, tmp_path / "film.mp4", FAST, reporter)
    assert not (tmp_path / "film.mp4").exists()


def test_whatever_misses_a_file_first_names_its_clip(
    bunny: Path, library: MediaLibrary, tmp_path: Path
) -> None:
    copy = tmp_path / "gone.mp4"
    copy.write_bytes(bunny.read_bytes() + b"\0\0\0\x08free")
    timeline = _timeline([cut_from(copy, library, S(0), S(4))])
    inputs = Inputs.of(timeline)
    copy.unlink()
    named = r"^clip 'gone' \(c\d+\): .*gone\.mp4 cannot be opened"
    encoding = SoundEncoding("aac", "aac", "fltp", "stereo", 48_000, 128_000)
    with pytest.raises(MediaError, match=named):
        sound_key(timeline, range(10), encoding, library)
    with pytest.raises(MediaError, match=named):
        inputs.check_files()
    with pytest.raises(MediaError, match=named):
        inputs.renewed()


def test_a_paused_render_rests_and_then_ends_well(
    bunny: Path, library: MediaLibrary, tmp_path: Path
) -> None:
    clip = cut_from(bunny, library, S(0), S(4))
    timeline = replace(_timeline([clip, clip]), size=(1280, 720))
    renderer = Renderer(library, tmp_path / "cache")
    begun = threading.Event()

    def work(reporter: Reporter) -> RenderResult:
        return renderer.render(timeline, tmp_path / "film.mp4", Profile(), reporter)

    with ThreadPoolExecutor(1) as pool:
        job = Job("film", work).start(pool)
        job.progressed.connect(lambda p: begun.set() if p.done else None)
        try:
            assert begun.wait(200)
            job.pause()
            assert job.status.value == "paused"
            # Each worker ends what it has in hand, and rests.
            before = None
            while job.progress != before:
                before = job.progress
                time.sleep(1)
            assert job.status.value == "paused"
            job.resume()
            assert job.wait(120).frames == 200
        finally:
            job.cancel()


def test_sound_is_whole_over_every_border(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    timeline = _three(clips, library)
    sound = Profile(audio="pcm24", preset="ultrafast")
    result = _render(renderer, timeline, tmp_path / "film.mov", sound)
    with library.audio(result.path, sample_rate_hz=48_000) as decoder:
        heard = decoder.read(0, 48_000 * 4)
    with AudioMixer(timeline, library) as mixer:
        mixed = mixer.read(48_000 * 4)
    assert np.abs(mixed).max() > 0.5
    # A sample of 24 bits is off by rounding at most.
    assert np.abs(heard - np.clip(mixed, -1, 1)).max() <= 2**-23


def test_sound_is_made_anew_by_what_is_heard_and_by_nothing_else(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    clip = cut_from(clips["cfr"], library, S(0), S(1))
    store = SegmentStore(tmp_path / "segments")
    renderer = Renderer(library, tmp_path / "cache", store=store)

    def made(*effects: Effect) -> int:
        """How many parts of a film are encoded: pictures, sound or both."""
        before = store.statistics().misses
        shown = _timeline([replace(clip, effects=effects)])
        renderer.render(shown, tmp_path / "film.mp4", FAST, Reporter())
        return store.statistics().misses - before

    assert made() == 2
    assert made(Effect(kind="brightness", parameters={"amount": 0.1})) == 1
    assert made(Effect(kind="reverb")) == 1
    assert made(Effect(kind="denoise"), Effect(kind="noise_reduction")) == 2


def test_the_cache_stays_within_its_bytes_the_oldest_first(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    store = SegmentStore(tmp_path / "segments", max_bytes=1)
    renderer = Renderer(library, tmp_path / "cache", store=store)
    _render(renderer, _three(clips, library), tmp_path / "film.mp4")
    paths = sorted(store.folder.glob("??/*.seg"))
    # Three of pictures and one of sound; what is in use stays, whatever the limit.
    assert len(paths) == 4
    old = time.time() - 3600
    for number, path in enumerate(paths):
        os.utime(path, (old + number, old + number))
    store.max_bytes = sum(path.stat().st_size for path in paths[2:])
    store.trim()
    assert sorted(store.folder.glob("??/*.seg")) == paths[2:]


def test_the_cache_tells_how_it_served(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    store = SegmentStore(tmp_path / "segments")
    renderer = Renderer(library, tmp_path / "cache", store=store)
    timeline = _three(clips, library)
    _render(renderer, timeline, tmp_path / "film.mp4")
    _render(renderer, timeline, tmp_path / "film.mp4")
    told = store.statistics()
    assert (told.hits, told.misses, told.files) == (4, 4, 4)
    assert told.hit_ratio == 0.5
    assert told.size_bytes == sum(p.stat().st_size for p in store.folder.glob("??/*"))
    assert store.clear() == told.size_bytes
    assert store.statistics().files == 0
    assert len(_made(_render(renderer, timeline, tmp_path / "film.mp4"))) == 3


def test_a_full_store_is_not_counted_each_time_that_metrics_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SegmentStore(tmp_path)

    def add(name: str, size: int) -> None:
        path = store.path(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes(size))

    assert store.held() == (0, 0)
    add("aa11", 100)
    # As for a store of few files, which is counted at once.
    monkeypatch.setattr(store_module, "_QUICK_S", 1e9)
    assert store.held() == (1, 100)
    monkeypatch.setattr(store_module, "_QUICK_S", -1)
    monkeypatch.setattr(store_module, "_SHARE", 1e12)
    add("bb22", 23)
    assert store.held() == (2, 123)
    add("cc33", 1)
    assert store.held() == (2, 123)
    assert store.statistics().files == 3


def test_a_clip_shown_twice_is_encoded_once(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    clip = cut_from(clips["cfr"], library, S(0), S(1))
    _render(renderer, _timeline([clip, clip]), tmp_path / "film.mp4")
    store = SegmentStore(tmp_path / "cache" / "segments")
    assert store.statistics().files == 2
    shown = _numbers(tmp_path / "film.mp4", library)
    assert shown == [*range(25), *range(25)]


def test_a_clip_with_an_effect_is_known_by_what_it_shows_and_not_by_its_id(
    bunny: Path, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    bright = Effect(kind="brightness", parameters={"amount": 0.1})
    clip = cut_from(bunny, library, S(0), S(4))
    lit = _timeline([replace(clip, effects=(bright,))])
    _render(renderer, lit, tmp_path / "a.mp4")
    first = next(clips_of(lit)).id
    before = cut_from(bunny, library, S(2), S(1))
    moved = _timeline([before, replace(clip, effects=(bright,))])
    assert clip_of(moved, first).effects == ()
    assert _made(_render(renderer, moved, tmp_path / "b.mp4")) == [(0, 25)]
    trimmed = edits.ripple(lit, first, tail=S(-1))
    assert _made(_render(renderer, trimmed, tmp_path / "c.mp4")) == [(50, 75)]


def test_chance_falls_by_the_clip_and_is_part_of_what_it_shows(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    grain = Effect(kind="grain")
    clip = replace(cut_from(clips["cfr"], library, S(0), S(1)), effects=(grain,))
    both = _timeline([clip, clip])
    assert len(_made(_render(renderer, both, tmp_path / "a.mp4"))) == 2
    named = replace(_timeline([replace(clip, effects=())]), effects=(grain,))
    _render(renderer, named, tmp_path / "b.mp4")
    renamed = replace(named, name="other")
    assert _made(_render(renderer, renamed, tmp_path / "c.mp4")) == [(0, 25)]


def test_why_tells_what_changed_and_what_was_lost(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    timeline, path = _three(clips, library), tmp_path / "film.mp4"
    _render(renderer, timeline, path)
    ids = [clip.id for clip in clips_of(timeline)]
    faded = edits.set_clip(timeline, ids[0], fade_in=S(1, 5))
    plan = renderer.plan(faded, path, FAST)
    assert [s.why for s in plan.segments] == ["changed: fades", "", ""]
    slow = renderer.plan(timeline, path, replace(FAST, crf=13))
    assert {s.why for s in slow.segments} == {"encoded differently"}
    SegmentStore(tmp_path / "cache" / "segments").clear()
    plan = renderer.plan(timeline, path, FAST)
    assert {s.why for s in plan.segments} == {"no longer in the cache"}


def test_a_plan_shows_itself(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    timeline, path = _three(clips, library), tmp_path / "film.mp4"
    plan = renderer.plan(timeline, path, FAST)
    assert repr(plan) == "<Plan 'film' 3 segments: 100 frames to encode>"
    _render(renderer, timeline, path)
    plan = renderer.plan(timeline, path, FAST)
    assert repr(plan) == "<Plan 'film' 3 segments: 100 frames known>"
    table = plan.to_dataframe()
    assert list(table["first"]) == [0, 25, 75]
    assert list(table["end_s"]) == [1.0, 3.0, 4.0]
    html = plan._repr_html_()
    assert html.count("<rect") == 3
    assert "bframes" in html
    named = dataclasses.replace(plan.segments[0], layers=("<b>",))
    risky = dataclasses.replace(plan, segments=(named,))._repr_html_()
    assert "<b>" not in risky
