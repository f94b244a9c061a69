"""What a project keeps for the editor beside the film: guides, and bins of media.

It is no part of the timeline: no step changes it, no hash of the film has it, and no
other format is written of it. A file without it is as before; what a later version adds
is kept as it is.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import Meta

from timeline_nb.core.structs import fault_of, from_builtins, to_canonical
from timeline_nb.errors import ProjectError

__all__ = [
    "MOST_BINS",
    "MOST_LETTERS",
    "EditorState",
    "Guides",
    "editor_state_of",
    "with_field",
]

MOST_LETTERS: Final = 100
MOST_BINS: Final = 200

Place: TypeAlias = Annotated[float, Meta(ge=-1e6, le=1e6)]
Places: TypeAlias = Annotated[tuple[Place, ...], Meta(max_length=200)]
BinName: TypeAlias = Annotated[str, Meta(max_length=MOST_LETTERS)]
Fingerprint: TypeAlias = Annotated[str, Meta(max_length=64)]
Media: TypeAlias = Annotated[tuple[Fingerprint, ...], Meta(max_length=10_000)]


class Guides(msgspec.Struct, frozen=True):
    """Lines over the picture: places of vertical and of horizontal ones, in pixels."""

    x: Places = ()
    y: Places = ()


class EditorState(msgspec.Struct, frozen=True):
    """What a project keeps for the editor.

    Args:
        guides: Lines over the picture.
        bins: The fingerprints of each bin's media, in the order of the bins; None if
            media were never sorted in this project.
    """

    guides: Guides = Guides()
    bins: Annotated[dict[BinName, Media], Meta(max_length=MOST_BINS)] | None = None


def editor_state_of(
    content: Mapping[str, Any], name: str = "the project"
) -> EditorState:
    """Return what plain fields say; those that this version does not know are skipped.

    Args:
        content: Fields of the state, as a project has them.
        name: How messages call the project.

    Raises:
        ProjectError: A field that is known cannot be used.
    """
    try:
        return from_builtins({"editor": content}, _Holder).editor
    except msgspec.ValidationError as error:
        raise ProjectError(f"{name}: {fault_of(error)}") from None


def with_field(
    content: Mapping[str, Any], field: str, value: Guides | dict[str, Any]
) -> dict[str, Any]:
    """Return the fields with one changed; those that are not known here stay."""
    return {**content, field: to_canonical(value)}


class _Holder(msgspec.Struct, frozen=True):
    """So that faults have the path that the field has in a file."""

    editor: EditorState
