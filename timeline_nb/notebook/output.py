"""Frames, render plans and films of an edit."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.jobs import Job
from timeline_nb.errors import RenderError, TimelineError
from timeline_nb.notebook.arguments import check_run, film_path, whole_number
from timeline_nb.notebook.credentials import signing_request
from timeline_nb.notebook.edit_formats import written_by
from timeline_nb.notebook.locks import LockWish
from timeline_nb.render.containers import CONTAINERS
from timeline_nb.render.platforms import resolve_profile
from timeline_nb.render.profile import Profile
from timeline_nb.render.result import RenderResult, RenderWork
from timeline_nb.studio import Studio
from timeline_nb.timebase import (
    TimeLike,
    frame_at,
    frame_count,
    frame_time,
    parse_rate,
    parse_time,
)
from timeline_nb.timeline.canvas import SizeLike, parse_size
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

if TYPE_CHECKING:
    from timeline_nb.credentials.certificate import Credentials
    from timeline_nb.segments.plan import Plan

_Wrap: TypeAlias = Callable[[RenderWork], RenderWork]

__all__ = ["frame", "frames", "plan", "render"]


def frame(
    timeline: Timeline,
    studio: Studio,
    at: TimeLike | None,
    *,
    number: int | None,
    size: SizeLike | None,
) -> NDArray[np.uint8]:
    """Compose the frame at a time, or with a number: `(H, W, 3) uint8 RGB`.

    Raises:
        TimelineError: Both are given, or the frame is outside the edit.
    """
    rate, count = timeline.rate, frame_count(duration(timeline), timeline.rate)
    if at is not None and number is not None:
        raise TimelineError("frame: give either a time or number=, not both")
    if number is None:
        time = parse_time(0 if at is None else at, rate)
        number = frame_at(time, rate)
    number = whole_number("number", number)
    if not 0 <= number < count:
        last = f"the last is {count - 1}" if count else "it is empty"
        raise TimelineError(
            f"{timeline.name!r} has {count} frames, {float(duration(timeline)):g} s: "
            f"there is no frame {number} ({last})"
        )
    time = frame_time(number, rate)
    return studio.frame_composer.frame(timeline, time, size=_size(timeline, size))


def frames(  # noqa: PLR0913 - what is shown, from when to when
    timeline: Timeline,
    studio: Studio,
    start: TimeLike,
    end: TimeLike | None,
    *,
    rate: TimeLike | None,
    size: SizeLike | None,
) -> Iterator[NDArray[np.uint8]]:
    """Compose the frames of a range in order: `(H, W, 3) uint8 RGB`.

    Raises:
        TimelineError: The end is not after the start, or the range is outside the
            edit.
    """
    first, last = _span(timeline, start, end)
    return studio.frame_composer.frames(
        timeline,
        start=first,
        end=last,
        rate=None if rate is None else parse_rate(rate),
        size=_size(timeline, size),
    )


def plan(
    timeline: Timeline,
    studio: Studio,
    path: Path | str,
    profile: Profile | str | None,
) -> "Plan":
    """Return the plan of a render; nothing is encoded."""
    wanted = resolve_profile(profile)
    return studio.renderer().plan(timeline, film_path(path), wanted)


def render(  # noqa: PLR0913 - what is rendered, as what, and where
    timeline: Timeline,
    studio: Studio,
    path: Path | str,
    profile: Profile | str | None,
    *,
    span: tuple[TimeLike | None, TimeLike | None] = (None, None),
    executor: Executor | None = None,
    workers: int | None = None,
    priority: int = 0,
    overwrite: bool = False,
    lock: LockWish | None = None,
    credentials: "Credentials | None" = None,
) -> Job[RenderResult]:
    """Start a render; nothing is shown.

    Raises:
        RenderError: The profile, the path, or how it is to be run cannot be used.
        CredentialError: The film cannot be signed.
    """
    check_run(workers, priority)
    _refuse_other_formats(studio, film_path(path))
    first, last = (
        (None, None) if span == (None, None) else _span(timeline, span[0] or 0, span[1])
    )
    film, chosen = film_path(path), resolve_profile(profile)
    renderer = studio.renderer(executor=executor, workers=workers)
    wrap = None
    if lock is not None:
        request = lock.request(
            timeline, studio, film, chosen, (first, last), overwrite=overwrite
        )
        wrap = partial(request.wrap, renderer, studio.written)
        if credentials is not None:
            signing = signing_request(
                credentials, timeline, film, studio, overwrite=overwrite
            )
            wrap = partial(_both, wrap, partial(signing.wrap, renderer, studio.written))
    return studio.render(
        timeline,
        film,
        chosen,
        start=first,
        end=last,
        renderer=renderer,
        priority=priority,
        overwrite=overwrite,
        wrap=wrap,
    )


def _both(first: _Wrap, then: _Wrap, work: RenderWork) -> RenderWork:
    return then(first(work))


def _refuse_other_formats(studio: Studio, path: Path) -> None:
    """Refuse to render what is no film, but another form of the edit."""
    if path.suffix.lower() in CONTAINERS:
        return
    if found := written_by(path, studio):
        raise RenderError(
            f"{path} is no film: {found} writes the edit itself to such files, by "
            f"cut.export({str(path)!r})"
        )


def _size(timeline: Timeline, size: SizeLike | None) -> tuple[int, int]:
    return timeline.size if size is None else parse_size(size)


def _span(
    timeline: Timeline, start: TimeLike, end: TimeLike | None
) -> tuple[Fraction, Fraction]:
    """Return a range of the edit, its end at most the edit's."""
    rate, whole = timeline.rate, duration(timeline)
    first = parse_time(start, rate)
    last = whole if end is None else min(whole, parse_time(end, rate))
    if not 0 <= first < last:
        raise TimelineError(
            f"{timeline.name!r} lasts {float(whole):g} s: there is nothing from "
            f"{float(first):g} s to {float(last):g} s; give a start before the end"
        )
    return first, last
