"""Files with a mark in every word: what readers say of them must not repeat the mark.

`quotes(count, seed)` feeds each reader whole foreign files (secrets, lists of
variables, JSON), and files of its own format in which one word is the mark.
"""

import io
import json
import logging
import random
import re
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from attacks.campaign import Figures
from attacks.projects import originals
from detections_factory import SOURCE, found
from PIL import Image

from timeline_nb.effects.cube import Cube
from timeline_nb.effects.titles.fonts import find_face
from timeline_nb.errors import TimelineNbError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.mask import read_mask
from timeline_nb.project.document import load
from timeline_nb.recognition.corrections import Correction, Corrections
from timeline_nb.recognition.exchange.coco import read_coco, write_coco
from timeline_nb.recognition.exchange.files import read_detections, write_detections
from timeline_nb.recognition.exchange.mot import read_mot, write_mot
from timeline_nb.recognition.exchange.yolo import read_yolo, write_yolo
from timeline_nb.recognition.models.card import read_card
from timeline_nb.recognition.models.registry import ModelRegistry
from timeline_nb.subtitles.files import read_subtitles

__all__ = ["MARK", "READERS", "quotes", "said_by"]

# Short, so that a message which is cut still has it whole.
MARK: Final = "zq7Xk"
_LONG: Final = MARK * 30
_WORD: Final = re.compile(r"\w+")


def _foreign() -> Iterator[str]:
    """Yield files that people keep secret, with the mark on every line."""
    yield f"{MARK}\n" * 5
    yield f"{_LONG}\n"
    yield f"AWS_SECRET_ACCESS_KEY={MARK}\n{MARK}=1\nexport {MARK}='{MARK}'\n"
    yield f"HOME=/home/{MARK}\0TOKEN={MARK}\0{MARK}=x\0"
    yield f"root:{MARK}:0:0:{MARK}:/root:/bin/{MARK}\n"
    yield f"-----BEGIN PRIVATE KEY-----\n{_LONG}\n-----END PRIVATE KEY-----\n"
    yield json.dumps({MARK: MARK, "installed": {"client_secret": MARK}})
    yield json.dumps([MARK, {MARK: [MARK]}])
    yield f'{{"format": "{MARK}", "version": "{MARK}"}}'
    yield f"{MARK},{MARK}\n1,{MARK}\n{MARK},2\n"
    yield f"[{MARK}]\n{MARK} = {MARK}\n"
    yield f"1 2 3\n4 5 {MARK}\n"
    yield f"#EXTM3U\n#EXTINF:1,{MARK}\n{MARK}.ts\n"
    yield f"ffconcat version 1.0\nfile {MARK}\n"
    yield f'<?xml version="1.0"?><MPD {MARK}="{MARK}">{MARK}</MPD>\n'


@dataclass(frozen=True)
class Reader:
    """A reader, and files of its format.

    Args:
        suffix: Of its files.
        read: Reads a file; what it returns is searched for the mark, too.
        own: Returns texts of the format, whose words are replaced in turn.
    """

    suffix: str
    read: Callable[[Path], Any]
    own: Callable[[], tuple[str, ...]] = tuple


_CUBE = (
    'TITLE "a"\nLUT_3D_SIZE 2\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 1\n'
    "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n"
)
_SRT = "1\n00:00:01,000 --> 00:00:02,000\n<i>one</i> &amp; two\n\n2\nrest\n"
_VTT = (
    "WEBVTT\n\nSTYLE\n::cue(.a) {color:red}\n\nREGION\nid:fred\nwidth:40%\n\n"
    "first\n00:00:01.000 --> 00:00:02.000 region:fred line:0 position:10% align:start\n"
    "<c.a>one</c> two\n"
)
_ASS = (
    "[Script Info]\nPlayResX: 640\nPlayResY: 480\nScriptType: v4.00+\n\n"
    "[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, Bold\n"
    "Style: Default,Arial,20,&H00FFFFFF,0\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,Default,{\\b1\\fs20}one two\n"
)


def _read_captions(path: Path) -> list[str]:
    return [fault.message for fault in read_subtitles(path).faults]


def _table() -> Any:
    return found([(10, 1, 0.5), (10, 0, 0.75), (20, 2, 0.25)]).to_dataframe()


def _written(name: str, write: Callable[[Any, Path], object]) -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(_table(), path)
        files = [path] if path.is_file() else sorted(path.iterdir())
        return tuple(file.read_text(encoding="utf-8") for file in files)


def _in_folder(name: str, read: Callable[[Path], Any]) -> Callable[[Path], Any]:
    """Return a reader of a folder in which the file has a name."""

    def read_it(path: Path) -> Any:
        folder = path.parent / "folder"
        folder.mkdir(exist_ok=True)
        for other in folder.iterdir():
            other.unlink()
        (folder / "classes.txt").write_text("car\ndog\nperson\n")
        (folder / name).write_bytes(path.read_bytes())
        return read(folder)

    return read_it


def _read_beside(path: Path) -> Any:
    """Read a sound table whose file of facts is the one given."""
    table = path.with_name("table.csv")
    _table().to_csv(table, index=False)
    table.with_name("table.csv.film.json").write_bytes(path.read_bytes())
    read_detections(table)


def _projects() -> tuple[str, ...]:
    return tuple(data.decode() for data in originals())


def _entry(path: Path) -> None:
    ModelRegistry(path.parent).entries()


def _facts() -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        write_detections(_table(), path)
        return (path.with_name("a.csv.film.json").read_text(encoding="utf-8"),)


def _layer() -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        made = Correction(row=1, op="change", label="cat", box=(1, 2, 3, 4))
        Corrections((made,)).save(path)
        return (path.read_text(encoding="utf-8"),)


def _png() -> tuple[str, ...]:
    held = io.BytesIO()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(held, "PNG")
    return (held.getvalue().decode("latin-1"),)


def _probe(path: Path) -> None:
    MediaLibrary(path.parent / "cache").probe(path)


def _csv() -> tuple[str, ...]:
    return _written("a.csv", write_detections)[:1]


READERS: Final[dict[str, Reader]] = {
    "cube": Reader(".cube", lambda path: _none(Cube.of(path)), lambda: (_CUBE,)),
    "srt": Reader(".srt", _read_captions, lambda: (_SRT,)),
    "vtt": Reader(".vtt", _read_captions, lambda: (_VTT,)),
    "ass": Reader(".ass", _read_captions, lambda: (_ASS,)),
    "ssa": Reader(".ssa", _read_captions, lambda: (_ASS,)),
    "project": Reader(".tlp", lambda path: _none(load(path)), _projects),
    "table": Reader(".csv", lambda p: _none(read_detections(p, SOURCE)), _csv),
    "parquet": Reader(".parquet", lambda p: _none(read_detections(p, SOURCE))),
    "facts": Reader(".json", _read_beside, _facts),
    "coco": Reader(
        ".json",
        lambda path: _none(read_coco(path, SOURCE)),
        lambda: _written("a.json", write_coco),
    ),
    "mot": Reader(
        ".txt",
        lambda path: _none(read_mot(path, SOURCE)),
        lambda: _written("a.txt", write_mot),
    ),
    "yolo": Reader(
        ".txt",
        _in_folder("a_000001.txt", lambda path: _none(read_yolo(path, SOURCE))),
        lambda: _written("a", write_yolo)[1:],
    ),
    "corrections": Reader(".json", lambda p: _none(Corrections.load(p)), _layer),
    "mask": Reader(".png", lambda path: _none(read_mask(path)), _png),
    "font": Reader(".ttf", lambda path: _none(find_face(str(path)))),
    "model": Reader(".onnx", lambda p: _none(read_card(p.read_bytes(), p.name))),
    "model entry": Reader(".json", _entry),
    "film": Reader(".mp4", _probe),
    "playlist": Reader(".m3u8", _probe),
    "picture": Reader(".png", _probe, _png),
    "sound": Reader(".wav", _probe),
}


def _none(_: object) -> None:
    return None


def _files_of(reader: Reader, draw: random.Random, count: int) -> Iterator[str]:
    """Yield foreign files, and `count` of the reader's own with the mark in a word."""
    yield from _foreign()
    own = reader.own()
    places = [
        (text, match) for text in own for match in _WORD.finditer(text) if match[0]
    ]
    for text, match in draw.sample(places, min(count, len(places))):
        mark = draw.choice((MARK, _LONG))
        yield text[: match.start()] + mark + text[match.end() :]
    for text in own:
        with suppress(ValueError):
            yield from _values_marked(json.loads(text), draw, count // len(own))
        yield text.replace("\n", f" {MARK}\n")
        yield f"{text}\n{MARK} {MARK}\n"


def _values_marked(document: Any, draw: random.Random, count: int) -> Iterator[str]:
    """Yield a JSON document with one value or one name replaced by the mark."""
    marks = (MARK, _LONG, [MARK], {MARK: MARK}, [[MARK, MARK]], f"1/{MARK}")
    for _ in range(count):
        changed = json.loads(json.dumps(document))
        holder, key = draw.choice(list(_places(changed)))
        if isinstance(holder, dict) and draw.random() < 0.3:
            holder[MARK] = holder.pop(key)
        else:
            holder[key] = draw.choice(marks)
        yield json.dumps(changed)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = range(len(value)) if isinstance(value, list) else list(value)
    for key in keys:
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])


class _Heard(logging.Handler):
    """Keeps what is logged, at every level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def said_by(read: Callable[[], Any]) -> tuple[str, str]:
    """Call a reader; return all that it says, and the class of its foreign error.

    That is its result, the error with those it came from, as a traceback prints them,
    warnings, and logs down to DEBUG.
    """
    heard, root = _Heard(), logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    said, strange = [], ""
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                said.append(str(read() or ""))
            except Exception as error:  # noqa: BLE001 - whatever it is is searched
                said += traceback.format_exception(error)
                strange = "" if isinstance(error, TimelineNbError) else repr(error)
        said += [str(one.message) for one in warned]
    finally:
        root.removeHandler(heard)
        root.setLevel(level)
    return "\n".join([*said, *heard.lines]), strange


def quotes(count: int, seed: int, names: tuple[str, ...] = ()) -> Figures:
    """Feed files with the mark to readers; a fault is a message that repeats it.

    Args:
        count: Files of its own format that each reader is fed, beside foreign ones.
        seed: Of what is drawn.
        names: Of the readers; all if empty.
    """
    draw, figures = random.Random(seed), Figures()
    for name in names or READERS:
        reader = READERS[name]
        for text in _files_of(reader, draw, count):
            with TemporaryDirectory() as folder:
                path = Path(folder) / f"file{reader.suffix}"
                coding = "latin-1" if reader.own is _png else "utf-8"
                path.write_bytes(text.encode(coding, errors="replace"))
                said, strange = said_by(partial(reader.read, path))
            figures.inputs += 1
            figures.refused += bool(said)
            figures.accepted += not said
            if MARK in said:
                around = max(0, said.index(MARK) - 200)
                figures.faults.append(f"{name}: {said[around:][:400]}")
            elif strange:
                figures.faults.append(f"{name}: foreign error {strange[:200]}")
    return figures
