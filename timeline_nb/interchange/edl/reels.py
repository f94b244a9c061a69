"""Names of reels: short, unique, of letters that every program takes."""

import re
from pathlib import PurePath
from typing import Final

from timeline_nb.interchange.flat import FlatMedia
from timeline_nb.interchange.report import Report

__all__ = ["REEL_LETTERS", "Reels"]

# CMX 3600 has eight; programs of today take 32 ("File32").
REEL_LETTERS: Final = 8
_NO_FILE: Final = "AX"
_RESERVED: Final = {"AX", "BL", "BLACK", "NONE"}
_KEPT: Final = re.compile(r"[!-~]{1,129}")
# What `bake="effects"` renders is called so (`notebook/bake_effects.py`).
_BAKED: Final = re.compile(r"_baked_([0-9a-f]{16})$")
_OTHER: Final = re.compile(r"[^A-Za-z0-9_.-]+")


class Reels:
    """The reels of an edit's media.

    Args:
        letters: The most that a name has.
        report: Gets names that were shortened.
    """

    def __init__(self, letters: int, report: Report) -> None:
        self._letters, self._report = letters, report
        self._names: dict[tuple[str, str], str] = {}
        self._used: set[str] = set(_RESERVED)
        # By names that were cut: the next number that may be free.
        self._numbers: dict[str, int] = {}
        # Of tapes, from which several media may be.
        self._kept: set[str] = set()

    def of(self, media: FlatMedia, kept: str = "") -> str:
        """Return the reel of media.

        Args:
            media: The media.
            kept: The reel that an imported clip had; it is the reel if it is free.
        """
        if not media.is_file or kept.upper() == _NO_FILE:
            return _NO_FILE
        key = media.path or media.name, kept
        if key not in self._names:
            self._names[key] = self._new(media, kept)
        return self._names[key]

    def _new(self, media: FlatMedia, kept: str) -> str:
        if kept in self._kept or (_KEPT.fullmatch(kept) and self._is_free(kept)):
            self._kept.add(kept)
            self._used.add(kept.upper())
            return kept
        stem = PurePath(media.name or media.path).stem
        baked = _BAKED.search(stem)
        if baked and len(stem) > self._letters:
            # Cut off, all names of what is baked for one edit would be the same.
            stem = f"BK{baked[1]}"[: self._letters]
        plain = _OTHER.sub("_", stem).strip("_.-") or "REEL"
        if self._letters <= REEL_LETTERS:
            plain = plain.upper()
        short = plain[: self._letters]
        name, number = short, self._numbers.get(short, 1)
        while not self._is_free(name):
            end = str(number)
            name = plain[: self._letters - len(end)] + end
            number += 1
        self._numbers[short] = number
        self._used.add(name.upper())
        if name.upper() != stem.upper():
            self._report.add(
                f"the media {media.name!r}",
                "the reel's name",
                "approximated",
                None,
                f"it is {name!r}; SOURCE FILE has the whole name",
            )
        return name

    def _is_free(self, name: str) -> bool:
        return name.upper() not in self._used and " " not in name
