"""Edits of PySceneDetect and auto-editor, as these write them."""

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from own_time import at_once
from scenedetect import FrameTimecode
from scenedetect.output import write_scene_list, write_scene_list_edl

from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.interchange.formats import format_of_content, formats_of_suffix, read
from timeline_nb.interchange.registered import FORMATS
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import FoundMedia, ReadRequest
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    MediaReference,
    Timeline,
    Transition,
)
from timeline_nb.timeline.speed import speed_of

NTSC: Final = Fraction(30000, 1001)
CUTS: Final = (0, 37, 106, 431, 500)


def media(rate: Fraction = NTSC, *, has_audio: bool = True) -> Callable[..., Any]:
    """Return a finder to which every name but `missing...` is a film of a minute."""

    def find(path: str) -> FoundMedia:
        if path.startswith("missing"):
            return FoundMedia(MediaReference(path=path))
        found = MediaReference(
            path=f"{Path(path).stem}.mp4",
            fingerprint="f",
            rate=rate,
            size=(64, 48),
            has_audio=has_audio,
            available_range=TimeRange(Fraction(0), Fraction(60)),
        )
        return FoundMedia(found, is_there=True)

    return find


def load(
    data: bytes, name: str, find: Callable[..., Any] | None = None, **args: Any
) -> tuple[Timeline, Report]:
    suffix = Path(name).suffix
    own = format_of_content(formats_of_suffix(suffix, "import"), data, name)
    report = Report(Path(name), own.name, "import")
    request = ReadRequest(
        data=data, name=name, path=Path(name), report=report, find=find or media()
    )
    return read(own, request, args), report


def frames(timeline: Timeline, track: int = 0) -> list[tuple[Any, ...]]:
    rate, rows = timeline.rate, list[tuple[Any, ...]]()
    for item in timeline.tracks[track].items:
        if isinstance(item, Clip):
            span, own = item.source_range, speed_of(item)
            first = own.media_time(span.start) if own else span.start
            row = (first * rate, span.duration * rate)
            rows.append((*row, own.rate) if own else row)
        elif isinstance(item, Transition):
            rows.append(("dissolve", item.in_offset * rate, item.out_offset * rate))
        elif isinstance(item, Gap):
            rows.append(("gap", item.duration * rate))
    return rows


def scenes(rate: Fraction) -> list[tuple[FrameTimecode, FrameTimecode]]:
    codes = [FrameTimecode(cut, fps=rate) for cut in CUTS]
    return list(pairwise(codes))


@pytest.mark.parametrize("rate", [NTSC, Fraction(25), Fraction(24000, 1001)])
@pytest.mark.parametrize("with_cuts", [True, False])
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_list_of_pyscenedetect_cuts_at_its_frames(
    tmp_path: Path, rate: Fraction, separator: str, *, with_cuts: bool
) -> None:
    path = tmp_path / "film-Scenes.csv"
    write_scene_list(path, scenes(rate), with_cuts, col_separator=separator)
    found, report = load(path.read_bytes(), path.name, media(rate))
    assert found.rate == rate
    expected = [(start, end - start) for start, end in pairwise(CUTS)]
    assert frames(found) == expected
    assert frames(found, 1) == expected
    clip = found.tracks[0].items[1]
    assert isinstance(clip, Clip)
    assert (clip.name, clip.media.path) == ("Scene 2", "film.mp4")
    assert report.is_exact


def test_the_rate_of_missing_media_is_that_of_frames_and_seconds(
    tmp_path: Path,
) -> None:
    path = tmp_path / "missing-Scenes.csv"
    write_scene_list(path, scenes(NTSC))
    found, report = load(path.read_bytes(), path.name)
    assert found.rate == NTSC
    assert [row[1] for row in frames(found)] == [37, 69, 325, 69]
    assert len(report.approximated) == 1


def test_an_edl_of_pyscenedetect_is_read(tmp_path: Path) -> None:
    path = tmp_path / "film.edl"
    write_scene_list_edl(path, scenes(Fraction(25)))
    found, report = load(path.read_bytes(), path.name, rate=25)
    # It counts frames by floats, of which it cuts off the end: 431 became 430.
    lengths = [row[1] for row in frames(found)]
    assert sum(lengths) == 500
    assert all(abs(a - b) <= 1 for a, b in zip(lengths, [37, 69, 325, 69], strict=True))
    assert not report.lost


def test_a_broken_scene_names_its_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "film-Scenes.csv"
    write_scene_list(path, scenes(NTSC))
    text = path.read_text().replace(",432,", ",soon,")
    with pytest.raises(ProjectError, match="row 6, column 'start frame': 'soon'"):
        load(text.encode(), path.name)


# As auto-editor's documentation has them.
FIRST: Final[dict[str, Any]] = {
    "version": "1",
    "source": "example.mp4",
    "timebase": "30/1",
    "chunks": [[0, 26, 1], [26, 34, 0], [34, 396, 2], [396, 410, 99999]],
}
SECOND: Final[dict[str, Any]] = {
    "version": "2",
    "source": "example.mp4",
    "tb": "30/1",
    "effects": [[], ["speed:2.0", "zoom:2"], ["cut"]],
    "clips": [[0, 26, 0], [34, 396, 1], [400, 410, 2]],
}
_CLIP: Final[dict[str, Any]] = {"src": "example.mp4", "offset": 0, "stream": 0}
THIRD: Final[dict[str, Any]] = {
    "version": "3",
    "timebase": "30/1",
    "background": "#000",
    "resolution": [1280, 720],
    "samplerate": 44100,
    "layout": "stereo",
    "langs": ["eng", "eng"],
    "v": [
        [
            _CLIP | {"start": 0, "dur": 26},
            # 34 frames of what is sped up are 68 of the source.
            _CLIP | {"start": 26, "dur": 100, "offset": 34, "effects": ["speed:2.0"]},
        ],
        [_CLIP | {"src": "logo.png", "start": 10, "dur": 20, "effects": ["pos:4:4"]}],
    ],
    "a": [
        [
            _CLIP | {"start": 0, "dur": 26, "effects": ["volume:0.5"]},
            _CLIP | {"start": 26, "dur": 100, "offset": 34, "effects": ["speed:2.0"]},
        ]
    ],
    "transitions": {
        "v": [[{"kind": "dissolve", "at": 26, "dur": 8, "alignment": "center"}], []],
        "a": [[]],
    },
}


def test_version_1_of_auto_editor_leaves_out_what_is_cut() -> None:
    found, report = load(json.dumps(FIRST).encode(), "example.v1")
    assert found.rate == 30
    assert frames(found) == [(0, 26), (34, 181, 2)]
    assert frames(found, 1) == frames(found)
    assert report.is_exact


def test_version_2_of_auto_editor_has_actions_by_number() -> None:
    found, report = load(json.dumps(SECOND).encode(), "example.v2")
    assert frames(found) == [(0, 26), (34, 181, 2)]
    assert [one.what for one in report.lost] == ["the action 'zoom'"]


def test_version_3_of_auto_editor_has_layers_and_transitions() -> None:
    found, report = load(json.dumps(THIRD).encode(), "example.v3")
    assert (found.size, found.sample_rate_hz) == ((1280, 720), 44_100)
    assert frames(found) == [(0, 26), ("dissolve", 4, 4), (68, 100, 2)]
    assert frames(found, 1) == [("gap", 10), (0, 20)]
    assert frames(found, 2) == [(0, 26), (68, 100, 2)]
    sound = found.tracks[2].items[0]
    assert isinstance(sound, Clip)
    # Half the amplitude are 20 * log10(0.5) dB.
    assert sound.gain_db == pytest.approx(-6.0206)
    assert sound.link == found.tracks[0].items[0].link  # type: ignore[union-attr]
    assert [one.what for one in report.lost] == ["the action 'pos'"]


FAULTS: Final[dict[str, Any]] = {
    "no list": {"chunks": 5},
    "no chunk": {"chunks": [[0, 5]]},
    "backwards": {"chunks": [[5, 4, 1]]},
    "large": {"chunks": [[0, 2**70, 1]]},
    "half": {"chunks": [[0, 2.5, 1]]},
    "text": {"chunks": [["0", 2, 1]]},
    "truth": {"chunks": [[True, 2, 1]]},
    "rate": {"timebase": "1/0"},
    "long rate": {"timebase": "9" * 5000},
    "no media": {"source": 5},
    "version": {"version": "4"},
    "third without": {"version": "3"},
    "third of text": {"version": "3", "v": "x"},
    "third size": {"version": "3", "v": [[]], "resolution": [0, 0]},
    "third clip": {"version": "3", "v": [[5]]},
    "third actions": {"version": "3", "v": [[_CLIP | {"effects": 7}]]},
    "third joints": {
        "version": "3",
        "v": [[_CLIP | {"start": 0, "dur": 5}]],
        "transitions": {"v": [[{"at": 2}]]},
    },
}


@pytest.mark.parametrize("name", list(FAULTS))
def test_a_wrong_timeline_of_auto_editor_is_refused_by_name(name: str) -> None:
    data = json.dumps(FIRST | FAULTS[name]).encode()
    with pytest.raises(ProjectError, match=r"example\.v1"):
        load(data, "example.v1")


HOSTILE: Final = {
    "empty": b"",
    "deep": b'{"version":' + b"[" * 100_000,
    "huge": b'{"version":"1","chunks":[[0,' + b"9" * 100_000 + b",1]]}",
    "binary": bytes(range(256)) * 99,
    "cut off": json.dumps(FIRST).encode()[:60],
    "rows": b"Scene Number,Start Frame\n" + b"1,2\n" * 200_000,
    "quotes": b'Scene Number,Start Frame\n"' + b'""' * 40_000,
    "columns": b"Scene Number" + b"," * 90_000 + b"\n1\n",
}


@pytest.mark.parametrize("name", list(HOSTILE))
@pytest.mark.parametrize("suffix", [".v3", ".csv"])
def test_a_hostile_file_is_refused_at_once(name: str, suffix: str) -> None:
    own = next(one for one in FORMATS if suffix in one.suffixes)
    own = next((o for o in FORMATS if o.name == "scenedetect"), own)
    if suffix == ".v3":
        own = next(o for o in FORMATS if o.name == "auto-editor")
    file = Path(f"a{suffix}")
    report = Report(file, own.name, "import")
    request = ReadRequest(data=HOSTILE[name], name=file.name, path=file, report=report)
    with at_once(), pytest.raises(TimelineNbError, match=rf"a\{suffix}"):
        read(own, request, {})
