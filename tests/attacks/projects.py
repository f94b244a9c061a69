"""Mutated and huge projects: each is refused by name, or opened, drawn and saved whole.

`projects_read(count, seed)` mutates; `huge_projects()` are single files that once took
minutes or gigabytes.
"""

import json
import random
import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from attacks.campaign import Figures, attack
from msgspec.structs import replace

import timeline_nb as tl
from timeline_nb.effects.titles.clips import generated_clip, nested_clip, title_clip
from timeline_nb.errors import TimelineError
from timeline_nb.project.document import load, save
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Interpolation,
    Keyframe,
    Marker,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transform,
    Transition,
)
from timeline_nb.timeline.tables import to_dataframe
from timeline_nb.timeline.validate import validate

_SIZE: Final = (160, 90)
# Frames of larger canvases are not drawn: their size is allowed, and slow.
_MOST_DRAWN_PX: Final = 640 * 360


def use_project(data: bytes) -> None:
    """Open a project, draw it, compose a frame, and save it so that it opens again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hostile.tlp"
        path.write_bytes(data)
        _use(path)


def _use(path: Path) -> None:
    project = load(path)
    timeline = project.timeline
    try:
        validate(timeline)
    except TimelineError as error:
        raise AssertionError(f"opened, and not valid: {error}") from error
    timeline._repr_html_()
    repr(timeline)
    to_dataframe(timeline)
    _compose(timeline, path.parent)
    again = path.with_name("again.tlp")
    save(timeline, again)
    if load(again).timeline != timeline:
        raise AssertionError("what was saved is another timeline")


def _compose(timeline: Timeline, folder: Path) -> None:
    """Compose the first frame; media are offline, so that it may be refused."""
    if timeline.size[0] * timeline.size[1] > _MOST_DRAWN_PX:
        return
    with tl.open_studio(tl.Settings(cache_dir=folder / "cache")) as studio:
        try:
            tl.Edit(timeline=timeline, studio=studio).frame(0)
        except tl.TimelineNbError:
            return


def use_huge(name: str) -> None:
    """Open a huge project, which must be refused.

    Raises:
        ProjectError: As it must.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "huge.tlp"
        with path.open("wb") as file:
            file.writelines(_HUGE[name]())
        _use(path)


def _text(fields: dict[str, Any], marker: str = "") -> tuple[bytes, bytes]:
    """Return a project's text before and after the place of a marker."""
    timeline = {"name": "n", "rate": "25", "size": [160, 90], **fields}
    document = {"format": "timeline_nb.project", "version": 1, "timeline": timeline}
    before, _, after = json.dumps(document).partition(f'"{marker}"')
    return before.encode(), after.encode()


def _many(fields: dict[str, Any], part: bytes, count: int) -> Iterator[bytes]:
    """Yield a project with a list of many equal parts where its text has a marker."""
    before, after = _text(fields, "MANY")
    yield before + b"["
    for _ in range(count // 1000):
        yield (part + b",") * 1000
    yield part + b"]" + after


def _in_track(items: Any, kind: str = "video") -> dict[str, Any]:
    return {"tracks": [{"kind": kind, "name": "T", "items": items}]}


def _gaps() -> Iterator[bytes]:
    odd = range(10**6 + 1, 10**6 + 60_000, 2)
    primes = [n for n in odd if all(n % d for d in range(3, 1001, 2))][:3000]
    gaps = [{"type": "gap", "duration": f"1/{prime}"} for prime in primes]
    yield _text(_in_track(gaps))[0]


def _eased() -> Iterator[bytes]:
    curves = ["ease_in", "ease_out", "ease_in_out", "ease"]
    keys = [
        {
            "time": f"{n}",
            "value": [0.5, 2.0, 1.0][n % 3],
            "interpolation": curves[n % 4],
        }
        for n in range(300)
    ]
    span = {"start": "0", "duration": "299"}
    media = {"path": "a.mp4", "available_range": {"start": "0", "duration": "9999"}}
    effects = [{"kind": "speed", "keyframes": {"rate": keys}}]
    clip = {"type": "clip", "id": "c1", "media": media, "source_range": span}
    yield _text(_in_track([{**clip, "effects": effects}]))[0]


def _title(text: str, **style: Any) -> Iterator[bytes]:
    generator = {"kind": "title", "parameters": {"text": text, **style}}
    span = {"start": "0", "duration": "9"}
    clip = {"type": "clip", "id": "c", "media": {"generator": generator}}
    yield _text(_in_track([{**clip, "source_range": span}]))[0]


_HUGE: Final[dict[str, Callable[[], Iterator[bytes]]]] = {
    "195 MB of empty objects": lambda: _many(
        {"metadata": {"a": "MANY"}}, b"{}", 65 * 10**6
    ),
    "45 MB of lists": lambda: _many({"metadata": {"a": "MANY"}}, b"[]", 15 * 10**6),
    "40 MB of numbers": lambda: _many({"metadata": {"a": "MANY"}}, b"1", 20 * 10**6),
    "a text of 60 MB": lambda: iter([b'{"a": "', b"x" * 60_000_000, b'"}']),
    "100,000 tracks": lambda: _many({"tracks": "MANY"}, b"{}", 100_000),
    "3,000 gaps of coprime denominators": _gaps,
    "300 eased keyframes": _eased,
    "200 kB of title": lambda: _title("lorem ipsum " * 17_000),
    "a title of gigabytes": lambda: _title("WWWW " * 9, size=1.0, width=10.0),
    "lists 100,000 deep": lambda: iter([b"[" * 100_000]),
    "objects 100,000 deep": lambda: iter([b'{"a":' * 100_000]),
    "a century": lambda: iter(
        _text(_in_track([{"type": "gap", "duration": "3155760001"}]))[:1]
    ),
}
HUGE: Final = tuple(_HUGE)


def huge_projects() -> Figures:
    """Open each huge project in a child; all but the eased keyframes are refused."""
    return attack(use_huge, HUGE, limit_s=10, limit_bytes=2**30)


def projects_read(count: int, seed: int) -> Figures:
    """Open `count` mutated projects, each in a child; `seed` makes the same ones."""
    return attack(use_project, mutated(count, seed), limit_s=10, limit_bytes=2**30)


def mutated(count: int, seed: int) -> Iterator[bytes]:
    """Yield projects that were changed in one to four places, as values or as bytes."""
    chance = random.Random(seed)
    sources = originals()
    for _ in range(count):
        source = chance.choice(sources)
        if chance.random() < 0.75:
            document = json.loads(source)
            for _ in range(chance.choice([1, 1, 1, 2, 4])):
                _change_value(document, chance)
            yield json.dumps(document).encode()
        else:
            data = bytearray(source)
            for _ in range(chance.randint(1, 4)):
                _change_bytes(data, chance)
            yield bytes(data)


@cache
def originals() -> tuple[bytes, ...]:
    """Return projects that have every kind of item, effect and field."""
    second = Fraction(1)
    film = MediaReference(
        path="street.mp4",
        fingerprint="ab12",
        available_range=TimeRange(Fraction(0), Fraction(60)),
        rate=Fraction(30000, 1001),
        size=(1280, 720),
        has_audio=True,
    )
    curves: tuple[Interpolation, ...] = ("ease_in", "bezier", "hold", "linear")
    keys = tuple(
        Keyframe(time=Fraction(n), value=n / 2, interpolation=curve)
        for n, curve in enumerate(curves)
    )
    shown = Clip(
        name="street",
        media=film,
        source_range=TimeRange(Fraction(10), Fraction(4)),
        transform=Transform(scale=0.5, crop=(0.1, 0.0, 0.1, 0.0)),
        gain_db=-3.0,
        keyframes={"opacity": keys[:2], "position": _points()},
        fade_in=second / 2,
        effects=(
            Effect(kind="gaussian_blur", parameters={"sigma": 0.01}),
            Effect(kind="speed", keyframes={"rate": (*keys[:3],)}),
        ),
        markers=(Marker(name="here", marked_range=TimeRange(second, second)),),
        metadata={"score": 0.5, "label": "car"},
    )
    title = title_clip("Hello", Fraction(3), _SIZE, animation="rise", color="#ff8800")
    solid = generated_clip("gradient", Fraction(3), _SIZE, start="#112233")
    blank = Timeline(name="walk", rate=Fraction(25), size=_SIZE)
    plain = edits.append(blank, [solid, title])
    films = edits.append(blank, [shown, replace(shown, effects=(), keyframes={})])
    v1 = films.tracks[0]
    dissolve = Transition(kind="wipe", in_offset=second / 5, out_offset=second / 5)
    joined = replace(v1, items=(v1.items[0], dissolve, *v1.items[1:]))
    lines = tuple(
        Subtitle(id=f"s{n}", text=f"line {n}\n<i>", duration=second) for n in range(3)
    )
    whole = replace(
        films,
        tracks=(
            joined,
            *films.tracks[1:],
            Track(kind="subtitle", name="S1", items=lines, style={"size": 0.05}),
        ),
        markers=(Marker(name="m", marked_range=TimeRange(second, second)),),
        effects=(Effect(kind="vignette", parameters={}),),
    )
    nested = edits.append(blank, [nested_clip(plain), nested_clip(whole)])
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for timeline in (plain, films, whole, nested):
            path = Path(folder) / "p.tlp"
            save(timeline, path, overwrite=True)
            made.append(path.read_bytes())
    return tuple(made)


def _points() -> tuple[Keyframe, ...]:
    return tuple(
        Keyframe(time=Fraction(n), value=[0.5, n / 2], interpolation="ease")
        for n in range(2)
    )


_HOSTILE: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    2**63,
    10**39,
    10**45,
    0.5,
    -1e308,
    1e-320,
    float("inf"),
    float("nan"),
    "",
    "x",
    "0",
    "-1/3",
    "1/0",
    "1/1000000007",
    "999999999999/999999999989",
    "1/10000000000000000000000000000000000000001",
    "3155760000",
    "9" * 5000,
    "1e999999",
    "nan",
    "\ud800",
    "\udce9",
    "\x00\u202e\ufeff",
    "é" * 300,
    "n" * 30_000,
    "\n" * 3_000,
    "#ff00zz",
    "../../../etc/passwd",
    "shot_%0999d.png#rate=25",
    "a.mp4#rate=1:0&files=|||",
    [],
    {},
    [[]],
    {"": {"": ""}},
    {"type": "clip"},
    {"type": "gap", "duration": "1/7"},
    {"type": "transition", "in_offset": "1", "out_offset": "1"},
    [0.5, 0.5],
    [0.1, 0.2, 0.3, 0.4],
    [1e300, -1e300],
    [{"time": "0", "value": "x"}, {"time": "1", "value": [1, "y"]}],
    [{"start": 0, "end": 10**9, "color": "red"}] * 50,
)


def _change_value(document: Any, chance: random.Random) -> None:
    """Change one place of a document."""
    holder, key = chance.choice(list(_places(document)))
    value = holder[key]
    way = chance.randrange(10)
    if way > 6:
        _change_little(document, chance)
    elif way == 0 and isinstance(holder, dict):
        del holder[key]
    elif way == 1 and isinstance(value, list) and value:
        value += [chance.choice(value)] * chance.choice([1, 2, 50, 3000])
    elif way == 2 and isinstance(value, dict):
        value[chance.choice(["rate", "size", "keyframes", "x" * 2000, "\ud800"])] = (
            chance.choice(_HOSTILE)
        )
    elif way == 3 and isinstance(value, str):
        holder[key] = value * chance.choice([2, 100, 5000])
    elif way == 4 and not isinstance(value, bool) and isinstance(value, (int, float)):
        holder[key] = value * chance.choice([-1, 0, 0.9, 1.5, 1e3, 1e12, 1e-12])
    elif way == 5:
        other, name = chance.choice(list(_places(document)))
        # A copy: a value within itself is no JSON.
        holder[key] = json.loads(json.dumps(other[name]))
    else:
        holder[key] = json.loads(json.dumps(chance.choice(_HOSTILE)))


_TIMES: Final = ("0", "1", "1/3", "2", "1/25", "1001/30000", "-1", "7/2")


def _change_little(document: Any, chance: random.Random) -> None:
    """Change a number or a time to another that is often allowed."""
    leaves = [
        (holder, key)
        for holder, key in _places(document)
        if isinstance(holder[key], (int, float)) or holder[key] in _TIMES
    ]
    if not leaves:
        return
    holder, key = chance.choice(leaves)
    if isinstance(holder[key], bool):
        holder[key] = not holder[key]
    elif isinstance(holder[key], str):
        holder[key] = chance.choice(_TIMES)
    else:
        holder[key] = chance.choice([0, 1, 2, 0.25, 0.5, 0.9, -0.5, 10, 100])


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place of a document: what holds a value, and its key there."""
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))[:50]
    for key, part in pairs:
        yield value, key
        yield from _places(part)


def _change_bytes(data: bytearray, chance: random.Random) -> None:
    """Change one place of a text, as a bad disk or a careless editor does."""
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + chance.choice([1, 1, 8, 200]))
    way = chance.randrange(5)
    if way == 0:
        data[at:end] = chance.randbytes(end - at)
    elif way == 1:
        del data[at:end]
    elif way == 2:
        data[at:at] = data[at:end] * chance.choice([1, 3, 2000])
    elif way == 3:
        del data[at:]
        data += b"]}" * chance.choice([0, 3])
    else:
        data[at:at] = chance.choice([b"1e999", b"\\ud800", b"\xff", b"[", b'"', b"NaN"])
    if not data:
        data += b"{"


__all__ = [
    "HUGE",
    "huge_projects",
    "mutated",
    "originals",
    "projects_read",
    "use_huge",
    "use_project",
]
