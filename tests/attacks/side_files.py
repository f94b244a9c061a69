"""Hostile side files: subtitles, tables, masks, stills, animations and sounds.

Each family is one way to make a small or legal file cost minutes or gigabytes.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from attacks.campaign import Figures, attack
from attacks.fcpxml_files import FCPXML_FAMILIES, HONEST_FCPXML
from attacks.media_files import read_media
from attacks.mutations import mutated
from attacks.proof_files import HONEST_PROOF, PROOF_FAMILIES, PROOF_READERS
from attacks.run_files import HONEST_RUN_FILES, RUN_FAMILIES, read_run_file
from detections_factory import SOURCE
from PIL import Image

from timeline_nb.core.file_limits import read_limited
from timeline_nb.effects.cube import Cube
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.formats import (
    format_of_content,
    format_of_name,
    formats_of_suffix,
    read,
    write,
)
from timeline_nb.interchange.marks.exchange import import_marks
from timeline_nb.interchange.registered import Format
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest, WriteRequest
from timeline_nb.media.mask import read_mask
from timeline_nb.notebook.importing import MAX_EDIT_BYTES
from timeline_nb.recognition.exchange.cvat import read_cvat
from timeline_nb.subtitles.files import FORMATS, read_subtitles, write_subtitles
from timeline_nb.subtitles.track import lanes_of
from timeline_nb.timeline.model import Timeline

__all__ = ["FAMILIES", "faults_of_side_files", "read_side_file", "wav_header"]

# Writes a file; the number is about how many bytes of text it may have.
Family = Callable[[Path, int], Any]


def read_side_file(file: str) -> None:
    """Read a file in all the ways that its suffix allows.

    Raises:
        TimelineNbError: It is refused.
    """
    path = Path(file)
    if path.suffix in PROOF_READERS:
        PROOF_READERS[path.suffix](path)
    elif path.suffix in {".xml", ".zip"}:
        read_cvat(path, SOURCE)
    elif path.suffix in {".ipynb", ".rows", ".lines"}:
        read_run_file(path)
    elif path.suffix == ".txt":
        import_marks(path, Timeline(name="a", rate=Fraction(25), size=(64, 48)))
    elif formats := formats_of_suffix(path.suffix, "import"):
        with path.open("rb") as opened:
            head = opened.read(4096)
        read_edit(path, format_of_content(formats, head, path.name))
    elif path.suffix in FORMATS:
        found = read_subtitles(path)
        lanes_of(found.cues, Fraction(25))
        for suffix in FORMATS:
            target = path.with_name(f"written{suffix}")
            kept = found.metadata
            write_subtitles(found.cues, target, size=(64, 48), base={}, metadata=kept)
    elif path.suffix == ".cube":
        Cube.of(path).run(np.zeros((16, 16, 3), np.uint8))
    else:
        if path.suffix in {".png", ".jpg", ".gif", ".webp", ".tif"}:
            read_mask(path)
        read_media(file)


def read_edit(path: Path, own: Format) -> None:
    """Read a file of another program, and write what it holds."""
    data = read_limited(path, MAX_EDIT_BYTES, ProjectError)
    report = Report(path, own.name, "import")
    request = ReadRequest(data=data, name=path.name, path=path, report=report)
    timeline = read(own, request, {})
    assert report.to_dataframe()["outcome"].isin(["kept", "approximated", "lost"]).all()
    write(
        format_of_name("otio", "export"),
        WriteRequest(timeline=timeline, path=path, report=report),
        {},
    )


_SRT = "1\n00:00:01,000 --> 00:00:02,000\n"
_VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n"
_INFO = "[Script Info]\nPlayResX: 640\nPlayResY: 480\n\n[Events]\n"
_EVENT = "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,"
_BODIES = {"srt": _SRT, "vtt": _VTT, "ass": _INFO + _EVENT}
_MLT = (
    '<mlt><profile frame_rate_num="25" frame_rate_den="1" width="64" height="48"/>'
    '<producer id="p" out="60"><property name="mlt_service">color</property>'
    '</producer><playlist id="l">'
)
_ENTRY = '<entry producer="p"/>'
_IN_TRACK = '<track producer="l"/>'
_QTBLEND = '<property name="mlt_service">qtblend</property>'
# What is repeated in one cue, and what is once before it.
_REPEATED = {
    "open tags": ("<i>", ""),
    "open brackets": ("<", ""),
    "open names": ("<a", ""),
    "long tags": ("<a" + "b" * 398, ""),
    "tag without end": ("a", "<"),
    "open braces": ("{", ""),
    "escaped braces": ("{\\", ""),
    "brace without end": ("a", "{"),
    "changing styles": (r"{\i1}a{\i0}b", ""),
    "changing tags": ("<i>a</i>b", ""),
    "animated tags": (r"\t(", "{"),
    "animated pairs": (r"\t((a)", "{"),
    "ampersands": ("&", ""),
    "entity without end": ("a", "&"),
    "number without end": ("9", "&#"),
    "font tags": ('<font color="#ff0000">a</font>', ""),
    "spaces": (" ", ""),
    "letters": ("x", ""),
    "drawing": ("m 0 0 l 1 1 ", r"{\p1}"),
}
_TRACK = '<annotations><track id="1" label="a">'
_BOX = '<box frame="1" outside="0" occluded="0" xtl="1" ytl="2" xbr="3" ybr="4">'
_EDL = "001  A  V  C  00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"
_SCENES = (
    "Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,"
    "End Timecode,End Time (seconds)\n"
)
_SIZES = ("0", "-1", "text", "1e9", "0x10", "9" * 20, "0.5", "²", "٣", "nan", "")


def _text(text: Callable[[int], str]) -> Family:
    def write(path: Path, size: int) -> None:
        path.write_text(text(size), encoding="utf-8")

    return write


def _repeated(head: str, once: str, part: str) -> Family:
    return _text(lambda size: head + once + part * (size // len(part)) + "\n")


def _clock(number: int, point: str) -> str:
    minutes, second = divmod(number, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}000"


def _srt_cues(size: int) -> str:
    times = (f"{_clock(n, ',')} --> {_clock(n + 1, ',')}" for n in range(size // 40))
    return "".join(f"1\n{time}\nhi\n\n" for time in times)


def _vtt_cues(size: int) -> str:
    times = (f"{_clock(n, '.')} --> {_clock(n + 1, '.')}" for n in range(size // 40))
    return "WEBVTT\n\n" + "".join(f"{time}\nhi\n\n" for time in times)


def _sheet(size: int) -> str:
    rules = "".join(f"::cue(.a{n}) {{color:red}}\n" for n in range(200))
    tags = "".join(f"<c.a{n}>x</c>" for n in range(size // 13))
    return f"WEBVTT\n\nSTYLE\n{rules}\n{_VTT[8:]}{tags}\n"


def _styles(size: int) -> str:
    rows = "".join(f"Style: s{n},20\n" for n in range(size // 16))
    head = "[Script Info]\n\n[V4+ Styles]\nFormat: Name, Fontsize\n"
    return f"{head}{rows}\n[Events]\n{_EVENT}hi\n"


def _layers(size: int) -> str:
    events = (
        f"Dialogue: {n},0:00:01.00,0:00:02.00,Default,,0,0,0,,hi\n"
        for n in range(size // 60)
    )
    return _INFO + "".join(events)


def _resolution(value: str) -> Family:
    tags = rf"{{\pos({value},{value})\fs{value}}}hi"
    return _text(
        lambda _: (
            f"[Script Info]\nPlayResX: {value}\nPlayResY: {value}\n\n[V4+ Styles]\n"
            "Format: Name, Fontsize, Outline, MarginL\n"
            f"Style: Default,{value},{value},{value}\n\n[Events]\n{_EVENT}{tags}\n"
        )
    )


def _mlt(entries: str, rest: str = "") -> str:
    return f"{_MLT}{entries}</playlist>{rest}</mlt>"


def _nested_mlt(size: int, *, tracks: int = 1) -> str:
    """Tractors that each show the one before, once or several times."""
    parts = [f'{_MLT}{_ENTRY}</playlist><tractor id="t0"/>']
    for number in range(1, size // 40):
        inner = f'<track producer="t{number - 1}"/>' * tracks
        parts.append(f'<tractor id="t{number}">{inner}</tractor>')
    return "".join(parts) + "</mlt>"


def _keys_mlt(part: str) -> Family:
    head = f'<entry producer="p"><filter>{_QTBLEND}<property name="rect">'
    tail = "</property></filter></entry>"
    return _text(lambda size: _mlt(head + part * (size // len(part)) + tail))


def _guides_mlt(text: str) -> str:
    own = f'<property name="kdenlive:docproperties.guides">{text}</property>'
    return _mlt("", f'<playlist id="main_bin">{own}</playlist>')


def _laughs(_: int) -> str:
    rows = "".join(
        f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'ha'}'>" for n in range(9)
    )
    return f"<!DOCTYPE mlt [{rows}]><mlt>&l8;</mlt>"


def _sparse(head: bytes, size: int) -> Family:
    def write(path: Path, _: int) -> None:
        with path.open("wb") as file:
            file.write(head)
            file.truncate(size)

    return write


def _chunk(name: bytes, data: bytes) -> bytes:
    size, check = (
        struct.pack(">I", len(data)),
        struct.pack(">I", zlib.crc32(name + data)),
    )
    return size + name + data + check


def _png(
    size: tuple[int, int],
    *,
    before: bytes = b"",
    depth: int = 8,
    kind: int = 2,
    rows: int | None = None,
) -> Family:
    """A black picture, with chunks before that of its pixels, perhaps cut short."""

    def write(path: Path, _: int) -> None:
        width, height = size
        bits = depth * {0: 1, 2: 3, 3: 1, 6: 4}[kind]
        row = bytes(1 + (width * bits + 7) // 8)
        packer = zlib.compressobj(9)
        packed = b"".join(
            [*map(packer.compress, [row] * (rows or height)), packer.flush()]
        )
        header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
        whole = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + before
        whole += _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")
        path.write_bytes(whole)

    return write


def _text_bomb(name: bytes) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1 << 20)) for _ in range(500)]
    return _chunk(name, b"a\0\0" + b"".join([*parts, packer.flush()]))


def _gif(size: tuple[int, int], frames: int) -> Family:
    def write(path: Path, _: int) -> None:
        head = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0)
        frame = b"\x21\xf9\x04\0\1\0\0\0\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0)
        frame += b"\2\2\x44\1\0"
        path.write_bytes(head + b"\0\0\0\xff\xff\xff" + frame * frames + b";")

    return write


def _webp(size: tuple[int, int], frames: int) -> Family:
    def write(path: Path, _: int) -> None:
        held = io.BytesIO()
        small = [Image.new("RGB", (16, 16), color) for color in ("red", "blue")]
        small[0].save(held, "WEBP", save_all=True, append_images=small[1:], duration=40)
        data = held.getvalue()
        first = data.index(b"ANMF")
        last = data.rindex(b"ANMF")
        canvas = b"".join(struct.pack("<I", side - 1)[:3] for side in size)
        at = data.index(b"VP8X") + 12
        head = data[12:at] + canvas + data[at + 6 : first]
        body = head + data[first:last] * frames
        path.write_bytes(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body)

    return write


def _scans(path: Path, _: int) -> None:
    """A progressive JPEG whose last scan comes 500 times."""
    held = io.BytesIO()
    Image.new("L", (4000, 4000)).save(held, "JPEG", progressive=True)
    data = held.getvalue()
    last = data[data.rindex(b"\xff\xda") : -2]
    path.write_bytes(data[:-2] + last * 500 + data[-2:])


def wav_header(size: int, *, rate_hz: int = 48_000, channels: int = 2) -> bytes:
    """Return the header of a WAV of 16 bits, of so many bytes of samples."""
    step = 2 * channels % 65536
    form = struct.pack(
        "<IHHIIHH", 16, 1, channels, rate_hz, rate_hz * step % 2**32, step, 16
    )
    lengths = (struct.pack("<I", min(part, 2**32 - 1)) for part in (size + 36, size))
    riff, data = lengths
    return b"RIFF" + riff + b"WAVEfmt " + form + b"data" + data


def _flac(path: Path, _: int) -> None:
    """Claims 2**36 - 1 samples in STREAMINFO, and has none."""
    info = struct.pack(">HH", 4096, 4096) + bytes(6)
    info += ((44_100 << 44) | (1 << 41) | (15 << 36) | (2**36 - 1)).to_bytes(8, "big")
    path.write_bytes(b"fLaC\x80\0\0\x22" + info + bytes(16) + bytes(500_000))


_TIME = '{"OTIO_SCHEMA":"RationalTime.1","rate":25,"value":50}'
_SPAN = f'{{"OTIO_SCHEMA":"TimeRange.1","start_time":{_TIME},"duration":{_TIME}}}'
_GAP = f'{{"OTIO_SCHEMA":"Gap.1","source_range":{_SPAN}}}'
_CROSS = (
    '{"OTIO_SCHEMA":"Transition.1","transition_type":"SMPTE_Dissolve",'
    f'"in_offset":{_TIME},"out_offset":{_TIME}}}'
)
_CLIP = (
    f'{{"OTIO_SCHEMA":"Clip.2","name":"a","source_range":{_SPAN},"effects":['
    '{"OTIO_SCHEMA":"LinearTimeWarp.1","time_scalar":2.0}],"markers":['
    f'{{"OTIO_SCHEMA":"Marker.2","color":"RED","marked_range":{_SPAN}}}],'
    '"media_references":{"DEFAULT_MEDIA":{"OTIO_SCHEMA":"ExternalReference.1",'
    f'"target_url":"file:///a.mov","available_range":{_SPAN}}}}}}}'
)
_OTIO = (
    '{"OTIO_SCHEMA":"Timeline.1","name":"a","tracks":{"OTIO_SCHEMA":"Stack.1",'
    '"children":[{"OTIO_SCHEMA":"Track.1","kind":"Video","children":[%s]}]}}'
)


FAMILIES: dict[str, tuple[str, Family]] = {
    **{
        f"{kind}: {name}": (kind, _repeated(head, once, part))
        for name, (part, once) in _REPEATED.items()
        for kind, head in _BODIES.items()
    },
    **{f"ass: size {value}": ("ass", _resolution(value)) for value in _SIZES},
    "srt: settings": (
        "srt",
        _text(lambda _: f"{_SRT[:-1]} a:{'bbb:' * 38}!\nx\n"),
    ),
    "srt: rows": ("srt", _text(lambda size: "\n" * size)),
    "srt: rows of spaces": ("srt", _repeated("", "", " " * 159 + "\n")),
    "srt: cues": ("srt", _text(_srt_cues)),
    "srt: cues at once": ("srt", _repeated("", "", _SRT + "hi\n\n")),
    "srt: late": ("srt", _text(lambda _: f"{'9' * 30}:00:00,0 --> 1:00:00,0\nhi\n")),
    "srt: latin": ("srt", lambda p, n: p.write_bytes(_SRT.encode() + b"\xe9" * n)),
    "srt: bytes": (
        "srt",
        lambda p, n: p.write_bytes(
            _SRT.encode() + random.Random(n).randbytes(n).translate(bytes(range(256)))
        ),
    ),
    "vtt: cues": ("vtt", _text(_vtt_cues)),
    "vtt: arrows": ("vtt", _repeated("WEBVTT\n\n", "", "-->\n\n")),
    "vtt: digits": ("vtt", _text(lambda n: f"WEBVTT\n\n{'1' * n} --> {'1' * n}\nhi")),
    "vtt: selector": (
        "vtt",
        _text(lambda _: f"WEBVTT\n\nSTYLE\n::cue([voice={' ' * 49_000}x{{color:red}}"),
    ),
    "vtt: classes": ("vtt", _text(_sheet)),
    "vtt: settings": ("vtt", _repeated(_VTT[:-1], " ", "line:0 ")),
    "ass: events": ("ass", _repeated(_INFO, "", _EVENT + "hi\n")),
    "ass: drawings": ("ass", _repeated(_INFO, "", _EVENT + "{\\p1}m 0 0\n")),
    "ass: layers": ("ass", _text(_layers)),
    "ass: styles": ("ass", _text(_styles)),
    "ass: columns": ("ass", _repeated("[Events]\nFormat: ", "", "a,")),
    "csv: scenes": ("csv", _repeated(_SCENES, "", "1,1,0:0,0.0,2,0:0,0.1,1,0:0,0.1\n")),
    "csv: rows": ("csv", _repeated("path,start,end\n", "", "a.mp4,1,2\n")),
    "csv: cells": ("csv", _repeated("path,start,end\n", "a.mp4,", "1")),
    "csv: items": (
        "csv",
        _repeated("track,kind,type,rest,duration\n", "", "V1,video,gap,{},1\n"),
    ),
    "csv: rest": ("csv", _repeated("track,kind,type,rest\n", "V1,video,clip,", "[")),
    "ale: clips": (
        "ale",
        _repeated(
            "Heading\nFPS\t25\nColumn\nName\tStart\tEnd\nData\n",
            "",
            "a\t00:00:00:00\t00:00:01:00\n",
        ),
    ),
    "ale: columns": ("ale", _repeated("Column\n", "", "a\t")),
    "csv: columns": ("csv", _repeated("Scene Number", "", ",a")),
    "v3: lists": ("v3", _repeated('{"version":', "", "[")),
    "v3: clips": ("v3", _repeated('{"version":"3","v":[[', "", '{"src":"a"},')),
    "edl: events": ("edl", _repeated("", "", _EDL)),
    "edl: motions": ("edl", _repeated(_EDL, "", "M2 A 25.0 00:00:00:00\n")),
    "edl: remarks": ("edl", _repeated(_EDL, "", "* TIMELINE_NB id=a\n")),
    "edl: words": ("edl", _repeated(_EDL, "", "1 ")),
    "edl: names": ("edl", _repeated(_EDL, "* FROM CLIP NAME:", "x")),
    "edl: files": ("edl", _repeated(f"{_EDL}* TIMELINE_NB over=", "", "a.edl,")),
    "txt: labels": ("txt", _repeated("", "", "1.0\t2.0\tx\n")),
    "txt: chapters": ("txt", _repeated("", "", "0:01 x\n")),
    "txt: times": ("txt", _repeated("name,start\n", "a,", "9")),
    "txt: quotes": ("txt", _repeated('name,start\n"', "", '""')),
    "txt: cells": ("txt", _repeated("name,start\n", "a,1", ",")),
    "txt: escapes": ("txt", _repeated(";FFMETADATA1\n[CHAPTER]\n", "a=", "\\\n")),
    "txt: sections": ("txt", _repeated(";FFMETADATA1\n", "", "[CHAPTER]\n")),
    "txt: locators": ("txt", _repeated("", "", "* LOC: 00:00:00:01 RED x\n")),
    "txt: spaces": ("txt", _repeated("* LOC: 00:00:00:01", "", " ")),
    "xml: open tags": ("xml", _repeated("<annotations>", "", "<a>")),
    "xml: boxes": ("xml", _repeated(_TRACK, "", f"{_BOX}</box>")),
    "xml: points": ("xml", _repeated(f'{_TRACK}<polygon frame="1" points="', "", ";")),
    "xml: value": ("xml", _repeated(_TRACK + _BOX, '<attribute name="a">', "x")),
    "xml: attributes": (
        "xml",
        _repeated(_TRACK, "", _BOX + '<attribute name="a">x</attribute></box>'),
    ),
    "xml: empty tags": ("xml", _repeated("<annotations>", "", "<tag/>")),
    "xml: sparse": ("xml", _sparse(b"<annotations>", 3 << 30)),
    "otio: nested": (
        "otio",
        _repeated("", "", '{"OTIO_SCHEMA":"Stack.1","children":['),
    ),
    "otio: lists": ("otio", _repeated('{"OTIO_SCHEMA":"Stack.1","x":', "", "[")),
    "otio: objects": ("otio", _text(lambda n: _OTIO % ("{}," * (n // 3) + "{}"))),
    "otio: gaps": ("otio", _text(lambda n: _OTIO % ",".join([_GAP] * (n // 300)))),
    "otio: transitions": (
        "otio",
        _text(lambda n: _OTIO % ",".join([_CROSS] * (n // 200))),
    ),
    "otio: names": ("otio", _text(lambda n: _OTIO % ('{"name":"%s"}' % ("a" * n)))),
    "otio: 2**70": ("otio", _text(lambda _: _OTIO % _GAP.replace("50", str(2**70)))),
    "otio: digits": ("otio", _text(lambda n: _OTIO % _GAP.replace("50", "9" * n))),
    "otio: exponent": ("otio", _text(lambda _: _OTIO % _GAP.replace("50", "1e308"))),
    "otio: rate": ("otio", _text(lambda _: _OTIO % _GAP.replace("25", "1e-4"))),
    "otio: bytes": ("otio", lambda p, n: p.write_bytes(random.Random(n).randbytes(n))),
    "otio: sparse": ("otio", _sparse(b"{", 3 << 30)),
    "mlt: entries": ("mlt", _text(lambda n: _mlt(_ENTRY * (n // 24)))),
    "mlt: tracks": (
        "mlt",
        _text(lambda n: _mlt("", f"<tractor>{_IN_TRACK * (n // 21)}</tractor>")),
    ),
    "mlt: nested": ("mlt", _text(_nested_mlt)),
    "mlt: doubled": ("mlt", _text(lambda _: _nested_mlt(2_000, tracks=8))),
    "mlt: itself": ("mlt", _text(lambda _: _mlt(_ENTRY.replace('"p"', '"l"')))),
    "mlt: properties": (
        "mlt",
        _text(lambda n: _mlt(f"{_ENTRY}{'<property/>' * (n // 11)}")),
    ),
    "mlt: keys": ("mlt", _keys_mlt("0=1;")),
    "mlt: key": ("mlt", _keys_mlt("9")),
    "mlt: clocks": ("mlt", _keys_mlt("0:")),
    "mlt: markers": ("mlt", _text(lambda n: _guides_mlt("[" * n))),
    "mlt: 2**70": ("mlt", _text(lambda _: _mlt(_ENTRY).replace("60", str(2**70)))),
    "mlt: rate": ("mlt", _text(lambda _: _mlt(_ENTRY).replace('num="25', 'num="0'))),
    "mlt: laughs": ("mlt", _text(_laughs)),
    "mlt: sparse": ("mlt", _sparse(b"<mlt>", 3 << 30)),
    "cube: sparse": ("cube", _sparse(b"LUT_3D_SIZE 2\n", 4 << 30)),
    "cube: zeros": ("cube", _sparse(b"LUT_3D_SIZE 2\n", 64 << 20)),
    "cube: row": ("cube", _repeated("LUT_3D_SIZE 2\n", "", "0.1 ")),
    "cube: rows": ("cube", _repeated("LUT_3D_SIZE 2\n", "", "0 0 0\n")),
    "cube: blank rows": ("cube", _repeated("", "", "\n")),
    "cube: title": ("cube", _repeated("TITLE ", "", "a")),
    "cube: size": ("cube", _text(lambda _: f"LUT_3D_SIZE {'9' * 5000}\n0 0 0\n")),
    "cube: negative": ("cube", _text(lambda _: "LUT_3D_SIZE -2\n" + "0 0 0\n" * 8)),
    "cube: domain": (
        "cube",
        _text(lambda _: "LUT_3D_SIZE 2\nDOMAIN_MAX a\n" + "0 0 0\n" * 8),
    ),
    "cube: folder": ("cube", lambda p, _: p.mkdir()),
    "png: pixels": ("png", _png((100_000, 10))),
    "png: empty chunks": ("png", _png((8, 8), before=_chunk(b"IDAT", b"") * 400_000)),
    "png: texts": ("png", _png((8, 8), before=_chunk(b"tEXt", b"a\0b") * 400_000)),
    "png: text bomb": ("png", _png((8, 8), before=_text_bomb(b"zTXt"))),
    "png: profile bomb": ("png", _png((8, 8), before=_text_bomb(b"iCCP"))),
    "png: 16 bits": ("png", _png((11_500, 11_500), depth=16, kind=6, rows=500)),
    "gif: frames": ("gif", _gif((320, 240), 100_000)),
    "gif: large frames": ("gif", _gif((11_000, 11_000), 3)),
    "webp: frames": ("webp", _webp((64, 64), 100_000)),
    "webp: large frames": ("webp", _webp((11_000, 11_000), 50)),
    "jpg: scans": ("jpg", _scans),
    "flac: samples": ("flac", _flac),
    "wav: sparse": ("wav", _sparse(wav_header(4 << 30), 4 << 30)),
    "wav: short": ("wav", _sparse(wav_header(4 << 30), 1044)),
    "wav: 1 Hz": ("wav", _sparse(wav_header(100_000, rate_hz=1), 100_044)),
    "wav: 65,535 channels": ("wav", _sparse(wav_header(10**6, channels=65_535), 10**6)),
    **FCPXML_FAMILIES,
    **PROOF_FAMILIES,
    **RUN_FAMILIES,
    "mp4: comments": ("mp4", _repeated("", "", "<!---->")),
}


def faults_of_side_files(
    count: int, seed: int, *, size: int = 32_000_000, limit_s: float = 10.0
) -> Figures:
    """Read every family once, then mutations of honest files up to `count` files.

    Args:
        count: How many files.
        seed: Of the mutations.
        size: About how many bytes of text the families have that repeat something.
        limit_s: A file that takes longer counts as a hang.
    """
    with TemporaryDirectory() as name:
        files = _files(Path(name), count, seed, size)
        return attack(read_side_file, files, limit_s=limit_s)


def _files(folder: Path, count: int, seed: int, size: int) -> Iterator[str]:
    for number, (suffix, make) in enumerate(list(FAMILIES.values())[:count]):
        path = folder / f"family{number}.{suffix}"
        make(path, size)
        yield str(path)
        _remove(path)
    honest = _honest()
    for number in range(len(FAMILIES), count):
        chance = random.Random(f"{seed} {number}")
        suffix = chance.choice(list(honest))
        path = folder / f"{number}.{suffix}"
        path.write_bytes(mutated(honest[suffix], chance))
        yield str(path)
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink()


def _bundle(edit: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("version.txt", "1.0.0")
        archive.writestr("content.otio", edit)
        archive.writestr("media/a.mp4", bytes(1000))
    return held.getvalue()


def _honest() -> dict[str, bytes]:
    """Return a small file of each kind."""
    pictures = {}
    moving = [Image.new("RGB", (16, 16), color) for color in ("red", "lime", "blue")]
    for suffix in ("png", "gif", "webp", "tif", "jpg", "avif"):
        held = io.BytesIO()
        kind = {"tif": "TIFF", "jpg": "JPEG"}.get(suffix, suffix.upper())
        more = {} if suffix == "jpg" else {"save_all": True, "append_images": moving}
        moving[0].save(held, kind, **more)
        pictures[suffix] = held.getvalue()
    steps = [
        f"{r / 2} {g / 2} {b / 2}" for b in range(3) for g in range(3) for r in range(3)
    ]
    table = "\n".join(['TITLE "a"', "LUT_3D_SIZE 3", *steps]).encode()
    text = r"{\an8\pos(10,20)}<b>Hi</b> <font color='#f00'>you</font> &amp; {\i1}me"
    words = f"{_VTT}<v Ann><c.red>Hi</c> <00:00:01.500>you &amp; me\n"
    return {
        **pictures,
        **HONEST_PROOF,
        "cube": table,
        "csv": f"{_SCENES}1,1,0:0,0.0,2,0:0,0.1,1,0:0,0.1\n".encode(),
        "ale": b"Heading\nFPS\t25\nColumn\nName\tStart\tEnd\nData\n"
        b"a\t00:00:00:00\t00:00:01:00\n",
        "v3": b'{"version":"3","timebase":"25/1","v":[[{"src":"a","start":0,"dur":5,'
        b'"offset":3,"effects":["speed:2","volume:0.5"]}]],"a":[]}',
        "otio": (_OTIO % f"{_CLIP},{_CROSS},{_CLIP},{_GAP}").encode(),
        "otioz": _bundle((_OTIO % f"{_CLIP},{_GAP}").encode()),
        "edl": f"TITLE: a\n{_EDL}M2 A 012.5 00:00:00:00\n* FROM CLIP NAME: a\n{_EDL}"
        "* TIMELINE_NB id=c1 speed=1/3 dissolve=1+2\n"
        "* LOC: 01:00:00:02 RED x\n".encode(),
        "fcpxml": HONEST_FCPXML,
        **HONEST_RUN_FILES,
        "txt": b'name,start,end,color,note\na,1,2,red,x\n"b",0:01,00:00:04:12,#f00,\n',
        "xml": f"{_TRACK}{_BOX}<attribute name='c'>red</attribute></box>"
        "<polygon frame='2' points='1,2;3,4;5,1'/></track></annotations>".encode(),
        "mlt": _mlt(
            f'<blank length="00:00:01.000"/>{_ENTRY}<entry producer="p" in="1" out="9">'
            f'<filter in="1">{_QTBLEND}<property name="rect">0=0 0 32 24 1;5=1 2 3 4 1'
            "</property></filter></entry>",
            f'<tractor id="t">{_IN_TRACK}{_IN_TRACK}<transition out="9"/></tractor>',
        ).encode(),
        "wav": wav_header(4000) + bytes(4000),
        "srt": "".join(f"{_SRT}{text}\n\n" for _ in range(5)).encode(),
        "vtt": words.replace(
            "WEBVTT\n", "WEBVTT\n\nSTYLE\n::cue(.red) {color:red}\n"
        ).encode(),
        "ass": (_styles(64) + f"{_EVENT}{text}\n" * 3).encode(),
    }
