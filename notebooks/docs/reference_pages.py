"""Write the pages of the reference from the package's own table of contents."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import timeline_nb as tl
from timeline_nb.media.decoder import SoundDecoder
from timeline_nb.media.frame import Frame
from timeline_nb.media.index import FrameIndex
from timeline_nb.notebook.accessors.presets import EffectPresets
from timeline_nb.notebook.health import HealthReport
from timeline_nb.notebook.signals import Signals
from timeline_nb.recognition.corrections import Corrections
from timeline_nb.recognition.tables.accessor import DetectionAccessor

# What public things return and a person uses, as it is written: by what returns it.
RETURNED: dict[str, dict[str, type]] = {
    "Media": {
        "src.signals": Signals,
        "src.index": FrameIndex,
        "src.read_frame()": Frame,
        "src.sound()": SoundDecoder,
    },
    "Edit": {"cut.effects.presets": EffectPresets},
    "Detections": {"df.tl": DetectionAccessor},
    "Overlay": {"overlay.corrections": Corrections},
    "health": {"tl.health()": HealthReport},
}
# What a class takes from these is no part of our own interface.
_FOREIGN = (
    "object, tuple, dict, Struct, Exception, OSError, ValueError, KeyError, "
    "HasTraits, Widget, DOMWidget, AnyWidget, LoggingHasTraits"
)


def write_reference(folder: Path) -> None:
    """Write a page for each heading of the package's docstring, and their index.

    Args:
        folder: Where the pages go; made if it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for title, members in _sections():
        name = re.sub(r"\W+", "_", title.lower()).strip("_")
        names.append(name)
        _write(folder / f"{name}.rst", _page(title, members))
    contents = "\n".join(f"   {name}" for name in names)
    _write(
        folder / "index.rst",
        "Reference\n=========\n\n"
        "Every name that ``import timeline_nb as tl`` gives, with examples. In\n"
        "them, ``src`` is a film and ``cut`` is an edit of two of its clips with a\n"
        "title, ``result`` is what was detected in it and ``table`` its table::\n\n"
        "   import timeline_nb as tl\n\n"
        '   src = tl.open("bikes.mp4")\n'
        '   cut = tl.Edit("traffic", rate=25, size=(320, 180))\n'
        '   cut.append([src.clip("1s", "3s"), src.clip("5s", "7s")])\n'
        '   cut.titles.add("Traffic", start=0, end="2s")\n'
        '   result = src.detect(every=5, end="2s")\n'
        "   table = result.to_dataframe()\n"
        "   studio = tl.open_studio()\n\n"
        f".. toctree::\n   :maxdepth: 1\n\n{contents}\n",
    )


def _write(path: Path, text: str) -> None:
    """Write a page unless it has that text: Sphinx reads what is newer again."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _sections() -> Iterator[tuple[str, list[str]]]:
    """Yield the headings of the docstring, each with its public names."""
    text = inspect.getdoc(tl) or ""
    seen: set[str] = set()
    for heading, body in re.findall(
        r"^(\w.*)\n((?:    .*\n)+)", text + "\n", re.MULTILINE
    ):
        named = [name for name in re.findall(r"\w+", body) if name in tl.__all__]
        if named and "import timeline_nb" not in body:
            yield heading, [name for name in dict.fromkeys(named) if name not in seen]
            seen.update(named)


def _page(title: str, members: list[str]) -> str:
    parts = [f"{title}\n{'=' * len(title)}\n"]
    for name in members:
        parts.append(_entry(name, getattr(tl, name)))
        if name == "Edit":
            parts += [_accessor(f"cut.{own}", kind) for own, kind in accessors()]
        parts += [_accessor(own, kind) for own, kind in RETURNED.get(name, {}).items()]
    return "\n".join(parts)


def _entry(name: str, value: Any) -> str:
    heading = f"{name}\n{'-' * len(name)}\n\n"
    if inspect.isclass(value):
        if issubclass(value, BaseException):
            return f"{heading}.. autoexception:: timeline_nb.{name}\n"
        return f"{heading}.. autoclass:: timeline_nb.{name}\n{_members()}"
    if inspect.isfunction(value):
        return f"{heading}.. autofunction:: timeline_nb.{name}\n"
    if isinstance(value, ModuleType):
        return f"{heading}.. automodule:: {value.__name__}\n   :members:\n"
    if type(value).__module__.startswith("timeline_nb"):
        return _accessor(f"tl.{name}", type(value))
    return f"{heading}.. autodata:: timeline_nb.{name}\n   :no-value:\n"


def _accessor(shown: str, value: type) -> str:
    """Return the entry of an object that is used under a name of its own."""
    name = f"{value.__module__}.{value.__qualname__}"
    return f"{shown}\n{'-' * len(shown)}\n\n.. autoclass:: {name}\n{_members()}"


def _members() -> str:
    return f"   :members:\n   :inherited-members: {_FOREIGN}\n"


def accessors() -> Iterator[tuple[str, type]]:
    """Yield the groups of verbs that are attributes of an edit, with their classes."""
    for name, value in inspect.getmembers_static(tl.Edit):
        made = getattr(value, "func", None)
        if made is None or name.startswith("_"):
            continue
        returned = inspect.get_annotations(made, eval_str=True).get("return")
        if isinstance(returned, type):
            yield name, returned
