"""Hostile locks, pointers of DVC and packs, and honest ones to be mutated."""

import io
import shutil
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from timelines import three_clips

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.dvc import read_pointer
from timeline_nb.project.document import parsed, refuse_faults
from timeline_nb.proof.inputs import digest_of, numbered
from timeline_nb.proof.lock import (
    FileFact,
    FilmFact,
    Lock,
    StreamFact,
    lock_text,
    read_lock,
)
from timeline_nb.proof.pack_format import MANIFEST, Pack, PackedFile, pack_text
from timeline_nb.proof.profile_facts import profile_of
from timeline_nb.proof.unpack import unpack

__all__ = ["HONEST_PROOF", "PROOF_FAMILIES", "PROOF_READERS"]

_HASH = "0" * 64


def _read_lock(path: Path) -> None:
    lock, _ = read_lock(path)
    edit = parsed(bytes(lock.edit), "its edit", Path())
    refuse_faults(edit, "its edit")
    profile_of(lock.profile, "its profile")
    digest_of(edit)


def _read_pointer(path: Path) -> None:
    for place in read_pointer(path).places():
        assert "\0" not in str(place)


def _read_pack(path: Path) -> None:
    folder = path.with_name("unpacked")
    try:
        unpack(path, folder, Reporter())
        assert all(p.resolve().is_relative_to(folder) for p in folder.rglob("*"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


PROOF_READERS: dict[str, Callable[[Path], None]] = {
    ".lock": _read_lock,
    ".dvc": _read_pointer,
    ".pack": _read_pack,
}


def _honest_lock() -> bytes:
    timeline = three_clips()
    stream = StreamFact(kind="video", packets=_HASH, decoded=_HASH, count=25)
    lock = Lock(
        film=FilmFact(name="a.mp4", bytes=9, sha256=_HASH, streams=(stream,)),
        edit=msgspec.Raw(numbered(timeline)),
        timeline=digest_of(timeline),
        files=(FileFact(what="media", name="b.mp4", path="b.mp4", sha256=_HASH),),
        profile={"quality": "75", "size": "[64,48]", "video.encoder": "libx264"},
    )
    return lock_text(lock).encode()


def _honest_pack() -> bytes:
    files = {"a.tlp": b"{}", "media/1/b.mp4": bytes(1000)}
    listed = tuple(
        PackedFile(
            name=name,
            bytes=len(data),
            sha256=sha256(data).hexdigest(),
            what="media",
            of=name,
        )
        for name, data in files.items()
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr(MANIFEST, pack_text(Pack(project="a.tlp", files=listed)))
    return held.getvalue()


HONEST_PROOF: dict[str, bytes] = {
    "lock": _honest_lock(),
    "dvc": b"outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 3\n  hash: md5\n"
    b"  path: 'it''s.mp4'\nwdir: ..\n",
    "pack": _honest_pack(),
}


def _text(text: Callable[[int], str]) -> Callable[[Path, int], Any]:
    return lambda path, size: path.write_text(text(size))


def _many_entries(path: Path, size: int) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(min(size // 100, 200_000)):
            archive.writestr(f"{number}", b"")


def _deflated(path: Path, size: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.tlp", bytes(size * 100))


_STATED = '{"format": "timeline_nb.lock", "version": 1, '

PROOF_FAMILIES: dict[str, tuple[str, Callable[[Path, int], Any]]] = {
    "lock: deep": ("lock", _text(lambda size: _STATED + '"film": ' + "[" * size)),
    "lock: deep edit": (
        "lock",
        _text(lambda n: _STATED + '"edit": ' + "[" * n + "]" * n + "}"),
    ),
    "lock: large number": (
        "lock",
        _text(lambda n: _STATED + '"film": {"bytes": ' + "9" * n + "}}"),
    ),
    "lock: files": ("lock", _text(lambda n: _STATED + f'"files": [{"{}, " * n}]}}')),
    "lock: spaces": ("lock", _text(lambda size: " " * size)),
    "dvc: items": ("dvc", _text(lambda size: "outs:\n" + "- md5: a\n" * (size // 9))),
    "dvc: aliases": ("dvc", _text(lambda n: "a: &a [x]\n" + "b: [*a, *a]\n" * n)),
    "dvc: quotes": ("dvc", _text(lambda _: "outs:\n- path: '" + "''" * 30_000)),
    "pack: entries": ("pack", _many_entries),
    "pack: bomb": ("pack", _deflated),
    "pack: marks": ("pack", lambda p, n: p.write_bytes(b"PK\5\6" * (n // 4))),
}
