"""Sentences on why a job took as long as it did, and what to change.

Each states what was measured, in numbers, and what is advised follows from that.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from timeline_nb.core.telemetry.tree import Path, SpanNode, TimePart, lane_of, share_in

__all__ = ["phrase_of", "sentences_of"]

# Parts of less than this share are not worth a sentence.
_LEAST_SHARE: Final = 0.1
_MOST_PARTS: Final = 4
# From here on, something is called busy, or idle.
_BUSY, _IDLE = 0.85, 0.3
_OTHERS: Final = 0.25
_LONG_WAIT_S: Final = 1.0
# What is over sooner needs no advice; and the system counts idle processors by 10 ms.
_WORTH_S: Final = 0.3
_WHOLE_RATE: Final = 10
_MORE: Final = 1.1

_PHRASES: Final = {
    "decode": "decoding {detail}{of}",
    "generate": "drawing {detail}{of}",
    "effect": "the effect {detail}{on}",
    "transition": "the transition {detail}",
    "compose": "composing the pictures{of}",
    "compose layers": "scaling, placing and stacking the pictures{of}",
    "convert": "converting pixels {detail}{of}",
    "encode": "encoding with {detail}",
    "open": "opening files",
    "write": "writing what was made",
    "mix": "mixing the sound",
    "mux": "writing the film's file",
    "check": "checking the finished film",
    "sound": "mixing and encoding the sound",
    "plan": "planning the film",
    "index": "listing the frames of new files",
    "loudness": "measuring the loudness",
    "size": "finding the quality that fits the size",
    "infer": "running the network",
    "prepare": "preparing pictures for the network",
    "read": "reading what the network gave",
    "load": "loading the network",
    "queue": "waiting for its turn",
    "wait": "waiting",
    "other": "other work on {detail}",
    "other job": "beginning and ending the job",
    # No segment is encoded then: workers are started, or load what they need.
    "other encode": "starting workers and handing out segments",
}
_ADVICE: Final = {
    "effect": "make it cheaper, by a smaller radius or strength, or set "
    "it when the cut is done: what does not change comes from the cache in the next "
    "render",
    "decode": "convert the source once to H.264 of the film's size, "
    "if you render it often, or try tl.Profile(hardware='auto')",
    "encode": "tl.Profile(preset='veryfast') is several times faster for a larger "
    "file, and tl.Profile(hardware='auto') uses a graphics card where there is one",
    "compose": "sources of the film's size need no scaling, and clips that hide others "
    "spare those",
    "convert": "effects need pixels of another form than films have: "
    "clips without effects spare it",
    "index": "this is done once a file: the next time, it is known",
    "load": "this is done once a notebook: the next detection begins at once",
    "infer": "search fewer frames (every=2), a part of the picture (region=...), or "
    "with a smaller network; tl.health() says whether it runs on a graphics card",
    # Not the advice of a render: a detection has no profile.
    "detect decode": "convert the source once to a smaller file of H.264, if you "
    "search it often",
    "other encode": "processes and clusters load this package first: keep theirs "
    "(executor=...) for the next render, which begins at once",
    "size": "target_bytes and bit_rate_bps take two passes: quality takes one",
    "loudness": "loudness_lufs measures the whole mix first",
    "mux": "a faster disk, or less to copy, would help",
}


def phrase_of(part: TimePart) -> str:
    """Return what time was spent on, in words."""
    of_stage = _PHRASES.get(part.stage, part.stage)
    words = _PHRASES.get(f"{part.stage} {part.detail}", of_stage)
    owner = part.owner
    return words.format(
        detail=part.detail or "pictures",
        of=f" of {owner}" if owner else "",
        on=f" on {owner}" if owner else "",
    ).replace("  ", " ")


def sentences_of(name: str, top: SpanNode, path: Path) -> Iterator[str]:
    """Yield sentences, the most important first."""
    yield _headline(name, top)
    yield from _on_parts(top, path)
    yield from _on_lanes(top)
    yield from _on_workers(top)
    yield from _on_processors(top)
    yield from _on_waiting(top)


def _headline(name: str, top: SpanNode) -> str:
    verb = {"failed": "failed after", "cancelled": "was cancelled after"}
    took = f"{verb.get(top.record.outcome, 'took')} {_time(top.record.seconds)}"
    return f"{name} {took}{_made(top)}."


def _made(top: SpanNode) -> str:
    """Return how many frames a job made, and how."""
    plan = _last(top, "render.plan")
    search = _last(top, "detect.search")
    if plan is not None:
        facts = plan.record.facts
        frames = int(facts.get("frames", 0))
        known = [
            f"{int(facts.get(f'{key}_frames', 0))} {words}"
            for key, words in (
                ("encoded", "were encoded"),
                ("cached", "came from the cache"),
                ("copied", "were copied as they are"),
            )
            if facts.get(f"{key}_frames", 0)
        ]
        return _rate(frames, top) + (f": {', '.join(known)}" if known else "")
    if search is not None:
        frames = int(search.record.facts.get("frames", 0))
        known_before = ": all that was asked for was known from before"
        return _rate(frames, top) if frames else known_before
    return ""


def _rate(frames: int, top: SpanNode) -> str:
    a_second = frames / max(top.record.seconds, 1e-9)
    digits = 0 if a_second >= _WHOLE_RATE else 1
    return f" for {frames} frames, {a_second:.{digits}f} a second"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def _on_parts(top: SpanNode, path: Path) -> Iterator[str]:
    total = max(top.record.seconds, 1e-9)
    counts: Counter[TimePart] = Counter()
    work: Counter[TimePart] = Counter()
    for node in top.all():
        for one in node.record.stages:
            part = TimePart(one.stage, one.detail, one.owner)
            counts[part] += one.count
            work[part] += one.seconds  # type: ignore[assignment]
    kind = str(top.record.facts.get("kind", ""))
    for part, seconds in path.parts.most_common(_MOST_PARTS):
        share = seconds / total
        if share < _LEAST_SHARE:
            return
        times = ""
        if counts[part] > 1:
            each_ms = 1000 * work[part] / counts[part]
            times = f", {counts[part]} times {each_ms:.1f} ms"
            is_beside = work[part] > _MORE * seconds
            times += ", partly beside other work" if is_beside else ""
        what = f"{phrase_of(part)} ({_time(seconds)}{times})"
        said = f"{share:.0%} of the time went into {what}"
        of_stage = _ADVICE.get(part.stage, "")
        of_part = _ADVICE.get(f"{part.stage} {part.detail}", of_stage)
        advice = _ADVICE.get(f"{kind} {part.stage}", of_part)
        advice = advice if seconds >= _WORTH_S else ""
        yield f"{said}: {advice}." if advice else f"{said}."


def _on_lanes(top: SpanNode) -> Iterator[str]:
    """Say which of two lanes the other one waited for."""
    encoding = pictures = length = 0.0
    for node in top.all():
        if node.record.name == "render.segment" and node.lanes:
            seconds = node.record.seconds
            length += seconds
            encoding += seconds * lane_of(node)[1]
            pictures += seconds * share_in(node.lanes[0], node)
    if length <= 0:
        return
    encoder, composer = encoding / length, pictures / length
    if composer >= _BUSY > encoder:
        yield (
            f"The encoder was busy for {encoder:.0%} of its time and waited for "
            "pictures otherwise: a faster encoder would change little."
        )
    elif encoder >= _BUSY > composer:
        yield (
            f"Pictures were ready before the encoder needed them (they took "
            f"{composer:.0%} of the time): cheaper effects or sources would change "
            "little."
        )


def _on_workers(top: SpanNode) -> Iterator[str]:
    phase = _last(top, "render.encode")
    if phase is None or phase.record.seconds < _WORTH_S:
        return
    workers = int(phase.record.facts.get("workers", 1))
    segments = [one for one in phase.all() if one.record.name == "render.segment"]
    busy = sum(one.record.seconds for one in segments)
    share = busy / (workers * phase.record.seconds)
    if workers > 1 and share < 1 - _IDLE:
        yield (
            f"The {workers} workers had segments to encode for {share:.0%} of the "
            f"time: there {_count(len(segments), 'segment')}, and the longest took "
            f"{max((one.record.seconds for one in segments), default=0):.1f} s"
            + (": a longer film keeps all of them busy." if len(segments) == 1 else ".")
        )


def _count(number: int, noun: str) -> str:
    return f"was 1 {noun}" if number == 1 else f"were {number} {noun}s"


def _on_processors(top: SpanNode) -> Iterator[str]:
    facts, seconds = top.record.facts, top.record.seconds
    if "cpu_s" not in facts or seconds < _WORTH_S:
        return
    cores = int(facts.get("cores", 1))
    own = float(facts["cpu_s"]) / seconds
    all_used = cores - float(facts.get("idle_s", 0)) / seconds
    processes = {node.record.worker.partition(" ")[0] for node in top.all()}
    others = all_used - own
    if len(processes) <= 1 and others / cores > _OTHERS:
        yield (
            f"Other programs used {others:.1f} of the {cores} processors meanwhile, "
            f"and this one {own:.1f}: alone, it would be faster."
        )
    elif own / cores >= _BUSY:
        yield (
            f"All {cores} processors were busy with it ({own:.1f} of them): only less "
            "work, or hardware that does a part of it, makes it faster."
        )
    elif len(processes) > 1:
        yield (
            f"{len(processes)} processes worked on it; {all_used:.1f} of the {cores} "
            "processors of this machine were busy."
        )


def _on_waiting(top: SpanNode) -> Iterator[str]:
    wait_s = float(top.record.facts.get("wait_s", 0))
    if wait_s >= _LONG_WAIT_S:
        yield (
            f"Before that, it waited {wait_s:.1f} s for other jobs: "
            "tl.Settings(jobs_at_once=...) says how many run at the same time."
        )


def _last(top: SpanNode, name: str) -> SpanNode | None:
    found = [one for one in top.all() if one.record.name == name]
    return max(found, key=lambda one: one.start_s, default=None)
