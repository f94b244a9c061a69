"""Steps of an edit that several people make at once, as a shared document has them.

Each step says which steps its author had seen, by a count for each author, and what it
changed of the timeline that those led to. So whoever has the same steps makes the same
timeline of them, in whatever order they came.

What is read may be anybody's: it is bounded, and checked as a project is.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import msgspec

from timeline_nb.access.scope import Scope
from timeline_nb.compose.file_uses import with_paths
from timeline_nb.core.bounded_json import MAX_PROJECT_BYTES
from timeline_nb.core.structs import fault_of
from timeline_nb.errors import ProjectError
from timeline_nb.project.delta import Delta, delta_between
from timeline_nb.project.document import parsed
from timeline_nb.project.writing import project_text
from timeline_nb.timeline.model import Timeline

__all__ = ["MAX_SHARED_STEPS", "SharedEntry", "SharedStep", "read_entry", "step_entry"]

# Of one shared document; who shares an edit begins a new one long before.
MAX_SHARED_STEPS: Final = 5_000
_MAX_AUTHORS: Final = 1_000
_MAX_HEAD_BYTES: Final = 400_000

_Author: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**40)]
_Seen: TypeAlias = Annotated[
    dict[_Author, _Count], msgspec.Meta(max_length=_MAX_AUTHORS)
]


class SharedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of one author.

    Args:
        author: Who made it: an id that is new for each opening of a project.
        number: 1 for the first of the author, and so on.
        seen: How many steps of each author it follows; those make its timeline before.
        label: Its label in the history.
        at_s: When it was made, in seconds since 1970.
        saved: The digest of a file that has all that its timeline has; empty of a step
            that was not saved.
        delta: What it changed; None if nothing.
    """

    author: _Author
    number: Annotated[int, msgspec.Meta(ge=1, le=2**40)]
    seen: _Seen = {}
    label: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    at_s: Annotated[float, msgspec.Meta(ge=0, le=1e11)] = 0.0
    saved: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    delta: Delta | None = None


@dataclass(frozen=True)
class SharedEntry:
    """A step as it was read.

    Args:
        step: The step.
        beside: The timeline of what is new in it; None if it changed nothing.
    """

    step: SharedStep
    beside: Timeline | None


def step_entry(
    step: SharedStep, old: Timeline, new: Timeline, project: Path
) -> tuple[bytes, SharedEntry]:
    """Return a step from one timeline to another, as text and as it is read.

    Args:
        step: Its author, number and label.
        old: The timeline that the steps it has seen lead to.
        new: The timeline after it.
        project: The project's file; media beside it get relative paths.

    Raises:
        ProjectError: A value has no JSON form.
    """
    if old is new:
        return msgspec.json.encode(step), SharedEntry(step, None)
    delta, beside = delta_between(old, new)
    whole = msgspec.structs.replace(step, delta=delta)
    text = project_text(beside, project, project.parent)
    # Whoever reads it has whole paths, whatever the working folder of the author.
    beside = with_paths(beside, lambda path: str(Path(path).resolve()))
    return msgspec.json.encode(whole) + b"\n" + text, SharedEntry(whole, beside)


def read_entry(
    record: bytes,
    project: Path,
    *,
    scope: Scope | None = None,
    max_bytes: int = MAX_PROJECT_BYTES,
) -> SharedEntry:
    """Read a step that is not trusted; whether it fits is not known yet.

    Args:
        record: Its text.
        project: The project's file.
        scope: What may be read: no file that it refuses is looked for.
        max_bytes: The memory that it may take.

    Raises:
        ProjectError: It is no step, or too large.
    """
    where = f"a shared step of {project.name}"
    end = record.find(b"\n", 0, _MAX_HEAD_BYTES)
    if len(record) * 2 > max_bytes or (end < 0 and len(record) > _MAX_HEAD_BYTES):
        raise ProjectError(f"{where} is too large: {len(record):,} bytes")
    try:
        step = msgspec.json.decode(record if end < 0 else record[:end], type=SharedStep)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        words = (
            fault_of(error)
            if isinstance(error, msgspec.ValidationError)
            else "it is no JSON"
        )
        raise ProjectError(f"{where} cannot be read: {words}") from None
    if step.delta is None:
        return SharedEntry(step, None)
    beside = parsed(
        record[end + 1 :] if end >= 0 else b"",
        where,
        project.parent,
        max_bytes=max_bytes,
        scope=scope,
    )
    return SharedEntry(step, beside)
