"""Write the pages of the reference from the package's own table of contents."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import timeline_nb as tl
from timeline_nb.recognition.tables.accessor import DetectionAccessor

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
        "Every name that ``import timeline_nb as tl`` gives.\n\n"
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
            parts += [_accessor(f"cut.{own}", kind) for own, kind in _accessors()]
        if name == "Detections":
            parts.append(_accessor("df.tl", DetectionAccessor))
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


def _accessors() -> Iterator[tuple[str, type]]:
    """Yield the groups of verbs that are attributes of an edit, with their classes."""
    for name, value in inspect.getmembers_static(tl.Edit):
        made = getattr(value, "func", None)
        if made is None or name.startswith("_"):
            continue
        returned = inspect.get_annotations(made, eval_str=True).get("return")
        if isinstance(returned, type):
            yield name, returned
