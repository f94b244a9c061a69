"""The journal of the last render, by which a plan explains what it encodes anew."""

import contextlib
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Self

import msgspec

from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.core.files import write_atomic

__all__ = ["Journal", "JournalEntry"]

_MOST_NAMED: Final = 3
_DIGEST_BYTES: Final = 16
# Keys of descriptors, in words for people.
_WORDS: Final = {
    "at": "the moment shown",
    "fade": "fades",
    "file": "the file",
    "frames": "where it is cut",
    "layers": "the layers",
    "made": "what is generated",
    "owner": "the clip's id",
    "range": "the clip's ends",
    "transform": "its place",
}


class JournalEntry(msgspec.Struct, frozen=True, array_like=True):
    """A segment of the last render: its key, and the descriptor of its frames."""

    key: str
    descriptor: Any


class Journal:
    """What a timeline's last render was made of.

    Args:
        lines: One a segment, in order.
    """

    def __init__(self, lines: tuple[JournalEntry, ...] = ()) -> None:
        self.lines = lines
        self._keys = {line.key for line in lines}
        self._by_start: dict[Any, JournalEntry] = {}
        for line in lines:
            for place in _places(line.descriptor):
                self._by_start.setdefault(place, line)

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Load the journal of a timeline by its name; an empty one if there is none."""
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            kept = _path(folder, name).read_bytes()
            digest, data = kept[:_DIGEST_BYTES], kept[_DIGEST_BYTES:]
            if digest == _digest(data):
                return cls(msgspec.msgpack.decode(data, type=tuple[JournalEntry, ...]))
        return cls()

    def save(self, folder: Path, name: str) -> None:
        """Save it; if the folder cannot be written, plans explain less."""
        path = _path(folder, name)
        with cached_if_possible(folder):
            path.parent.mkdir(parents=True, exist_ok=True)
            data = msgspec.msgpack.encode(self.lines)
            write_atomic(path, _digest(data) + data)

    def why(self, key: str, descriptor: Any) -> str:
        """Explain why a segment is not reused."""
        if not self.lines:
            return "never rendered"
        if key in self._keys:
            return "no longer in the cache"
        for place in _places(descriptor):
            line = self._by_start.get(place)
            if line is not None:
                changed = ", ".join(
                    _words(_changes(line.descriptor, descriptor))[:_MOST_NAMED]
                )
                return f"changed: {changed}" if changed else "encoded differently"
        return "new"


def _words(changes: list[str]) -> list[str]:
    """Return names of changes in words for people."""
    if "effects" in changes:
        # Descriptors have these with effects alone: they come and go with them.
        changes = [change for change in changes if change not in {"owner", "range"}]
    return list(dict.fromkeys(_WORDS.get(change, change) for change in changes))


def _digest(data: bytes) -> bytes:
    """Return what is written before the lines: damaged ones say nothing."""
    return blake2b(data, digest_size=_DIGEST_BYTES).digest()


def _path(folder: Path, name: str) -> Path:
    digest = blake2b(name.encode(), digest_size=8).hexdigest()
    return folder / "journals" / f"{digest}.journal"


def _places(descriptor: Any) -> list[str]:
    """Return what identifies a segment: the media and times it begins with."""
    found = []
    for layer in descriptor[0]["layers"] if descriptor else ():
        shot = layer.get("layer") or layer.get("outgoing") or layer
        media = shot.get("media") if isinstance(shot, dict) else None
        if media is not None:
            what = media.get("file") or ",".join(sorted(media))
            found.append(f"{what} at {shot.get('at')}")
    return found


def _changes(old: Any, new: Any, name: str = "") -> list[str]:
    """Return the keys of what differs, the innermost that have words."""
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        names = sorted(set(old) | set(new))
        return [
            change
            for key in names
            for change in _changes(old.get(key), new.get(key), key)
        ]
    if name == "effects" and isinstance(old, list) and isinstance(new, list):
        return _changed_effects(old, new)
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [c for a, b in zip(old, new, strict=True) for c in _changes(a, b, name)]
    return [name or "all"]


def _changed_effects(old: list[Any], new: list[Any]) -> list[str]:
    kinds = {tuple(effect) for effect in old} ^ {tuple(effect) for effect in new}
    return sorted({str(kind) for kind, _ in kinds}) or ["the order of effects"]
