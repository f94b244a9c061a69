"""Draw a trace: what each worker did when, and where the time went."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from timeline_nb.core.telemetry.advice import phrase_of
from timeline_nb.core.telemetry.tree import Path, SpanNode, TimePart, lane_of

__all__ = ["draw_trace"]

# At the right, there is room for the last number of the axis.
_WIDTH_PX, _TITLE_PX, _RIGHT_PX = 900, 110, 30
# Its letters can be read; in a narrower place, it is scrolled.
_LEAST_WIDTH_PX: Final = 640
_ROW_PX, _GAP_PX, _AXIS_PX = 30, 8, 22
_MOST_BARS: Final = 8
# What rounds to 0% explains nothing.
_LEAST_SHARE: Final = 0.005
# Boxes narrower than this are joined with their neighbors.
_LEAST_PX: Final = 2.0
# A step of this width has room for its name.
_NAMED_PX: Final = 60
# Distinct to color-blind readers, too, on light and dark pages (Okabe and Ito 2008).
_COLORS: Final[dict[str, str]] = {
    "decode": "#56b4e9",
    "effect": "#e8743b",
    "compose": "#2fb486",
    "convert": "#f0e442",
    "encode": "#e69f00",
    "generate": "#cc79a7",
    "transition": "#cc79a7",
    "mix": "#cc79a7",
    "infer": "#e69f00",
    "prepare": "#2fb486",
    "read": "#cc79a7",
    "mux": "#8fb8de",
    "write": "#8fb8de",
    "index": "#56b4e9",
}
_REST: Final = "#a6a6a6"
# Steps consist of many stages: that of encoding is mostly decoding in some films.
_STEP: Final = "#c9c9c9"
_LEGEND: Final[tuple[str, ...]] = (
    "decode",
    "effect",
    "generate",
    "transition",
    "compose",
    "convert",
    "encode",
    "mix",
    "prepare",
    "infer",
    "read",
    "index",
    "mux",
)


@dataclass
class _Box:
    """A bar of a row: from when to when, of what, and whether it decided the time."""

    start_s: float
    end_s: float
    parts: Counter[str]
    idle: float
    title: str
    is_critical: bool
    name: str = ""


def draw_trace(
    name: str, sentences: Sequence[str], top: SpanNode | None, path: Path
) -> str:
    """Draw a job as HTML: sentences, a picture of its workers, and bars of its costs.

    Args:
        name: The job's.
        sentences: Stand above.
        top: The job; nothing is drawn if None.
        path: How its time is explained.
    """
    said = "".join(f"<li>{escape(one)}</li>" for one in sentences)
    head = f"<p><strong>{escape(name)}</strong></p><ul>{said}</ul>"
    if top is None or top.record.seconds <= 0:
        return head
    rows = _rows(top, path)
    return f"{head}{_picture(name, rows, top)}{_bars(top, path)}"


def _rows(top: SpanNode, path: Path) -> list[tuple[str, list[_Box]]]:
    """Return the rows: the job's steps, its sound, then two for each worker."""
    steps = [one for one in top.children if one.record.name != "job.queue"]
    rows = [("steps", [_box(one, path, of_step=True) for one in steps])]
    sound = [one for one in top.all() if one.record.name == "render.sound"]
    if sound:
        rows.append(("sound", [_box(one, path) for one in sound]))
    workers: dict[str, list[SpanNode]] = {}
    for node in top.all():
        if node.record.name == "render.segment":
            workers.setdefault(node.record.worker, []).append(node)
    for number, segments in enumerate(workers.values(), 1):
        lanes = [(one, lane) for one in segments for lane in one.lanes[:1]]
        title = f"worker {number}"
        made = [_box(lane, path, label=one.record.label) for one, lane in lanes]
        rows.append((f"{title}: pictures", made))
        rows.append((f"{title}: encoder", [_box(one, path) for one in segments]))
    for name in ("detect.prepare", "detect.infer"):
        lanes_of = [one for one in top.all() if one.record.name == name]
        rows.append((name.partition(".")[2], [_box(one, path) for one in lanes_of]))
    return [(title, boxes) for title, boxes in rows if boxes]


def _box(node: SpanNode, path: Path, *, of_step: bool = False, label: str = "") -> _Box:
    record = node.record
    word = record.name.rpartition(".")[2]
    busy, share = lane_of(node)
    stages: Counter[str] = Counter()
    for part, seconds in busy.items():
        stages[part.stage] += seconds
    if of_step or not stages:
        # In milliseconds, so that joined steps keep their proportions.
        stages, share = Counter({word: round(1000 * record.seconds)}), 1.0
    title = f"{label or record.label or record.name}, {record.seconds:.2f} s"
    lines = [
        f"{phrase_of(part)}: {seconds:.2f} s"
        for part, seconds in busy.most_common(_MOST_BARS)
    ]
    is_critical = record.span_id in path.spans
    return _Box(
        node.start_s,
        node.end_s,
        stages,
        1 - share,
        "\n".join([title, *lines]),
        is_critical,
        word if of_step else "",
    )


def _picture(name: str, rows: list[tuple[str, list[_Box]]], top: SpanNode) -> str:
    scale = (_WIDTH_PX - _TITLE_PX - _RIGHT_PX) / top.record.seconds
    height = _AXIS_PX + len(rows) * (_ROW_PX + _GAP_PX)
    drawn = [_axis(top.record.seconds, scale, height)]
    for number, (title, boxes) in enumerate(rows):
        top_px = _AXIS_PX + number * (_ROW_PX + _GAP_PX)
        drawn.append(
            f'<text x="0" y="{top_px + _ROW_PX * 0.65:.0f}" fill="currentColor" '
            f'font-size="11">{escape(title)}</text>'
        )
        drawn += [_drawn(box, top_px, scale) for box in _joined(boxes, scale)]
    about = escape(f"What each worker did when: {name}", quote=True)
    return (
        '<div style="overflow-x:auto">'
        f'<svg viewBox="0 0 {_WIDTH_PX} {height}" width="{_WIDTH_PX}" '
        f'style="width:100%;min-width:{_LEAST_WIDTH_PX}px;max-width:{_WIDTH_PX}px;'
        f'height:auto" role="img" aria-label="{about}" font-family="sans-serif">'
        f"{_HATCH}{''.join(drawn)}</svg>"
        f"</div>{_legend(rows)}"
    )


# What waits is hatched, so that it is seen without colors.
_HATCH: Final = (
    '<defs><pattern id="tl-wait" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" '
    'stroke="currentColor" stroke-opacity="0.3" stroke-width="2"/></pattern></defs>'
)


def _axis(seconds: float, scale: float, height: int) -> str:
    step = next((one for one in _STEPS_S if seconds / one <= _MOST_TICKS), _STEPS_S[-1])
    marks = []
    for number in range(int(seconds / step) + 1):
        x = _TITLE_PX + number * step * scale
        marks.append(
            f'<line x1="{x:.1f}" y1="{_AXIS_PX - 6}" x2="{x:.1f}" y2="{height}" '
            'stroke="currentColor" stroke-opacity="0.15"/>'
            f'<text x="{x + 2:.1f}" y="{_AXIS_PX - 9}" fill="currentColor" '
            f'font-size="10">{number * step:g} s</text>'
        )
    return "".join(marks)


_MOST_TICKS: Final = 10
_STEPS_S: Final = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 86400),
)


def _joined(boxes: list[_Box], scale: float) -> Iterable[_Box]:
    """Yield boxes, those that are too narrow to be seen joined with the next."""
    held: _Box | None = None
    for box in sorted(boxes, key=lambda one: one.start_s):
        if held is None:
            held = box
            continue
        if (held.end_s - held.start_s) * scale >= _LEAST_PX:
            yield held
            held = box
            continue
        held = _Box(
            held.start_s,
            max(held.end_s, box.end_s),
            held.parts + box.parts,
            (held.idle + box.idle) / 2,
            f"{held.title}\n{box.title}" if len(held.title) < 200 else held.title,
            held.is_critical or box.is_critical,
            box.name,
        )
    if held is not None:
        yield held


def _drawn(box: _Box, top_px: float, scale: float) -> str:
    left = _TITLE_PX + box.start_s * scale
    width = max(1.0, (box.end_s - box.start_s) * scale)
    total = sum(box.parts.values())
    x, bars = left, []
    for stage, seconds in sorted(box.parts.items(), key=lambda one: -one[1]):
        wide = width * (1 - box.idle) * seconds / total if total else 0
        bars.append(
            f'<rect x="{x:.2f}" y="{top_px}" width="{wide:.2f}" height="{_ROW_PX}" '
            f'fill="{_STEP if box.name else _COLORS.get(stage, _REST)}"/>'
        )
        x += wide
    if x < left + width - 0.5:
        bars.append(
            f'<rect x="{x:.2f}" y="{top_px}" width="{left + width - x:.2f}" '
            f'height="{_ROW_PX}" fill="url(#tl-wait)"/>'
        )
    # What decided the time has a bold frame.
    stroke, opacity = (2, 1) if box.is_critical else (0.7, 0.4)
    frame = (
        f'<rect x="{left:.2f}" y="{top_px}" width="{width:.2f}" height="{_ROW_PX}" '
        f'fill="none" stroke="currentColor" stroke-width="{stroke}" '
        f'stroke-opacity="{opacity}"/>'
    )
    if box.name and width >= _NAMED_PX:
        # Dark on all colors, on light and dark pages.
        bars.append(
            f'<text x="{left + 5:.1f}" y="{top_px + _ROW_PX * 0.65:.0f}" '
            f'fill="#111" font-size="11">{escape(box.name)}</text>'
        )
    return f"<g>{''.join(bars)}{frame}<title>{escape(box.title)}</title></g>"


def _legend(rows: list[tuple[str, list[_Box]]]) -> str:
    drawn = [box for _, boxes in rows for box in boxes if not box.name]
    seen = {stage for box in drawn for stage in box.parts}
    words = [word for word in _LEGEND if word in seen]
    keys = [(_COLORS[word], word) for word in words]
    if seen - set(_COLORS):
        keys.append((_REST, "other"))
    swatches = "".join(
        f'<span style="white-space:nowrap;margin-right:1em"><span style="display:'
        f"inline-block;width:0.9em;height:0.9em;background:{color};"
        f'vertical-align:-0.1em"></span> {escape(word)}</span>'
        for color, word in keys
    )
    return (
        f'<p style="font-size:11px">{swatches}hatched: waiting; bold frame: what '
        "decided how long it took. Within a bar, stages are shown by their shares.</p>"
    )


def _bars(top: SpanNode, path: Path) -> str:
    """Draw where the job's time went, by the path that decided it."""
    total = top.record.seconds
    rows = []
    for part, seconds in path.parts.most_common(_MOST_BARS):
        share = seconds / total
        if share < _LEAST_SHARE:
            break
        rows.append(
            f'<tr><td style="text-align:left;min-width:9em">{escape(phrase_of(part))}'
            f'</td><td style="text-align:left;width:40%">{_bar(part, share)}</td>'
            f"<td>{seconds:.2f}</td><td>{share:.0%}</td></tr>"
        )
    head = (
        '<th style="text-align:left">time went into</th><th></th>'
        '<th style="padding:0 1em">seconds</th><th>share</th>'
    )
    return (
        '<table style="font-size:12px;width:100%;max-width:800px"><thead>'
        f"<tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _bar(part: TimePart, share: float) -> str:
    color = _COLORS.get(part.stage, _REST)
    return (
        f'<div style="background:{color};height:0.9em;min-width:1px;'
        f'width:{100 * min(1.0, share):.1f}%"></div>'
    )
