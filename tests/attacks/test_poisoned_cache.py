"""Sources that change while they are read: nothing wrong stays in a cache."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attacks.poisoned_cache import (
    FRAMES,
    OTHER,
    Manner,
    make_pair,
    poisoned_renders,
    put,
)
from media_factory import RECIPES, make, read_number
from references import cut_from

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError
from timeline_nb.media import fingerprint as fingerprints
from timeline_nb.media import readers
from timeline_nb.media.library import MediaLibrary
from timeline_nb.preview.jpeg import JpegEncoder
from timeline_nb.preview.proxies import ProxyStore
from timeline_nb.render import mux, sound
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline


@pytest.mark.parametrize(
    ("manner", "workers"), [("replace", 2), ("in place", 1), ("touch", 1)]
)
def test_a_source_replaced_in_mid_render_poisons_nothing(
    manner: Manner, workers: int, tmp_path: Path
) -> None:
    figures = poisoned_renders(tmp_path, 1, 7, manner=manner, workers=workers)
    assert figures.faults == []


@pytest.mark.whole
@pytest.mark.parametrize("manner", ["replace", "in place", "touch"])
def test_many_sources_replaced_in_mid_render_poison_nothing(
    manner: Manner, tmp_path: Path
) -> None:
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        folder.mkdir()
        figures = poisoned_renders(folder, 20, 8, manner=manner, workers=workers)
        assert figures.faults == []
    folder = tmp_path / "processes"
    folder.mkdir()
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawning) as processes:
        figures = poisoned_renders(
            folder, 20, 9, manner=manner, workers=2, executor=processes
        )
    assert figures.faults == []


@pytest.fixture
def pair(tmp_path: Path) -> tuple[bytes, bytes]:
    return make_pair(tmp_path)


@pytest.fixture
def source(pair: tuple[bytes, bytes], tmp_path: Path) -> Path:
    path = tmp_path / "source.mp4"
    path.write_bytes(pair[0])
    put(path, pair[0], "replace")
    return path


@pytest.fixture
def swapping(
    monkeypatch: pytest.MonkeyPatch, source: Path, pair: tuple[bytes, bytes]
) -> Callable[[Any, str], None]:
    """Have a function find the other source, which is put back after it once."""

    def swap(owner: Any, name: str) -> None:
        known = getattr(owner, name)
        left = [pair[1]]

        def swapped(*values: Any, **named: Any) -> Any:
            if not left:
                return known(*values, **named)
            put(source, left.pop(), "in place")
            try:
                made = known(*values, **named)
            finally:
                put(source, pair[0], "in place")
            return made

        monkeypatch.setattr(owner, name, swapped)

    return swap


def _first_and_last(library: MediaLibrary, path: Path) -> tuple[int, int]:
    with library.video(path) as decoder:
        return tuple(read_number(decoder.frame(n).to_rgb()) for n in (0, FRAMES - 1))  # type: ignore[return-value] # two of them


def test_a_fingerprint_is_of_what_the_file_was_all_the_while(
    swapping: Callable[[Any, str], None], source: Path, pair: tuple[bytes, bytes]
) -> None:
    swapping(fingerprints, "_digest")
    told = fingerprints.fingerprint(source)
    put(source, pair[1], "in place")
    assert fingerprints.fingerprint(source) != told
    put(source, pair[0], "in place")
    assert fingerprints.fingerprint(source) == told


@pytest.mark.parametrize("name", ["probe", "build_frame_index", "open_decoder"])
def test_a_file_that_is_another_while_it_is_opened_is_opened_again(
    name: str,
    swapping: Callable[[Any, str], None],
    source: Path,
    pair: tuple[bytes, bytes],
    tmp_path: Path,
) -> None:
    swapping(readers, name)
    library = MediaLibrary(tmp_path / "cache")
    assert _first_and_last(library, source) == (0, FRAMES - 1)
    # Neither memory nor disk has kept the other's.
    put(source, pair[1], "replace")
    for one in (library, MediaLibrary(tmp_path / "cache")):
        assert _first_and_last(one, source) == (OTHER, OTHER + FRAMES - 1)


def test_a_thumbnail_of_another_file_is_not_kept(
    swapping: Callable[[Any, str], None], source: Path, library: MediaLibrary
) -> None:
    library.index(library.probe(source))
    swapping(readers, "open_decoder")
    for _ in range(2):
        (rgb,) = library.thumbnails(source, [Fraction(2)], height_px=112)
    assert read_number(rgb) == 50


def test_a_proxy_of_another_file_is_not_kept(
    swapping: Callable[[Any, str], None], source: Path, library: MediaLibrary
) -> None:
    info = library.probe(source)
    proxies = ProxyStore(library._index_dir / "proxies", library)
    swapping(JpegEncoder, "encode_upright")
    proxies.request(info, 0)
    proxies.wait()
    assert proxies.frame(info, 0) is None
    proxies.request(info, 0)
    proxies.wait()
    assert proxies.frame(info, 0) is not None
    proxies.close()


def test_damage_of_another_file_is_not_remembered(
    source: Path, pair: tuple[bytes, bytes], library: MediaLibrary
) -> None:
    info = library.probe(source)
    middle = len(pair[0]) // 3
    broken = pair[0][:middle] + bytes(middle) + pair[0][2 * middle :]
    with library.video(source) as decoder:
        put(source, broken, "in place")
        for number in range(0, FRAMES, 7):
            decoder.frame_or_held(number)
    put(source, pair[0], "in place")
    assert library.damaged(info) == frozenset()


def _film(library: MediaLibrary, source: Path) -> Timeline:
    clip = cut_from(source, library, Fraction(0), Fraction(FRAMES, 25))
    empty = Timeline(name="film", rate=Fraction(25), size=(192, 112))
    return edits.append(empty, [clip])


def test_copied_packets_of_another_file_are_refused(
    swapping: Callable[[Any, str], None],
    source: Path,
    library: MediaLibrary,
    tmp_path: Path,
) -> None:
    renderer = Renderer(library, tmp_path / "cache")
    smart = Profile(smart=True, preset="ultrafast")
    timeline = _film(library, source)
    assert renderer.plan(timeline, tmp_path / "film.mp4", smart).of("copy")
    swapping(mux, "read_copied")
    with pytest.raises(MediaError, match=rf"{source}.*render again"):
        renderer.render(timeline, tmp_path / "film.mp4", smart, Reporter())
    assert not (tmp_path / "film.mp4").exists()
    renderer.render(timeline, tmp_path / "film.mp4", smart, Reporter())
    assert _first_and_last(library, tmp_path / "film.mp4") == (0, FRAMES - 1)


def test_the_sound_of_another_file_is_not_kept(
    library: MediaLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make(tmp_path, replace(RECIPES["cfr"], name="source.mp4"))
    good = source.read_bytes()
    mixed = sound._mixed

    def quiet(*values: Any) -> Any:
        blocks = [np.zeros_like(block) for block in mixed(*values)]
        # It was another file, and is what it was.
        source.write_bytes(good[::-1])
        source.write_bytes(good)
        yield from blocks

    clip = cut_from(source, library, Fraction(0), Fraction(1))
    heard = Timeline(name="film", rate=Fraction(25), size=(192, 112))
    timeline = edits.append(heard, [clip])
    assert any(track.kind == "audio" for track in timeline.tracks)
    renderer = Renderer(library, tmp_path / "cache")
    with monkeypatch.context() as patch:
        patch.setattr(sound, "_mixed", quiet)
        with pytest.raises(MediaError, match=rf"the sound: {source} is written"):
            renderer.render(timeline, tmp_path / "film.wav", Profile(), Reporter())
    renderer.render(timeline, tmp_path / "film.wav", Profile(), Reporter())
    wave = library.waveform(
        tmp_path / "film.wav", bins=1, time_range=TimeRange(Fraction(0), Fraction(1))
    )
    assert wave.high.max() > 0.5
