"""Projects of strangers: hostile paths in every place that has a path.

`strange_projects(count, seed)` opens each as a person does, shows frames, plays sound
and renders what may be rendered. Nothing outside may be read: an audit hook notes what
Python opens, the pictures outside have a color that no frame may show, and no message
may repeat their words. What must be read for the edit to be right is checked, too.
"""

import json
import os
import random
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

import av
import numpy as np
from attacks.campaign import Figures
from attacks.quoted_contents import MARK
from PIL import Image

import timeline_nb as tl
from timeline_nb.access import no_links, scope

__all__ = ["PLACES", "strange_paths", "strange_projects"]

# Magenta, which no picture inside has.
_FOREIGN: Final = (255, 0, 255)
_OWN: Final = (0, 128, 0)
_SIZE: Final = (64, 48)
_CUBE: Final = "LUT_1D_SIZE 2\n{}\n{}\n"

_noted: list[str] | None = None


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _noted is not None and isinstance(arguments[0], str | bytes):
        _noted.append(os.fsdecode(arguments[0]))


sys.addaudithook(_note)


@contextmanager
def _opened() -> Iterator[list[str]]:
    """Yield the paths that Python opens in the block, in all threads."""
    global _noted  # noqa: PLW0603 - an audit hook cannot be removed
    found: list[str] = []
    _noted = found
    original = no_links.open_without_links

    def noted(path: str) -> int:
        # It asks the kernel itself, which no audit hook sees.
        found.append(path)
        return original(path)

    try:
        with patch.object(scope, "open_without_links", noted):
            yield found
    finally:
        _noted = None


@dataclass(frozen=True)
class Ground:
    """The folders of one attack.

    Args:
        inside: The folder of the project, with files of its own.
        outside: A folder that nobody allowed, with files of the same names.
    """

    inside: Path
    outside: Path


def _fill(folder: Path, color: tuple[int, int, int], word: str) -> None:
    """Write a picture, a film, a sequence, a table, a mask and a text to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = np.full((*_SIZE[::-1], 3), color, np.uint8)
    for name in ("a.png", "shot_01.png", "shot_02.png", "a b'c.png"):
        Image.fromarray(picture).save(folder / name)
    with av.open(str(folder / "a.mp4"), "w") as film:
        stream = film.add_stream("libx264", rate=25)
        stream.width, stream.height = _SIZE
        stream.pix_fmt = "yuv420p"
        for _ in range(25):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
    lit = " ".join(f"{part / 255:g}" for part in color)
    (folder / "a.cube").write_text(_CUBE.format(lit, lit))
    (folder / "secret.txt").write_text(f"TOKEN={word}\n{word}\n")
    (folder / "secret.cube").write_text(f"{word} {word}\n")
    (folder / "a.ttf").write_text(word)
    (folder / ".hidden").mkdir(exist_ok=True)
    Image.fromarray(picture).save(folder / ".hidden" / "a.png")


def strange_paths(ground: Ground, draw: random.Random, *, is_font: bool) -> str:
    """Return a path that leads outside, or to what is no file."""
    out, inside = ground.outside, ground.inside
    up = os.path.relpath(out, inside)
    names = ["a.png", "a.mp4", "a.cube", "secret.txt", "secret.cube", "a b'c.png"]
    name = "a.ttf" if is_font else draw.choice(names)
    # A font's name is a path by its suffix alone.
    link = "link.ttf" if is_font else "link.png"
    links = {
        link: out / name,
        "folder": out,
        "twice": inside / "folder",
        "up": inside.parent,
        "own-proc": Path("/proc/self"),
        "loop": inside / "loop",
    }
    for made, target in links.items():
        (inside / made).unlink(missing_ok=True)
        (inside / made).symlink_to(target)
    if not (inside / "pipe.png").exists():
        os.mkfifo(inside / "pipe.png")
    listed = "|".join(
        part.replace("/", "%2F") for part in (f"{up}/a.png", f"{out}/a.png")
    )
    return draw.choice(
        [
            str(out / name),
            f"{up}/{name}",
            f"./{up}/./{name}",
            f"shots/../{up}/{name}",
            f"{link}/../{up}/{name}",
            link,
            f"folder/{name}",
            f"twice/{name}",
            f"up/{out.name}/{name}",
            f"folder/../{out.name}/{name}",
            f"/proc/self/cwd/{out}/{name}",
            "/proc/self/environ",
            "/proc/self/fd/0",
            "own-proc/environ",
            "/etc/passwd",
            "/etc/hostname",
            "/dev/zero",
            "/dev/stdin",
            "/dev/fd/0",
            "pipe.png",
            "loop",
            ".hidden/a.png",
            f"file:{out}/{name}",
            f"file://{out}/{name}",
            f"concat:{out}/{name}|{out}/{name}",
            f"subfile,,start,0,end,9,,:{out}/{name}",
            f"crypto:{out}/{name}",
            f"http://127.0.0.1:9/{name}",
            f"data:image/png;base64,{MARK}",
            "pipe:0",
            "fd:0",
            f"~/{name}",
            f"$HOME/{name}",
            f"{out}/shot_%02d.png#rate=25",
            "folder/shot_%02d.png#rate=25",
            f"{up}/shot_%02d.png#rate=25",
            f"shots/a.png#rate=25&files={listed}",
            f"//{out}/{name}",
            f"{inside}/../{out.name}/{name}",
        ]
    )


def _media(path: str) -> dict[str, Any]:
    whole = {"start": "0", "duration": "1"}
    return {
        "path": path,
        "available_range": whole,
        "size": list(_SIZE),
        "rate": "25",
        "has_audio": True,
    }


def _clip(number: int, media: dict[str, Any], **fields: Any) -> dict[str, Any]:
    span = {"start": "0", "duration": "1"}
    own = {"type": "clip", "id": f"c{number}", "name": f"clip {number}"}
    return {**own, "media": media, "source_range": span, **fields}


def _solid() -> dict[str, Any]:
    return {"generator": {"kind": "solid", "parameters": {"color": "#008000"}}}


def _effect(kind: str, path: str) -> dict[str, Any]:
    return {"kind": kind, "parameters": {"path": path}}


def _moved(kind: str, path: str) -> dict[str, Any]:
    return {"kind": kind, "keyframes": {"path": [{"time": "0", "value": path}]}}


def _track(*items: Any, kind: str = "video", **fields: Any) -> dict[str, Any]:
    name = {"video": "V1", "audio": "A1", "subtitle": "S1"}[kind]
    return {"kind": kind, "name": name, "items": list(items), **fields}


def _timeline(*tracks: Any, **fields: Any) -> dict[str, Any]:
    return {
        "name": "strange",
        "rate": "25",
        "size": list(_SIZE),
        "tracks": list(tracks),
        **fields,
    }


# A second that is sound comes first; the path is used in the second that follows.
PLACES: Final[dict[str, Callable[[str], dict[str, Any]]]] = {
    "media": lambda path: _timeline(_track(_clip(1, _solid()), _clip(2, _media(path)))),
    "sound": lambda path: _timeline(
        _track(_clip(1, _solid()), _clip(3, _solid())),
        _track({"type": "gap", "duration": "1"}, _clip(2, _media(path)), kind="audio"),
    ),
    "nested": lambda path: _timeline(
        _track(
            _clip(1, _solid()),
            _clip(2, {"timeline": _timeline(_track(_clip(1, _media(path))))}),
        )
    ),
    **{
        f"{kind} of {owner}": make
        for kind in ("lut", "mask_image")
        for owner, make in {
            "a clip": lambda path, kind=kind: _timeline(
                _track(
                    _clip(1, _solid()),
                    _clip(2, _solid(), effects=[_effect(kind, path)]),
                )
            ),
            "a keyframe": lambda path, kind=kind: _timeline(
                _track(
                    _clip(1, _solid()), _clip(2, _solid(), effects=[_moved(kind, path)])
                )
            ),
            "a track": lambda path, kind=kind: _timeline(
                _track(_clip(1, _solid())),
                {
                    **_track(
                        {"type": "gap", "duration": "1"},
                        _clip(2, _solid()),
                        effects=[_effect(kind, path)],
                    ),
                    "name": "V2",
                },
            ),
            "the timeline": lambda path, kind=kind: _timeline(
                _track(_clip(1, _solid()), _clip(2, _solid())),
                effects=[_effect(kind, path)],
            ),
        }.items()
    },
    "font of a title": lambda path: _timeline(
        _track(
            _clip(1, _solid()),
            _clip(
                2,
                {
                    "generator": {
                        "kind": "title",
                        "parameters": {"text": "a", "font": path},
                    }
                },
            ),
        )
    ),
    "font of a subtitle": lambda path: _timeline(
        _track(_clip(1, _solid()), _clip(2, _solid())),
        _track(
            {"type": "gap", "duration": "1"},
            {
                "type": "subtitle",
                "id": "s1",
                "text": "a",
                "duration": "1",
                "style": {"font": path},
            },
            kind="subtitle",
        ),
    ),
    "font of a track": lambda path: _timeline(
        _track(_clip(1, _solid()), _clip(2, _solid())),
        _track(
            {"type": "gap", "duration": "1"},
            {"type": "subtitle", "id": "s1", "text": "a", "duration": "1"},
            kind="subtitle",
            style={"font": path},
        ),
    ),
}


def strange_projects(
    count: int, seed: int, *, renders: bool = True, allowed: bool = False
) -> Figures:
    """Open `count` projects of strangers; a fault is a byte read from outside.

    Args:
        count: How many.
        seed: Of what is drawn.
        renders: Whether films are rendered, too, which takes a tenth of a second each.
        allowed: Whether a person allows the folder outside: the attack must see it.
    """
    draw, figures = random.Random(seed), Figures()
    with TemporaryDirectory() as folder:
        ground = Ground(Path(folder) / "inside", Path(folder) / "outside")
        _fill(ground.inside, _OWN, "own")
        _fill(ground.outside, _FOREIGN, MARK)
        settings = tl.Settings(
            cache_dir=Path(folder) / "cache",
            data_dir=Path(folder) / "data",
            roots=[ground.inside],
        )
        with tl.open_studio(settings) as studio:
            if allowed:
                tl.allow(ground.outside, studio=studio)
            for number in range(count):
                place = draw.choice(list(PLACES))
                path = strange_paths(ground, draw, is_font="font" in place)
                project = ground.inside / "strange.tlp"
                document = {"format": "timeline_nb.project", "version": 1}
                document["timeline"] = PLACES[place](path)
                project.write_text(json.dumps(document))
                figures.inputs += 1
                fault, refused = _attack(project, ground, studio, renders=renders)
                if not fault and not place.endswith("of the timeline"):
                    fault = _first_fault(project, studio)
                figures.refused += refused
                figures.accepted += not refused
                if fault:
                    figures.faults.append(f"input {number}, {place} {path!r}: {fault}")
    return figures


def _attack(
    project: Path, ground: Ground, studio: tl.Studio, *, renders: bool
) -> tuple[str, bool]:
    """Use a project in every way; return what is wrong, and if it was refused."""
    said: list[str] = []
    shown: list[np.ndarray] = []
    with warnings.catch_warnings(record=True) as warned, _opened() as opened:
        warnings.simplefilter("always")
        refused = _use(project, ground, studio, said, shown, renders=renders)
        said += [str(one.message) for one in warned]
    for path in opened:
        if _is_foreign(path, ground):
            return f"opened {path}", refused
    for picture in shown:
        far = np.abs(picture.astype(int) - np.array(_FOREIGN)).max(axis=-1)
        if (far < 60).any():
            return "a picture from outside is shown", refused
    text = "\n".join(said)
    if MARK in text.replace(f"base64,{MARK}", ""):
        return f"the error quotes a file: {text[:300]}", refused
    if refused and "tl.allow(" not in text and "offline" not in text:
        return f"the error does not say what to do: {text[:300]}", refused
    return "", refused


def _first_fault(project: Path, studio: tl.Studio) -> str:
    """Return why the first second is not shown, which uses nothing that is offline."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = tl.load(project, studio=studio).frame("0.5s")
    except tl.ProjectError:
        return ""
    except tl.TimelineNbError as error:
        return f"what is not offline is refused, too: {error}"
    return "" if abs(int(frame[20, 30, 1]) - 128) < 4 else "the first second is wrong"


def _use(
    project: Path,
    ground: Ground,
    studio: tl.Studio,
    said: list[str],
    shown: list[np.ndarray],
    *,
    renders: bool,
) -> bool:
    """Open, list, show, play, render and save a project; return if it was refused."""
    try:
        cut = tl.load(project, studio=studio)
    except tl.ProjectError as error:
        said += [*traceback.format_exception(error), "offline"]
        return True
    said += [repr(cut), *map(str, cut.offline)]
    refused = bool(cut.offline)

    def attempt(work: Callable[[], Any]) -> None:
        try:
            shown.extend(work())
        except tl.TimelineNbError as error:
            said.extend(traceback.format_exception(error))

    attempt(lambda: [cut.frame("0.5s")])
    attempt(lambda: [cut.frame("1.5s")])
    attempt(lambda: list(cut.frames("1.2s", "1.4s")))
    attempt(lambda: _without_result(cut._repr_mimebundle_))
    attempt(lambda: _without_result(lambda: cut.plan("film.mp4")))
    if renders:
        film = ground.inside / "film.mp4"
        attempt(lambda: _frames_of(film, lambda: cut.render(film).wait()))
    attempt(lambda: _without_result(lambda: cut.relink(ground.inside)))
    attempt(lambda: _without_result(lambda: cut.save(project.with_name("kept.tlp"))))
    return refused


def _without_result(work: Callable[[], object]) -> list[np.ndarray]:
    work()
    return []


def _frames_of(film: Path, render: Callable[[], object]) -> list[np.ndarray]:
    render()
    with av.open(str(film)) as opened:
        return [frame.to_ndarray(format="rgb24") for frame in opened.decode(video=0)]


def _is_foreign(path: str, ground: Ground) -> bool:
    """Return whether a path that was opened lies where nothing may be read."""
    real = os.path.realpath(path)
    outside = str(ground.outside)
    if real == outside or real.startswith(outside + "/"):
        return True
    return real in {"/etc/passwd", "/etc/hostname"} or "/environ" in real
