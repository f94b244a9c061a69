"""Files that are written over and over, to be attacked by kills and failing calls.

A scene writes one of two contents to its folder, and reads which one is there. What is
expected of each is known beforehand: the timeline saved, the color of a film's frames.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import av
import numpy as np
from media_factory import RECIPES, make
from stand_ins.keyrings import FolderKeyring

from timeline_nb.access.scope import Scope
from timeline_nb.commands.titles import AddGenerator
from timeline_nb.core.bounded_json import MAX_PROJECT_BYTES
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.media.hash_index import HashIndex
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.index_file import load_index, save_index
from timeline_nb.media.library import MediaLibrary
from timeline_nb.project import document
from timeline_nb.project.known import KnownProjects
from timeline_nb.proof.inputs import digest_of
from timeline_nb.proof.lock import read_lock
from timeline_nb.proof.pack import PackRequest
from timeline_nb.proof.record import LockRequest
from timeline_nb.proof.unpack import unpack
from timeline_nb.recognition.detection_cache import DetectionCache
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.source import Source
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.result import RenderResult
from timeline_nb.security.secret import Secret
from timeline_nb.security.vault import Vault, open_vault
from timeline_nb.segments.file import SegmentFile, writing
from timeline_nb.segments.journal import Journal, JournalEntry
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, MediaReference, Timeline
from timeline_nb.timeline.queries import clips
from timeline_nb.versions.store import VersionStore

__all__ = ["SCENES", "Scene", "litter"]

# Red and blue differ in this channel.
_RED: Final = 0
_FRAMES: Final = 12


@dataclass(frozen=True)
class Scene:
    """Something that is written.

    Args:
        prepare: Removes what would spare work.
        write: Writes content 0 or 1 to a folder.
        read: Returns which of them is whole there, -1 for none, or -2 for some of both
            where there are many files.
    """

    write: Callable[[Path, int], object]
    read: Callable[[Path], int]
    prepare: Callable[[Path], object] = lambda _: None


def litter(folder: Path) -> list[str]:
    """Return the hidden files and folders below a folder."""
    found = []
    for parent, folders, files in os.walk(folder):
        found += [f"{parent}/{name}" for name in (*folders, *files) if name[0] == "."]
    return found


def _cache(folder: Path) -> Path:
    return folder / "cache"


def _timeline(which: int, frames: int = _FRAMES) -> Timeline:
    """A second of red or blue."""
    empty = Timeline(name="attacked", rate=Fraction(25), size=(64, 48))
    color = ("#ff0000", "#0000ff")[which]
    add = AddGenerator(
        kind="solid",
        start=Fraction(0),
        end=Fraction(frames, 25),
        parameters={"color": color},
    )
    return add.apply(empty)


def _project(which: int) -> Timeline:
    """A project of 300 clips: some 60 kB."""
    media = MediaReference(
        path="street.mp4", available_range=TimeRange(Fraction(0), Fraction(60))
    )
    streets = [
        Clip(
            name=f"clip {number}",
            id=f"{number:08x}",
            media=media,
            source_range=TimeRange(Fraction(which), Fraction(1)),
        )
        for number in range(300)
    ]
    return edits.append(_timeline(which), streets)


_PROJECTS: Final = (_project(0), _project(1))


def _write_project(folder: Path, which: int) -> None:
    document.save(_PROJECTS[which], folder / "cut.tlp", overwrite=True)


def _read_project(folder: Path) -> int:
    timeline = document.load(folder / "cut.tlp").timeline
    found = [c.source_range.start for c in clips(timeline) if c.media.is_file]
    assert len(found) == 300
    (start,) = set(found)
    return int(start)


def _versions(folder: Path) -> VersionStore:
    return VersionStore(
        folder / "cut.tlp",
        scope=Scope([folder]),
        known=KnownProjects(folder / "data"),
        max_bytes=MAX_PROJECT_BYTES,
    )


def _prepare_version(folder: Path) -> None:
    (folder / "data").mkdir(exist_ok=True)


def _write_version(folder: Path, which: int) -> None:
    saved = f"2026-05-0{which + 1}T12:00:00+00:00"
    store = _versions(folder)
    store.save("v1", _PROJECTS[which], note=str(which), saved=saved, overwrite=True)


def _read_version(folder: Path) -> int:
    store = _versions(folder)
    (version,) = store.all()
    found = [
        c.source_range.start
        for c in clips(store.read("v1").timeline)
        if c.media.is_file
    ]
    assert len(found) == 300
    (start,) = set(found)
    assert version.note == str(start)
    return int(start)


def _clear_segments(folder: Path) -> None:
    (folder / "pictures").mkdir(exist_ok=True)
    SegmentStore(_cache(folder) / "segments").clear()


def _write_film(folder: Path, which: int, name: str = "film.mp4") -> None:
    library = MediaLibrary(_cache(folder))
    renderer = Renderer(library, _cache(folder), workers=2)
    renderer.render(_timeline(which), folder / name, Profile(), Reporter())


def _color(rgb: np.ndarray) -> int:
    """Return 0 for red, 1 for blue."""
    means = rgb.reshape(-1, 3).mean(axis=0)
    assert abs(means[0] - means[2]) > 150, means
    return int(means[2] > means[0])


def _read_film(folder: Path) -> int:
    with av.open(str(folder / "film.mp4")) as film:
        found = [_color(f.to_ndarray(format="rgb24")) for f in film.decode(video=0)]
    assert len(found) == _FRAMES
    (color,) = set(found)
    return color


def _write_sequence(folder: Path, which: int) -> None:
    _write_film(folder, which, "pictures/%03d.png")


def _read_sequence(folder: Path) -> int:
    """Return the color of all pictures, or -2 if it differs."""
    found = []
    for path in sorted((folder / "pictures").glob("*.png")):
        with av.open(str(path)) as film:
            found += [
                _color(f.to_ndarray(format="rgb24")) for f in film.decode(video=0)
            ]
    assert len(found) == _FRAMES
    return found[0] if len(set(found)) == 1 else -2


def _lines(which: int) -> tuple[JournalEntry, ...]:
    return tuple(
        JournalEntry(f"{which}{number:031x}", [{"layers": [], "at": str(number)}])
        for number in range(2_000)
    )


_JOURNALS: Final = (Journal(_lines(0)), Journal(_lines(1)))


def _write_journal(folder: Path, which: int) -> None:
    _JOURNALS[which].save(_cache(folder), "attacked")


def _read_journal(folder: Path) -> int:
    lines = Journal.load(_cache(folder), "attacked").lines
    if not lines:
        return -1
    assert len(lines) == 2_000
    (which,) = {int(line.key[0]) for line in lines}
    return which


@cache
def _index(which: int) -> FrameIndex:
    """The index of a clip at 25 or 29.97 frames a second."""
    recipe = RECIPES[("cfr", "ntsc")[which]]
    with TemporaryDirectory() as made:
        library = MediaLibrary(Path(made, "cache"))
        return library.index(library.probe(make(Path(made), recipe)))


def _write_index(folder: Path, which: int) -> None:
    _cache(folder).mkdir(exist_ok=True)
    save_index(_index(which), _cache(folder) / "index.npz")


def _read_index(folder: Path) -> int:
    found = load_index(_cache(folder) / "index.npz")
    if found is None:
        return -1
    rates = [RECIPES[name].rate for name in ("cfr", "ntsc")]
    return rates.index(found.rate)


def _clear_library(folder: Path) -> None:
    for name in ("cfr", "ntsc"):
        if not (folder / RECIPES[name].name).exists():
            make(folder, RECIPES[name])
    for path in _cache(folder).glob("*/*.npz"):
        path.unlink()


def _write_library(folder: Path, which: int) -> None:
    """Index a clip."""
    recipe = RECIPES[("cfr", "ntsc")[which]]
    library = MediaLibrary(_cache(folder))
    assert len(library.index(library.probe(folder / recipe.name))) == recipe.frames


def _read_library(folder: Path) -> int:
    """Return the clip whose index is kept; -1 if none is."""
    found = [load_index(path) for path in _cache(folder).glob("*/*.npz")]
    if not found:
        return -1
    (index,) = found
    assert index is not None
    return [RECIPES[name].rate for name in ("cfr", "ntsc")].index(index.rate)


def _detections(which: int) -> Detections:
    frames = np.arange(100)
    return Detections(
        source=Source(
            path="street.mp4",
            fingerprint="00",
            stream=0,
            time_base=Fraction(1, 25),
            start_time=Fraction(0),
            rate=Fraction(25),
            size=(64, 48),
            end_pts=100,
        ),
        names=("car",),
        examined_frame=frames,
        examined_pts=frames,
        frame=frames,
        pts=frames,
        xyxy=np.full((100, 4), which, np.float32),
        score=np.ones(100, np.float32),
        class_id=np.zeros(100, np.int64),
        track_id=np.full(100, -1),
    )


def _write_detections(folder: Path, which: int) -> None:
    DetectionCache(_cache(folder) / "detections" / "00").add(_detections(which))


def _read_detections(folder: Path) -> int:
    source = _detections(0).source
    found = DetectionCache(_cache(folder) / "detections" / "00").load(source)
    if found is None:
        return -1
    assert len(found.xyxy) == 100
    (which,) = set(found.xyxy.ravel().tolist())
    return int(which)


def _segment_path(folder: Path) -> Path:
    return _cache(folder) / "segments" / "ab" / "abcd.seg"


def _write_segment(folder: Path, which: int) -> None:
    with writing(_segment_path(folder)) as writer:
        for number in range(50):
            writer.add(bytes([which]) * 5_000, pts=number, is_key=True)


def _read_segment(folder: Path) -> int:
    try:
        file = SegmentFile(_segment_path(folder))
    except (OSError, ValueError):
        return -1
    assert file.is_sound()
    assert len(file.packets) == 50
    (which,) = {data[0] for _, data in file}
    return which


def _vault(folder: Path) -> Vault:
    return open_vault(folder / "vault", keyring=FolderKeyring(folder / "keyring"))


def _write_vault(folder: Path, which: int) -> None:
    """Change one of eleven secrets, or rotate the key."""
    vault = _vault(folder)
    if not vault.names():
        for number in range(10):
            vault.put(f"key {number}", Secret(f"text {number}"))
    vault.put("which", Secret(str(which)))
    vault.rotate()


def _read_vault(folder: Path) -> int:
    found = {n: secret.reveal() for n, secret in _vault(folder).entries().items()}
    which = int(found.pop("which"))
    assert found == {f"key {number}": f"text {number}" for number in range(10)}
    return which


def _prepare_lock(folder: Path) -> None:
    if not (folder / "film.mp4").exists():
        _write_film(folder, 0)


def _write_lock(folder: Path, which: int) -> None:
    """Write the lock of a film that is there, as a render does when it is done."""
    library = MediaLibrary(_cache(folder))
    timeline, film = _timeline(which), folder / "film.mp4"
    renderer = Renderer(library, _cache(folder))
    done = RenderResult(film, _FRAMES, library.probe(film), ())
    request = LockRequest(
        path=folder / "film.lock",
        known=KnownProjects(folder / "data"),
        hashes=HashIndex(_cache(folder)),
        timeline=timeline,
        film=film,
        profile=Profile(),
        overwrite=True,
    )
    request.wrap(renderer, WrittenFiles(folder / "data"), lambda _: done)(Reporter())


def _read_lock(folder: Path) -> int:
    lock, _ = read_lock(folder / "film.lock")
    return [digest_of(_timeline(which)) for which in (0, 1)].index(lock.timeline)


def _write_pack(folder: Path, which: int) -> None:
    request = PackRequest(
        path=folder / "cut.zip",
        timeline=_timeline(which),
        handles=Fraction(1),
        whole=False,
        library=MediaLibrary(_cache(folder)),
        origins=(),
        plugins=lambda _: {},
        written=WrittenFiles(folder / "data"),
        overwrite=True,
    )
    request.write(Reporter())


def _read_pack(folder: Path) -> int:
    with TemporaryDirectory() as made:
        project = unpack(folder / "cut.zip", Path(made, "cut"), Reporter())
        return _which(project)


def _which(project: Path) -> int:
    timeline = document.load(project).timeline
    return [_timeline(which).tracks for which in (0, 1)].index(timeline.tracks)


SCENES: Final = {
    "vault": Scene(_write_vault, _read_vault),
    "save": Scene(_write_project, _read_project),
    "version": Scene(_write_version, _read_version, _prepare_version),
    "render": Scene(_write_film, _read_film, _clear_segments),
    "sequence": Scene(_write_sequence, _read_sequence, _clear_segments),
    "journal": Scene(_write_journal, _read_journal),
    "index": Scene(_write_index, _read_index),
    "segment": Scene(_write_segment, _read_segment),
    "library": Scene(_write_library, _read_library, _clear_library),
    "detections": Scene(_write_detections, _read_detections),
    "lock": Scene(_write_lock, _read_lock, _prepare_lock),
    "pack": Scene(_write_pack, _read_pack),
}
