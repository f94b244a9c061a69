"""CVAT XML 1.1: tracks of a video, or shapes of images, with their attributes.

The format is described under "XML annotation format" in CVAT's documentation. A
document is read in one pass and no tree of it is built: a film that is annotated frame
by frame has millions of elements.
"""

import math
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any, Final
from xml.parsers import expat

import pandas as pd

from timeline_nb.core.file_limits import (
    MAX_TABLE_BYTES,
    MAX_TABLE_ROWS,
    open_limited,
)
from timeline_nb.core.user_warnings import warn_user
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.exchange.cvat_shapes import (
    SHAPES,
    WITHOUT_BOX,
    attributes_of,
    box_of,
    whole,
)
from timeline_nb.recognition.exchange.rows import facts_of, table_from_rows
from timeline_nb.recognition.source import IndexedMedia, Source

__all__ = ["read_cvat"]

_MEMBER: Final = "annotations.xml"
_DEEPEST: Final = 40
_CHUNK_BYTES: Final = 1 << 20
_ATTRIBUTES: Final = 200
_TEXT_LETTERS: Final = 10_000
_SIZES: Final = {"width", "height"}


def read_cvat(path: Path | str, source: Source | IndexedMedia) -> pd.DataFrame:
    """Read annotations of CVAT as a detection table.

    Frames are those of the media: CVAT counts them from 0. Boxes that are outside are
    left out. Polygons, masks, ellipses and rotated boxes become the boxes around them;
    the column `shape` says what they were. Attributes are columns
    `attribute_NAME`, and `occluded` is one, too. A warning counts what has no box, such
    as tags.

    Args:
        path: "CVAT for video 1.1" or "CVAT for images 1.1": an XML file, or the ZIP
            that CVAT exports.
        source: The media: what `tl.open` gives, or the `source` of a table.

    Raises:
        RecognitionError: The file cannot be read, is no CVAT XML, or is of pictures of
            another shape than the media's.
    """
    place = Path(path)
    with open_limited(place, MAX_TABLE_BYTES, RecognitionError) as file:
        head = file.read(4)
        file.seek(0)
        if head == b"PK\x03\x04":
            found = _in_archive(place, file)
        else:
            found = _Reading(place).read(file)
    rows = found.rows
    _scale(rows, found.size, facts_of(source), place)
    if found.left_out:
        counts = ", ".join(f"{n:,} {tag}" for tag, n in found.left_out.items())
        warn_user(f"{place}: {counts}: what has no box is left out")
    return table_from_rows(rows, source)


def _in_archive(path: Path, file: IO[bytes]) -> "_Reading":
    try:
        with zipfile.ZipFile(file) as archive:
            names = [
                one
                for one in archive.infolist()
                if one.filename.rpartition("/")[2] == _MEMBER
            ]
            if not names:
                raise RecognitionError(f"{path} is no export of CVAT: no {_MEMBER}")
            with archive.open(names[0]) as member:
                return _Reading(path).read(member)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        if isinstance(error, RecognitionError):
            raise
        raise RecognitionError(f"{path} is a broken ZIP archive") from None


class _Reading:
    """What was read so far of a document.

    Args:
        path: For messages.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows: list[dict[str, Any]] = []
        self.left_out: dict[str, int] = {}
        self.size: tuple[int, int] | None = None
        self._open: list[str] = []
        self._track: dict[str, str] = {}
        self._image: dict[str, str] = {}
        # The row that attributes belong to; none of a shape that is left out.
        self._row: dict[str, Any] | None = None
        self._name = ""
        self._text: list[str] = []
        self._letters = 0
        self._columns: set[str] = set()
        self._sides: dict[str, int] = {}
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._letters_read
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, file: IO[bytes]) -> "_Reading":
        """Read all of a document."""
        total = 0
        try:
            while data := file.read(_CHUNK_BYTES):
                total += len(data)
                if total > MAX_TABLE_BYTES.value:
                    raise self._fault(f"it has {MAX_TABLE_BYTES.excess} bytes")
                self._parser.Parse(data, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            words = expat.ErrorString(error.code)
            raise RecognitionError(
                f"{self._path} is no XML: {words}, line {error.lineno}"
            ) from None
        except (LookupError, ValueError) as error:
            if isinstance(error, RecognitionError):
                raise
            raise RecognitionError(
                f"{self._path} is no XML: its encoding cannot be read"
            ) from None
        return self

    def _fault(self, what: str) -> RecognitionError:
        return RecognitionError(
            f"{self._path}, line {self._parser.CurrentLineNumber}: {what}"
        )

    def _doctype(self, *_: object) -> None:
        raise self._fault("it declares a document type, which CVAT never does")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._open and tag != "annotations":
            raise self._fault("it is no CVAT XML: that begins with 'annotations'")
        if len(self._open) >= _DEEPEST:
            raise self._fault(f"it nests more than {_DEEPEST} deep")
        self._open.append(tag)
        if tag == "track":
            self._track = attributes
        elif tag == "image":
            self._image, self._track = attributes, {}
            self._note_size(attributes)
        elif tag in WITHOUT_BOX:
            self.left_out[tag] = self.left_out.get(tag, 0) + 1
        elif tag in SHAPES and self._open[-2] in {"track", "image"}:
            self._add(tag, attributes)
        elif tag == "attribute":
            self._name, self._text, self._letters = attributes.get("name", ""), [], 0
        elif tag in _SIZES and self._open[-2] == "original_size":
            self._text, self._letters = [], 0

    def _note_size(self, image: dict[str, str]) -> None:
        sides = whole(image.get("width", "")), whole(image.get("height", ""))
        if self.size is None and sides[0] and sides[1]:
            self.size = (sides[0], sides[1])

    def _add(self, tag: str, attributes: dict[str, str]) -> None:
        self._row = None
        if attributes.get("outside") == "1":
            return
        in_track = self._open[-2] == "track"
        frame = whole(attributes.get("frame") if in_track else self._image.get("id"))
        label = (self._track if in_track else attributes).get("label")
        box = box_of(tag, attributes)
        if frame is None or label is None:
            raise self._fault(f"a {tag} has no frame or no label")
        if box is None or not all(map(math.isfinite, box)):
            raise self._fault(f"a {tag} has no box of four numbers")
        if len(self.rows) >= MAX_TABLE_ROWS.value:
            raise self._fault(f"its shapes are {MAX_TABLE_ROWS.excess}")
        self._row = {
            "frame": frame,
            "label": label,
            "score": 1.0,
            **dict(zip(("x1", "y1", "x2", "y2"), box, strict=True)),
            "track_id": whole(self._track.get("id")) if in_track else None,
            "shape": tag,
            "occluded": attributes.get("occluded") == "1",
            **attributes_of(attributes),
        }
        self.rows.append(self._row)

    def _letters_read(self, text: str) -> None:
        if self._open[-1] == "attribute" or self._open[-1] in _SIZES:
            self._letters += len(text)
            if self._letters > _TEXT_LETTERS:
                raise self._fault(f"a value has more than {_TEXT_LETTERS:,} letters")
            self._text.append(text)

    def _end(self, tag: str) -> None:
        self._open.pop()
        if tag == "attribute" and self._row is not None and self._open[-1] in SHAPES:
            column = f"attribute_{self._name[:100]}"
            self._columns.add(column)
            if len(self._columns) > _ATTRIBUTES:
                raise self._fault(f"it has more than {_ATTRIBUTES} attributes")
            self._row[column] = "".join(self._text)
        elif tag in _SIZES and self._open[-1] == "original_size":
            self._sides[tag] = whole("".join(self._text)) or 0
            if len(self._sides) == len(_SIZES) and all(self._sides.values()):
                self.size = self._sides["width"], self._sides["height"]
        elif tag in SHAPES:
            self._row = None


def _scale(
    rows: list[dict[str, Any]],
    size: tuple[int, int] | None,
    source: Source,
    path: Path,
) -> None:
    """Bring boxes of a picture's size to that of the media, a proxy's to its film's.

    Raises:
        RecognitionError: They have another shape.
    """
    if size is None or size == source.size:
        return
    factors = source.size[0] / size[0], source.size[1] / size[1]
    if abs(factors[0] / factors[1] - 1) > 0.02:
        was, now = ("{}x{}".format(*one) for one in (size, source.size))
        raise RecognitionError(
            f"{path} is of pictures of {was}, and {source.path} has {now}: is it of "
            "other media?"
        )
    for row in rows:
        for name, factor in zip(("x1", "y1", "x2", "y2"), factors * 2, strict=True):
            row[name] *= factor
