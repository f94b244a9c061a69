"""Jobs that publish: an edit is checked, rendered and uploaded, a film uploaded."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeAlias

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.access.use import use_scope
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.near_names import quoted
from timeline_nb.core.partials import partial_folder, sweep, temporary_folder
from timeline_nb.errors import PublishError, TimelineError
from timeline_nb.i18n import Message
from timeline_nb.notebook.arguments import film_path
from timeline_nb.publishing.captions import caption_language, captions_of
from timeline_nb.publishing.film_checks import check_film, check_plan
from timeline_nb.publishing.film_profile import profile_for
from timeline_nb.publishing.limits import UploadLimits, limits_of
from timeline_nb.publishing.publisher import Extras
from timeline_nb.publishing.settings import read_settings
from timeline_nb.publishing.thumbnail import picture_of
from timeline_nb.publishing.upload import Published
from timeline_nb.render.platforms import resolve_profile
from timeline_nb.render.profile import Profile
from timeline_nb.render.target import check_target
from timeline_nb.studio import Studio
from timeline_nb.subtitles.files import read_subtitles
from timeline_nb.subtitles.write_srt import to_subrip
from timeline_nb.timebase import TimeLike, TimeRange, parse_time
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["EditFilm", "Thumbnail", "start_edit", "start_film"]

# A picture file, or a picture: `(H, W, 3) uint8 RGB`.
Thumbnail: TypeAlias = Path | str | NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class EditFilm:
    """The film that is made of an edit.

    Args:
        path: Where it is kept; in no place if None.
        profile: How it is encoded; the platform's profile if None.
        span: The times at which it begins and ends; those of the edit if None.
        workers: How many segments are encoded at once.
    """

    path: Path | str | None = None
    profile: Profile | str | None = None
    span: tuple[TimeLike | None, TimeLike | None] = (None, None)
    workers: int | None = None


def start_edit(  # noqa: PLR0913 - what is published, where, and with what
    timeline: Timeline,
    studio: Studio,
    platform: str,
    film: EditFilm,
    *,
    title: str | None,
    thumbnail: Thumbnail | None,
    thumbnail_at: TimeLike | None,
    captions: bool | str,
    said: dict[str, Any],
) -> Job[Published]:
    """Check an edit, and start its render and upload.

    Raises:
        PublishError: The platform does not take it, or what is said of it.
        RenderError: It cannot be rendered so.
    """
    limits = limits_of(platform)
    shown = _shown(timeline, film.span)
    text, said = _edit_captions(timeline, limits, captions, shown, said)
    settings = read_settings(platform, title or timeline.name, said)
    extras = _extras(studio, limits, thumbnail, text)
    if thumbnail_at is not None:
        at = _inside(parse_time(thumbnail_at, timeline.rate), shown)
        extras = _with_time(extras, at)
    profile = _profile(timeline, studio, limits, film, shown, has_captions=bool(text))
    target = None if film.path is None else film_path(film.path)
    _check_suffix(limits, target)
    place = Path(gettempdir(), f"film{limits.containers[0]}")
    check_target(timeline, target or place, profile, start=shown.start, end=shown.end)

    def work(reporter: Reporter) -> Published:
        studio.publisher.check_account(platform)
        with (
            use_scope(studio.scope),
            _film_place(studio, target, limits.containers[0]) as path,
        ):
            rendered = studio.renderer(workers=film.workers).render(
                timeline, path, profile, reporter, start=shown.start, end=shown.end
            )
            made = studio.publisher.publish(path, settings, extras, reporter)
        return replace(made, warnings=(*rendered.warnings, *made.warnings))

    return studio.start(f"publish to {limits.title}", work)


def start_film(  # noqa: PLR0913 - what is published, where, and with what
    path: Path,
    studio: Studio,
    platform: str,
    *,
    title: str | None,
    thumbnail: Thumbnail | None,
    thumbnail_at: TimeLike | None,
    captions: Path | str | bool,
    said: dict[str, Any],
) -> Job[Published]:
    """Check a film on disk, and start its upload.

    Raises:
        PublishError: The platform does not take it, or what is said of it.
        MediaError: It is no film.
    """
    limits = limits_of(platform)
    studio.scope.allow(path)
    info = studio.library.probe(path)
    check_film(limits, info, studio.publisher.most_bytes(limits))
    text = _film_captions(limits, captions)
    settings = read_settings(platform, title or path.stem, said)
    extras = _extras(studio, limits, thumbnail, text)
    if thumbnail_at is not None:
        at = parse_time(thumbnail_at, info.video[0].rate)
        at = _inside(at, TimeRange(Fraction(0), info.duration))
        extras = _with_time(extras, at)

    def work(reporter: Reporter) -> Published:
        with use_scope(studio.scope):
            return studio.publisher.publish(path, settings, extras, reporter)

    return studio.start(f"publish to {limits.title}", work)


def _shown(
    timeline: Timeline, span: tuple[TimeLike | None, TimeLike | None]
) -> TimeRange:
    """Return the range of the timeline that the film has."""
    whole = duration(timeline)
    start = Fraction(0) if span[0] is None else parse_time(span[0], timeline.rate)
    end = whole if span[1] is None else min(whole, parse_time(span[1], timeline.rate))
    if not 0 <= start < end:
        raise TimelineError(
            Message(
                "{name} lasts {whole} s: there is nothing to publish from {start} "
                "s to {end} s",
                name=repr(timeline.name),
                whole=f"{float(whole):g}",
                start=f"{float(start):g}",
                end=f"{float(end):g}",
            )
        )
    return TimeRange(start, end - start)


def _inside(at: Fraction, shown: TimeRange) -> Fraction:
    """Return a time of the film for one of the edit."""
    if not shown.start <= at < shown.end:
        raise PublishError(
            Message(
                "thumbnail_at={at} s is outside the film, which shows {start} s "
                "to {end} s",
                at=f"{float(at):g}",
                start=f"{float(shown.start):g}",
                end=f"{float(shown.end):g}",
            )
        )
    return at - shown.start


def _edit_captions(
    timeline: Timeline,
    limits: UploadLimits,
    captions: bool | str,  # noqa: FBT001 - as a person gives it
    shown: TimeRange,
    said: dict[str, Any],
) -> tuple[str, dict[str, Any]]:
    """Return the captions and what is said of the film, with their language."""
    if captions is False or captions is None:
        return "", said
    if captions is not True and not isinstance(captions, str):
        raise PublishError(
            Message(
                "captions={captions}: give True, or the name of a subtitle track",
                captions=repr(captions),
            )
        )
    track = None if captions is True else captions
    text = captions_of(timeline, limits, track, shown)
    language = said.get("language") or caption_language(timeline, track)
    return text, {**said, "language": language}


def _film_captions(
    limits: UploadLimits,
    captions: Path | str | bool,  # noqa: FBT001 - as a person gives it
) -> str:
    """Return the captions of a file as SubRip."""
    if not captions:
        return ""
    if not limits.captions_bytes:
        raise PublishError(
            Message("{title} takes no caption files: leave it out", title=limits.title)
        )
    if captions is True:
        raise PublishError(Message("captions=True is for edits: name a subtitle file"))
    return to_subrip(read_subtitles(Path(captions)).cues)


def _extras(
    studio: Studio, limits: UploadLimits, thumbnail: Thumbnail | None, text: str
) -> Extras:
    if thumbnail is None:
        return Extras(captions=text)
    if not limits.thumbnail_bytes:
        raise PublishError(
            Message(
                "{title} takes no picture as the thumbnail: give a time of the "
                "film, thumbnail_at='3s'",
                title=limits.title,
            )
        )
    if isinstance(thumbnail, (str, Path)):
        studio.scope.allow(thumbnail)
        picture = picture_of(studio.library, Path(thumbnail))
    else:
        picture = np.asarray(thumbnail)
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise PublishError(
                Message(
                    "thumbnail has the shape {shape} of {dtype}: give a picture "
                    "file, or an array (H, W, 3) of uint8, as cut.frame() gives it",
                    shape=picture.shape,
                    dtype=picture.dtype,
                )
            )
    return Extras(thumbnail=picture, captions=text)


def _with_time(extras: Extras, at: Fraction) -> Extras:
    if extras.thumbnail is not None:
        raise PublishError(Message("thumbnail= and thumbnail_at= contradict: give one"))
    return Extras(thumbnail_at=at, captions=extras.captions)


def _profile(  # noqa: PLR0913 - all that it depends on
    timeline: Timeline,
    studio: Studio,
    limits: UploadLimits,
    film: EditFilm,
    shown: TimeRange,
    *,
    has_captions: bool,
) -> Profile:
    """Return how the film is encoded, and check what it will be."""
    most = studio.publisher.most_bytes(limits)
    profile = resolve_profile(film.profile)
    if film.profile is None:
        profile = profile_for(limits, timeline.size, shown.duration, most)
        # Drawn into the picture they would be there twice.
        if has_captions:
            profile = replace(profile, subtitles="none")
    check_plan(
        limits,
        duration=shown.duration,
        size=profile.size or timeline.size,
        rate=profile.rate or timeline.rate,
    )
    return profile


def _check_suffix(limits: UploadLimits, target: Path | None) -> None:
    if target is not None and target.suffix.lower() not in limits.containers:
        takes = ", ".join(limits.containers)
        raise PublishError(
            Message(
                "film={quoted}: {title} takes {takes}",
                quoted=quoted(str(target)),
                title=limits.title,
                takes=takes,
            )
        )


@contextmanager
def _film_place(studio: Studio, target: Path | None, suffix: str) -> Iterator[Path]:
    """Yield where the film is rendered to; it is removed after if nobody keeps it.

    A film that is rendered again has the same bytes, so that its upload goes on.
    """
    if target is not None:
        studio.scope.allow(target)
        yield target
        return
    parent = studio.settings.cache_dir / "publish"
    with ExitStack() as stack:
        try:
            parent.mkdir(parents=True, exist_ok=True)
            sweep(parent)
            folder = stack.enter_context(partial_folder(parent, "film"))
        except OSError:
            folder = stack.enter_context(temporary_folder())
            studio.scope.allow(folder)
        yield folder / f"film{suffix}"
