"""The operations of a job as a tree, and the path that decided how long it took.

A job's time is explained from its end backwards: of the parts of an operation, the one
that ended last is what the end waited for; before it, the one that ended last before
it began; and so on. Where two lanes work side by side (pictures are composed while the
encoder encodes), the one that waited less decides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, Final, NamedTuple, TypeAlias

from timeline_nb.core.telemetry.records import SpanRecord, StageTime

__all__ = [
    "Path",
    "SpanNode",
    "TimePart",
    "lane_of",
    "path_of",
    "share_in",
    "tree_of",
]

# Seconds by part: typeshed has counters of whole numbers only.
Costs: TypeAlias = "Counter[Any]"
# Operations that run beside the one that they are a part of.
_LANES: Final = frozenset({"render.pictures", "detect.prepare", "detect.infer"})
_WAITING: Final = frozenset({"wait"})
# Ends of neighbors that differ by less than this are one moment.
_SAME_S: Final = 1e-6
# What decided the time by less of itself only began a little before what did.
_LEAST_SHARE: Final = 0.05


class TimePart(NamedTuple):
    """What time was spent on.

    Args:
        stage: A stage, or the last word of an operation's name.
        detail: What exactly: a codec, the kind of an effect.
        owner: Of which clip, track or file.
    """

    stage: str
    detail: str = ""
    owner: str = ""


@dataclass
class SpanNode:
    """An operation with its parts.

    Args:
        record: The operation.
        start_s: Seconds from the job's start.
        children: Its parts, in the order of their starts.
    """

    record: SpanRecord
    start_s: float
    children: list["SpanNode"] = field(default_factory=list)

    @property
    def end_s(self) -> float:
        """Seconds from the job's start."""
        return self.start_s + self.record.seconds

    @property
    def lanes(self) -> list["SpanNode"]:
        """What ran beside it, as a part of it."""
        return [one for one in self.children if one.record.name in _LANES]

    def all(self) -> Iterable["SpanNode"]:
        """Yield it, and all below it, in the order of their starts."""
        # Not by recursion: plugins and jobs within jobs nest as deep as they like.
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)


@dataclass
class Path:
    """How a job's time is explained.

    Args:
        parts: Seconds of the job's time, by what they were spent on; their sum is its
            time.
        spans: Ids of the operations on the path.
    """

    parts: Costs = field(default_factory=Counter)
    spans: set[int] = field(default_factory=set)


def tree_of(spans: Iterable[SpanRecord]) -> SpanNode | None:
    """Return the job as a tree; None while nothing of it has ended."""
    records = sorted(spans, key=lambda one: one.start_ns)
    root = next((one for one in records if one.name == "job"), None)
    if not records:
        return None
    if root is None:
        root = _so_far(records)
    start_ns = root.start_ns
    nodes = {
        one.span_id: SpanNode(one, (one.start_ns - start_ns) / 1e9) for one in records
    }
    top = nodes.setdefault(root.span_id, SpanNode(root, 0.0))
    for node in nodes.values():
        if node is top:
            continue
        # The parent of what ended early in a running job is not there yet.
        nodes.get(node.record.parent_id, top).children.append(node)
    return top


def _so_far(records: list[SpanRecord]) -> SpanRecord:
    """Return a job that is running as if it ended with its last operation."""
    first = records[0]
    end_ns = max(one.end_ns for one in records)
    seconds = (end_ns - first.start_ns) / 1e9
    return SpanRecord("job", first.trace_id, 0, 0, first.start_ns, seconds)


def lane_of(node: SpanNode) -> tuple[Costs, float]:
    """Return what a lane was busy with, and for how much of its time, 0 to 1.

    Several threads of one lane count as one, each with its share.
    """
    threads = max(1, int(node.record.facts.get("workers", 1)))
    busy = _counted(node.record.stages, without=_WAITING)
    seconds = max(node.record.seconds, _SAME_S)
    share = min(1.0, sum(busy.values()) / threads / seconds)
    return busy, share


def share_in(lane: SpanNode, node: SpanNode) -> float:
    """Return for how much of an operation's time a lane beside it was busy, 0 to 1."""
    busy_s = lane_of(lane)[1] * lane.record.seconds
    return min(1.0, busy_s / max(node.record.seconds, _SAME_S))


def path_of(top: SpanNode) -> Path:
    """Explain a job's time: each operation is looked at once."""
    path = Path()
    waiting = [(top, 0.0, top.end_s)]
    while waiting:
        node, begin, end = waiting.pop()
        if end - begin >= _LEAST_SHARE * node.record.seconds:
            path.spans.add(node.record.span_id)
        if node.lanes:
            _add(path, _of_lanes(node, path), end - begin)
            continue
        own = end - begin
        for part, start, stop in _parts_before(node.children, begin, end):
            own -= stop - start
            waiting.append((part, start, stop))
        _add(path, _own_parts(node), own)
    return path


def _parts_before(
    parts: list[SpanNode], begin: float, end: float
) -> Iterator[tuple[SpanNode, float, float]]:
    """Yield the parts that a time was waited for, from its end back, and their times.

    It is the part that lasted until then, or the one that ended last before; of those
    that lasted until then, the one that began first explains the most.
    """
    # Places in `parts`, which are in the order of their starts.
    by_end = sorted(range(len(parts)), key=lambda one: (parts[one].end_s, -one))
    lasting: list[int] = []
    cursor = end
    while cursor > begin + _SAME_S:
        while by_end and parts[by_end[-1]].end_s >= cursor:
            heappush(lasting, by_end.pop())
        if lasting:
            part = parts[heappop(lasting)]
        elif by_end and parts[by_end[-1]].end_s > begin + _SAME_S:
            part = parts[by_end.pop()]
        else:
            return
        if part.start_s < cursor - _SAME_S:
            start = max(part.start_s, begin)
            yield part, start, min(part.end_s, cursor)
            cursor = start


def _of_lanes(node: SpanNode, path: Path) -> Costs:
    """Return the parts of an operation with lanes; the busiest lane decides.

    What it left open, it waited for the others.
    """
    beside = [(lane_of(one)[0], share_in(one, node)) for one in node.lanes]
    lanes = sorted([lane_of(node), *beside], key=lambda lane: -lane[1])
    path.spans.update(
        one.record.span_id for one in node.lanes if share_in(one, node) == lanes[0][1]
    )
    parts: Costs = Counter()
    left = 1.0
    for busy, share in lanes:
        total = sum(busy.values())
        taken = min(share, left)
        if taken <= _SAME_S:
            continue
        for part, seconds in busy.items():
            parts[part] += taken * seconds / total if total else 0.0  # type: ignore[assignment]
        left -= taken
    if left > _SAME_S:
        parts[TimePart("other", _word(node))] += left  # type: ignore[assignment]
    return parts


def _own_parts(node: SpanNode) -> Costs:
    """Return what an operation itself did, without its parts."""
    stages = _counted(node.record.stages)
    if not node.children:
        rest = node.record.seconds - sum(stages.values())
        if rest > 0:
            stages[_rest_of(node)] += rest  # type: ignore[assignment]
        return stages
    return Counter({_rest_of(node): 1.0})


def _rest_of(node: SpanNode) -> TimePart:
    word = _word(node)
    is_phase = not node.record.stages and not node.children
    return TimePart(word) if is_phase else TimePart("other", word)


def _word(node: SpanNode) -> str:
    return node.record.name.rpartition(".")[2]


def _counted(
    stages: Iterable[StageTime], *, without: frozenset[str] = frozenset()
) -> Costs:
    found: Costs = Counter()
    for one in stages:
        if one.stage not in without:
            found[TimePart(one.stage, one.detail, one.owner)] += one.seconds  # type: ignore[assignment]
    return found


def _add(path: Path, parts: Costs, seconds: float) -> None:
    """Add seconds to the path, divided as the parts are."""
    total = sum(parts.values())
    if total <= 0 or seconds <= 0:
        return
    for part, own in parts.items():
        path.parts[part] += seconds * own / total  # type: ignore[assignment]
