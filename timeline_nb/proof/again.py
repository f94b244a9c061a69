"""Render a film again from its lock, and tell how alike the two are."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.partials import temporary_folder
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.similarity import similarity
from timeline_nb.proof.comparison import Level
from timeline_nb.proof.film import film_fact
from timeline_nb.proof.lock import FilmFact, StreamFact
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.timeline.model import Timeline

__all__ = ["THRESHOLD_DB", "RenderedAgain", "render_again"]

# From here on differences are not seen: the noise is a hundredth of full scale.
THRESHOLD_DB: Final = 40.0


@dataclass(frozen=True)
class RenderedAgain:
    """How alike a film is that was rendered again.

    Args:
        level: `bytes`, `frames` or `similar`; empty where it is none of them.
        detail: In words.
    """

    level: Level | Literal[""]
    detail: str


def render_again(  # noqa: PLR0913 - all that a film is made of
    then: FilmFact,
    timeline: Timeline,
    profile: Profile,
    *,
    old: Path | None,
    library: MediaLibrary,
    workers: int | None,
    reporter: Reporter,
) -> RenderedAgain:
    """Render a film, with nothing from the cache of segments, and compare it.

    Args:
        then: The film of the lock.
        timeline: What is rendered.
        profile: What it is encoded as.
        old: The film itself; None if it is not there.
        library: Opens the media.
        workers: How many segments are encoded at once.
        reporter: Reports each frame; pauses and cancels the render.

    Raises:
        RenderError: The film cannot be rendered.
        JobCancelledError: The job was cancelled.
    """
    with temporary_folder() as folder:
        film = folder / then.name
        renderer = Renderer(
            library, folder / "cache", workers=workers, written=WrittenFiles(folder)
        )
        start, end = (
            Fraction(text) if text else None for text in (then.start, then.end)
        )
        renderer.render(timeline, film, profile, reporter, start=start, end=end)
        now = film_fact(film, reporter)
        if now.sha256 == then.sha256:
            return RenderedAgain("bytes", "every byte is the same")
        same = [*map(_is_same, now.streams, then.streams)]
        if same and all(same) and len(now.streams) == len(then.streams):
            return RenderedAgain("frames", "all pictures and samples are the same")
        if old is None:
            return RenderedAgain("", "it differs, and the film is not there to compare")
        alike = similarity(old, film, reporter.check)
    values = f"{alike.picture_db:.1f} dB in pictures, {alike.sound_db:.1f} dB in sound"
    if alike.lowest_db >= THRESHOLD_DB:
        detail = f"alike: {values}, and {THRESHOLD_DB:g} dB are asked for"
        return RenderedAgain("similar", detail)
    return RenderedAgain("", f"it differs: {values}, less than {THRESHOLD_DB:g} dB")


def _is_same(one: StreamFact, other: StreamFact) -> bool:
    if one.packets == other.packets:
        return True
    kinds = one.kind == other.kind and one.count == other.count
    return kinds and bool(one.decoded) and one.decoded == other.decoded
