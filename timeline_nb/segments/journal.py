"""The journal: what was rendered last, so that a plan can say why it does more."""

import contextlib
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Self

import msgspec

from timeline_nb.core.files import write_atomic

__all__ = ["Journal", "JournalEntry"]

_MOST_TOLD: Final = 3
# What tellings call by other names than people do.
_SPOKEN: Final = {
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
    """A segment of the last render: its key, and what it showed."""

    key: str
    shows: Any


class Journal:
    """What a timeline's last render was made of.

    Args:
        lines: One a segment, in task.
    """

    def __init__(self, lines: tuple[JournalEntry, ...] = ()) -> None:
        self.lines = lines
        self._keys = {line.key for line in lines}
        self._by_start: dict[Any, JournalEntry] = {}
        for line in lines:
            for place in _places(line.shows):
                self._by_start.setdefault(place, line)

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """The journal of a timeline by its name; an empty one if there is none."""
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            data = _path(folder, name).read_bytes()
            return cls(msgspec.msgpack.decode(data, type=tuple[JournalEntry, ...]))
        return cls()

    def save(self, folder: Path, name: str) -> None:
        """Keep it; where that cannot be, plans say less."""
        path = _path(folder, name)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, msgspec.msgpack.encode(self.lines))

    def why(self, key: str, shows: Any) -> str:
        """Why a segment is not reused."""
        if not self.lines:
            return "never rendered"
        if key in self._keys:
            return "no longer in the cache"
        for place in _places(shows):
            line = self._by_start.get(place)
            if line is not None:
                told = ", ".join(_words(_changes(line.shows, shows))[:_MOST_TOLD])
                return f"changed: {told}" if told else "encoded differently"
        return "new"


def _words(changes: list[str]) -> list[str]:
    """What changed, as a person would say it."""
    if "effects" in changes:
        # These are told with effects alone, and come and go with them.
        changes = [change for change in changes if change not in {"owner", "range"}]
    return list(dict.fromkeys(_SPOKEN.get(change, change) for change in changes))


def _path(folder: Path, name: str) -> Path:
    told = blake2b(name.encode(), digest_size=8).hexdigest()
    return folder / "journals" / f"{told}.msgpack"


def _places(shows: Any) -> list[str]:
    """What a segment is recognized by: which moments of which media it begins with."""
    found = []
    for layer in shows[0]["layers"] if shows else ():
        shot = layer.get("layer") or layer.get("outgoing") or layer
        media = shot.get("media") if isinstance(shot, dict) else None
        if media is not None:
            what = media.get("file") or ",".join(sorted(media))
            found.append(f"{what} at {shot.get('at')}")
    return found


def _changes(old: Any, new: Any, name: str = "") -> list[str]:
    """The names of what differs, the innermost that a person knows."""
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
