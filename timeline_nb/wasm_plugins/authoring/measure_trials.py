"""Compare what an analyzer returns of an example with what it should return."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import numpy as np

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PluginError
from timeline_nb.recognition.analyzers import Analyzer, Column, MediaPart, Stream
from timeline_nb.wasm_plugins.analyzers import analyzers_of
from timeline_nb.wasm_plugins.authoring.examples import AnalyzerExample, picture_of
from timeline_nb.wasm_plugins.authoring.report import TrialReport
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["try_analyzer_example"]

_RATE: Final = 25
_BLOCK: Final = 4096
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "number": (int, float),
    "integer": (int,),
    "text": (str,),
    "boolean": (bool,),
}
# Cells that name an earlier part.
_PLACES: Final = frozenset({"frame", "sample"})


def try_analyzer_example(
    report: TrialReport,
    plugins: Plugins,
    manifest: PluginManifest,
    example: AnalyzerExample,
) -> None:
    """Compare the rows of an example with those that should come out."""
    what = f"analyzer {example.analyzer} {example.args or ''}".rstrip()
    with report.trying(what, example.error):
        known = {one.name: one for one in analyzers_of(plugins, manifest.id)}
        name = f"{manifest.id}/{example.analyzer}"
        if name not in known:
            hint = suggestion(name, known)
            raise PluginError(f"there is no analyzer {example.analyzer!r}{hint}")
        stream, parts = _given(example, known[name])
        args = known[name].checked(example.args)
        rows = list(known[name].measure(stream, iter(parts), args, lambda: None))
        if example.error:
            return
        for number, row in enumerate(rows):
            if fault := _fault(row, known[name].columns):
                raise PluginError(f"row {number}: {fault}")
        _compare(example, [dict(row) for row in rows])
        report.ok(what, f"{len(rows)} rows")


def _given(
    example: AnalyzerExample, analyzer: Analyzer
) -> tuple[Stream, list[MediaPart]]:
    if analyzer.of == "picture":
        pictures = [picture_of(rows) for rows in example.pictures]
        if not pictures or len({one.shape for one in pictures}) != 1:
            raise PluginError("the example needs pictures, all of one size")
        height, width, _ = pictures[0].shape
        stream = Stream(of="picture", parts=len(pictures), size=(width, height))
        parts = [
            MediaPart(one, number, Fraction(number, _RATE))
            for number, one in enumerate(pictures)
        ]
        return stream, parts
    lengths = {len(one) for one in example.sound}
    if len(lengths) != 1 or not max(lengths):
        raise PluginError("the example needs sound, whose channels are of one length")
    return _sound(example, lengths.pop())


def _sound(example: AnalyzerExample, length: int) -> tuple[Stream, list[MediaPart]]:
    data = np.array(example.sound, np.float32)
    parts = [
        MediaPart(data[:, at : at + _BLOCK], at, Fraction(at, example.sample_rate_hz))
        for at in range(0, length, _BLOCK)
    ]
    stream = Stream(
        of="sound",
        parts=len(parts),
        channels=len(data),
        samples=_BLOCK,
        sample_rate_hz=example.sample_rate_hz,
    )
    return stream, parts


def _fault(row: Mapping[str, Any], columns: tuple[Column, ...]) -> str:
    known = {one.name: _TYPES[one.type] for one in columns}
    for name in known.keys() - row.keys():
        return f"it has no {name!r}"
    for name, value in row.items():
        if name in _PLACES:
            continue
        if name not in known:
            return f"{name!r} is no column{suggestion(name, known)}"
        is_right = isinstance(value, known[name]) or value is None
        if not is_right or (isinstance(value, bool) and bool not in known[name]):
            return f"{name} is {value!r:.60}, of another type than its column"
    return ""


def _compare(example: AnalyzerExample, rows: list[dict[str, Any]]) -> None:
    if example.rows is None:
        raise PluginError("the example states neither rows nor an error")
    is_right = len(rows) == len(example.rows) and all(
        one.keys() == other.keys()
        and all(_near(one[name], other[name], example.within) for name in one)
        for one, other in zip(rows, example.rows, strict=True)
    )
    if not is_right:
        raise PluginError(f"the rows are {str(rows)[:300]}, not {example.rows}"[:700])


def _near(one: Any, other: Any, within: float) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= within
    return bool(one == other)
