"""Fonts: faces by family, and the first face that has a letter."""

import logging
import struct
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTCollection, TTFont, TTLibError
from PIL import ImageFont

from timeline_nb.access.roots import font_folders
from timeline_nb.access.use import file_status, same_file
from timeline_nb.core.file_limits import MAX_FONT_BYTES, open_limited
from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.parameters import FONT_SUFFIXES
from timeline_nb.effects.titles.font_tables import count_codes
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message

__all__ = [
    "DEFAULT",
    "Face",
    "face_bytes",
    "faces_for",
    "families",
    "find_face",
    "font_context",
    "length_px",
    "letter_name",
    "loaded",
    "missing_letters",
]

DEFAULT: Final = "DejaVu Sans"
_BUNDLED: Final = Path(__file__).with_name("faces")
# Warnings about damaged tables; the errors raised here are enough.
logging.getLogger("fontTools").setLevel(logging.CRITICAL)

# What sfnt files begin with (OpenType 1.9, "Font file"). Others, such as WOFF, are
# compressed, and may unpack to any size.
_SIGNATURES: Final = {b"\0\1\0\0", b"OTTO", b"true", b"ttcf"}
# What fontTools, FreeType, Raqm and Pillow let through of damaged fonts, found by
# mutating some.
_DAMAGE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RecursionError,
    TTLibError,
    TypeError,
    ValueError,
    struct.error,
)
# In heights of the letters: the tallest line of a font in use has 4, and the widest
# letter, U+FDFD, under 30.
_TALLEST: Final = 20
_WIDEST: Final = 40
# Unicode has so many codes; tables of a font may repeat some.
_MOST_CODES: Final = 2 * 0x110000
# Unicode categories of letters that are not drawn and need no face.
_UNSEEN: Final = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"}


@dataclass(frozen=True)
class Face:
    """A typeface: one style of a font family.

    Args:
        path: The font file.
        number: Index of the face in the file.
        family: Name of the family.
        style: Name of the style: `Book`, `Bold Oblique` ...
        state: Of the file when it was read: time of change and bytes.
    """

    path: str
    number: int
    family: str
    style: str
    state: tuple[int, int]

    @property
    def is_bold(self) -> bool:
        """Whether the style is bold, black or heavy."""
        return any(word in self.style.lower() for word in ("bold", "black", "heavy"))

    @property
    def is_slanted(self) -> bool:
        """Whether the style is italic or oblique."""
        return any(word in self.style.lower() for word in ("italic", "oblique"))

    def has(self, letter: str) -> bool:
        """Return whether the face has a letter."""
        return ord(letter) in _letters_of(self)


@lru_cache(maxsize=64)
def _letters_of(face: Face) -> frozenset[int]:
    try:
        with (
            same_file(face.path) as name,
            TTFont(name, fontNumber=face.number, lazy=True) as font,
        ):
            if font.reader is None or count_codes(font.reader["cmap"]) > _MOST_CODES:
                return frozenset()
            return frozenset(font.getBestCmap() or ())
    except _DAMAGE:
        return frozenset()


@contextmanager
def font_context(path: str) -> Iterator[None]:
    """Turn what a damaged font raises in the block into an error that names it.

    Raises:
        CompositionError: The block raised.
    """
    try:
        yield
    except CompositionError:
        raise
    except _DAMAGE as error:
        why = str(error) or type(error).__name__
        raise CompositionError(
            Message(
                "the font {path} cannot be used: {why}; name another as 'font'",
                path=path,
                why=why,
            )
        ) from error


@lru_cache(maxsize=128)
def loaded(face: Face, size: float) -> ImageFont.FreeTypeFont:
    """Return a face at a size in pixels, with Raqm text shaping.

    Raises:
        CompositionError: It is damaged, or has no letters of that size.
    """
    with font_context(face.path), same_file(face.path) as name:
        font = ImageFont.truetype(
            name, size, index=face.number, layout_engine=ImageFont.Layout.RAQM
        )
        high = sum(font.getmetrics())
        if not 0 <= high <= _TALLEST * size + 1:
            raise ValueError(f"its lines are {high} px high at a size of {size:g}")
    return font


def length_px(face: Face, size: float, text: str) -> float:
    """Return the length of a text in a face at a size in pixels.

    Raises:
        CompositionError: The face is damaged, or has no letters of that size.
    """
    font = loaded(face, size)
    with font_context(face.path):
        length = font.getlength(text)
        if not 0 <= length <= _WIDEST * size * len(text):
            raise ValueError(f"{text[:20]!r} is {length:g} px long at {size:g} px")
    return length


def _faces_in(path: Path) -> Iterator[Face]:
    try:
        with same_file(path) as name:
            yield from _faces_of(path, name)
    except _DAMAGE:
        return


def _faces_of(path: Path, name: str) -> Iterator[Face]:
    """Yield the faces of a file.

    Args:
        path: The file.
        name: Of the same file, which is open.
    """
    with Path(name).open("rb") as file:
        if file.read(4) not in _SIGNATURES:
            return
    state = _state_of(path)
    if state[1] > MAX_FONT_BYTES.value:
        return
    count = 1
    if path.suffix.lower() == ".ttc":
        with TTCollection(name, lazy=True) as found:
            count = len(found)
    for number in range(count):
        family, style = ImageFont.truetype(name, 10, index=number).getname()
        yield Face(str(path), number, family or path.stem, style or "", state)


def _state_of(path: Path) -> tuple[int, int]:
    status = file_status(path)
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=1)
def _bundled() -> tuple[Face, ...]:
    return tuple(f for path in sorted(_BUNDLED.glob("*.ttf")) for f in _faces_in(path))


@lru_cache(maxsize=1)
def _installed() -> tuple[Face, ...]:
    """Return the faces installed on the system; searched once, on first use."""
    found = []
    for folder in font_folders():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix.lower() in FONT_SUFFIXES:
                found += list(_faces_in(path))
    return tuple(found)


def families() -> list[str]:
    """Return the names of all font families here, bundled and installed."""
    names = {face.family for face in (*_bundled(), *_installed())}
    return sorted(names, key=str.casefold)


def face_bytes(face: Face) -> bytes:
    """Return the file of a face; empty where it holds several faces.

    Raises:
        CompositionError: It is damaged, or too large.
    """
    if face.path.lower().endswith(".ttc"):
        return b""
    limited = open_limited(face.path, MAX_FONT_BYTES, CompositionError, what="the font")
    with limited as file, font_context(face.path):
        return file.read()


def find_face(
    name: str, *, bold: bool = False, italic: bool = False, substitute: bool = False
) -> Face:
    """Return the face of a family that best fits a style.

    Args:
        name: A family, or the path of a font file.
        bold: Whether it should be bold.
        italic: Whether it should be italic; letters of other faces are slanted.
        substitute: Whether the default family replaces a missing one.

    Raises:
        CompositionError: There is no such family; the nearest names are given.
    """
    try:
        if Path(name).suffix.lower() in FONT_SUFFIXES:
            return _face_of_file(name)
        return _named_face(name, bold=bold, italic=italic)
    except CompositionError:
        if not substitute:
            raise
        return _named_face(DEFAULT, bold=bold, italic=italic)


def _face_of_file(name: str) -> Face:
    with open_limited(name, MAX_FONT_BYTES, CompositionError, what="the font"):
        # What cannot be opened is refused in its own words.
        pass
    try:
        return _read_face(name, _state_of(Path(name)))
    except (OSError, ValueError) as error:
        raise CompositionError(
            Message("the font file {name} is missing or is not a font", name=repr(name))
        ) from error


@lru_cache(maxsize=256)
def _read_face(name: str, state: tuple[int, int]) -> Face:
    """Return the first face of a file in a state."""
    for face in _faces_in(Path(name)):
        return replace(face, state=state)
    raise CompositionError(
        Message("the font file {name} is missing or is not a font", name=repr(name))
    )


@lru_cache(maxsize=256)
def _named_face(name: str, *, bold: bool, italic: bool) -> Face:
    wanted = name.casefold()
    for faces in (_bundled(), _installed()):
        same = [face for face in faces if face.family.casefold() == wanted]
        if same:
            return min(
                same, key=lambda f: (f.is_bold != bold, f.is_slanted != italic, f.style)
            )
    raise CompositionError(
        Message(
            "there is no font {name}{hint}; install it, or give the path of its file",
            name=repr(name),
            hint=suggestion(name, families()),
        )
    )


@lru_cache(maxsize=4096)
def _face_with(letter: str, first: Face) -> Face | None:
    if first.has(letter):
        return first
    for faces in (_bundled(), _installed()):
        able = [face for face in faces if face.has(letter)]
        if able:
            return min(
                able,
                key=lambda f: (f.is_bold != first.is_bold, f.is_slanted, f.style),
            )
    return None


def missing_letters(text: str, first: Face) -> list[str]:
    """Return the letters that no installed font has, each once, in order."""
    found = dict.fromkeys(
        letter
        for letter in text
        if unicodedata.category(letter) not in _UNSEEN
        and letter != "\ufe0f"
        and _face_with(letter, first) is None
    )
    return list(found)


def letter_name(letter: str) -> str:
    """Return a letter with its Unicode name and number."""
    name = unicodedata.name(letter, "an unnamed letter")
    return f"{letter!r} ({name}, U+{ord(letter):04X})"


def faces_for(
    text: str, first: Face, *, substitute: bool = False
) -> list[tuple[str, Face]]:
    """Split a text into runs of one face, preferring the first face.

    Args:
        text: The text.
        first: The face that is tried first.
        substitute: Whether letters that no font has keep that face, which draws boxes.

    Raises:
        CompositionError: No installed font has some letter; its script is named.
    """
    runs: list[tuple[list[str], Face]] = []
    for letter in text:
        face: Face | None = runs[-1][1] if runs else first
        if unicodedata.category(letter) not in _UNSEEN and letter != "\ufe0f":
            face = _face_with(letter, first) or (first if substitute else None)
        if face is None:
            script = unicodedata.name(letter, "it").split()[0].title()
            raise CompositionError(
                Message(
                    "no font here has {letter}: install one for "
                    "{script}, or name its file as 'font'",
                    letter=letter_name(letter),
                    script=script,
                )
            )
        if runs and runs[-1][1] == face:
            runs[-1][0].append(letter)
        else:
            runs.append(([letter], face))
    return [("".join(letters), face) for letters, face in runs]
