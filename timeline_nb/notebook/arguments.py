"""Checks of arguments that cells give, before anything is begun."""

from pathlib import Path
from typing import Any

from timeline_nb.core.near_names import kind_of
from timeline_nb.core.output_names import output_path
from timeline_nb.errors import RenderError, TimelineError
from timeline_nb.timeline.model import Effect

__all__ = ["check_run", "effects_given", "film_path", "to_effect", "whole_number"]


def whole_number(name: str, value: Any) -> int:
    """Return a whole number, NumPy's included, as an int; `name` is the argument.

    Raises:
        TimelineError: It is not a whole number.
    """
    try:
        if isinstance(value, bool):
            raise TypeError(value)  # noqa: TRY301 - reported like any other type
        return int(value.__index__())
    except (AttributeError, TypeError) as error:
        raise TimelineError(
            f"{name}={value!r} is {kind_of(value)}: give a whole number, such as 3"
        ) from error


def film_path(path: Any) -> Path:
    """Return the path of a film.

    Raises:
        RenderError: It is not the path of a file that can be written.
    """
    return output_path(path, RenderError, what="the film, such as 'film.mp4'")


def check_run(workers: Any, priority: Any) -> None:
    """Check how a render is to be run.

    Raises:
        RenderError: `workers` is not 1 or more, or `priority` is not a whole number.
    """
    if workers is not None and (not _is_whole(workers) or workers < 1):
        raise RenderError(
            f"workers={workers!r}: give the number of segments encoded at once, 1 or "
            "more"
        )
    if not _is_whole(priority):
        raise RenderError(
            f"priority={priority!r}: give a whole number; higher ones run first"
        )


def _is_whole(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def to_effect(effect: Any) -> Effect:
    """Return an effect for an effect or its kind.

    Raises:
        TimelineError: It is neither.
    """
    if isinstance(effect, Effect):
        return effect
    if isinstance(effect, str):
        return Effect(kind=effect)
    raise TimelineError(
        f"{effect!r} is {kind_of(effect)}, not an effect: give one kind, such "
        "as 'sepia', or tl.Effect(kind='sepia')"
    )


def effects_given(name: str, effects: Any) -> tuple[Effect, ...]:
    """Return the effects that replace those of an owner.

    Raises:
        TimelineError: It is not a list of effects.
    """
    several = effects if isinstance(effects, (list, tuple)) else None
    if several is None or not all(isinstance(one, Effect) for one in several):
        raise TimelineError(
            f"{name}={effects!r}: give a list of tl.Effect(kind=...), or add one with "
            "effects.add(clip, 'sepia')"
        )
    return tuple(several)
