"""Several cameras in a notebook: in step, switched, and side by side."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.media.sequence import title_of
from timeline_nb.multicam.layouts import ScreenLayout, layout, transform_in
from timeline_nb.multicam.switch import Angle, switched
from timeline_nb.multicam.sync import Sync, synchronized
from timeline_nb.notebook.edit import Edit
from timeline_nb.notebook.media import Media
from timeline_nb.timebase import TimeLike, TimeRange, parse_time
from timeline_nb.timeline.model import Clip

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Multicam", "place_in_layout", "sync_cameras"]

_HZ = 16_000


def sync_cameras(
    cameras: Mapping[str, Media] | Sequence[Media],
    *,
    by: str = "sound",
    offsets: Mapping[str, TimeLike] | None = None,
) -> "Multicam":
    """Bring recordings of the same event into step.

    Args:
        cameras: By name, or in a list: then files name them. The first is the
            reference: its time is the common time.
        by: `sound`, or `timecode` that the files carry.
        offsets: Seconds of the common time at which cameras begin, where they are
            known; these are not looked for.

    Raises:
        MediaError: A recording has nothing in common with the reference.
        TimelineError: A file carries no timecode, `by` is none of the two, or an
            offset is of no camera: the nearest name is given.
    """
    named = (
        dict(cameras)
        if isinstance(cameras, Mapping)
        else {title_of(media.path): media for media in cameras}
    )
    if by not in {"sound", "timecode"}:
        raise TimelineError(f"by={by!r}: it is 'sound' or 'timecode'")
    if len(named) < 2:
        raise TimelineError("give two cameras or more, of different names")
    known = {name: parse_time(time) for name, time in (offsets or {}).items()}
    for name in known:
        _check_camera(name, named)
    found = _by_timecode(named) if by == "timecode" else _by_sound(named, known)
    return Multicam(
        named, {**found, **{n: Sync(float(t), 0.0, 99.0) for n, t in known.items()}}
    )


def _check_camera(name: str, cameras: Mapping[str, Media]) -> None:
    if name not in cameras:
        near = get_close_matches(str(name), cameras, 1, 0.5)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise TimelineError(
            f"there is no camera {name!r}: {hint}there are {', '.join(cameras)}"
        )


def _by_timecode(cameras: Mapping[str, Media]) -> dict[str, Sync]:
    starts = {name: _timecode_s(name, media) for name, media in cameras.items()}
    first = next(iter(starts.values()))
    return {
        name: Sync(float(start - first), 0.0, 99.0) for name, start in starts.items()
    }


def _timecode_s(name: str, media: Media) -> Fraction:
    told = media.timecode
    if not told:
        raise TimelineError(
            f"{name!r} ({media.name}) carries no timecode: use by='sound', or "
            "give its offset"
        )
    return parse_time(told, media.rate)


def _by_sound(
    cameras: Mapping[str, Media], known: Mapping[str, Fraction]
) -> dict[str, Sync]:
    names = list(cameras)
    found = {names[0]: Sync(0.0, 0.0, 99.0)}
    reference = cameras[names[0]]
    for name in names[1:]:
        if name in known:
            continue
        other = cameras[name]
        with reference.sound(_HZ) as one, other.sound(_HZ) as two:
            found[name] = synchronized(
                one.read,
                float(reference.duration),
                two.read,
                float(other.duration),
                _HZ,
            )
    return found


class Multicam:
    """Cameras in step.

    Args:
        cameras: By name.
        syncs: How each lies in the common time.
    """

    def __init__(self, cameras: Mapping[str, Media], syncs: Mapping[str, Sync]) -> None:
        self.cameras = dict(cameras)
        self.syncs = dict(syncs)

    @property
    def angles(self) -> list[Angle]:
        """The cameras as the switcher takes them."""
        return [
            Angle(
                name,
                media.clip(),
                Fraction(self.syncs[name].offset_s).limit_denominator(1_000_000),
                self.syncs[name].drift_ppm,
            )
            for name, media in self.cameras.items()
        ]

    @property
    def common(self) -> TimeRange:
        """The common seconds in which every camera was running."""
        starts = [angle.offset for angle in self.angles]
        ends = [angle.offset + angle.clip.duration for angle in self.angles]
        first, last = max(Fraction(0), *starts), min(ends)
        if first >= last:
            raise TimelineError("the cameras were never running at the same time")
        return TimeRange.between(first, last)

    def to_dataframe(self) -> "pd.DataFrame":
        """One row a camera: `camera`, `offset_s`, `drift_ppm`, `confidence`."""
        import pandas as pd

        rows = [
            {
                "camera": name,
                "offset_s": sync.offset_s,
                "drift_ppm": sync.drift_ppm,
                "confidence": sync.confidence,
            }
            for name, sync in self.syncs.items()
        ]
        return pd.DataFrame(rows)

    def switch(
        self,
        cut: Edit,
        cuts: "Iterable[tuple[TimeLike, str]] | pd.DataFrame",
        *,
        end: TimeLike | None = None,
        sound: str | None = None,
    ) -> None:
        """Put a cut of angles at the end of an edit; one step of the history.

        Args:
            cut: The edit.
            cuts: When, in common time, and to which camera: pairs, or a table with
                the columns `time_s` and `camera`.
            end: When the last one ends; when the first camera stops if not given.
            sound: The camera that is heard throughout; each one's own if None.

        Raises:
            TimelineError: A camera is not known, or was not running.
        """
        if sound is not None:
            _check_camera(sound, self.cameras)
        told = _pairs(cuts, cut.rate)
        if not told:
            raise TimelineError("there are no cuts: give times and cameras")
        last = self.common.end if end is None else parse_time(end, cut.rate)
        last = Fraction(int(last * cut.rate)) / cut.rate
        clips = switched(self.angles, told, last)
        with cut.group("multicam"):
            if sound is None:
                cut.append(clips)
                return
            silent = [
                replace(c, media=replace(c.media, has_audio=False)) for c in clips
            ]
            at = cut.duration
            cut.append(silent)
            known = {angle.name: angle for angle in self.angles}
            heard = known[sound].between(told[0][0], last)
            heard = replace(heard, media=replace(heard.media, size=None))
            cut.overwrite(heard, at=at)

    def split_screen(  # noqa: PLR0913 - a layout, and from when to when
        self,
        cut: Edit,
        name: str | ScreenLayout,
        *,
        at: TimeLike = 0,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        gap: float = 0.0,
    ) -> None:
        """Show all cameras side by side; one step of the history.

        Args:
            cut: The edit.
            name: Of the layout, as `grid-4`; see `layout_names`. Or a `ScreenLayout` of
                one's own cells, each with its fit.
            at: Where it begins in the edit.
            start: When it begins in common time; as soon as all are running.
            end: When it ends there.
            gap: Between pictures, in shares of the screen's height.

        Raises:
            TimelineError: There is no such layout, or it takes another number.
        """
        common = self.common
        first = common.start if start is None else parse_time(start, cut.rate)
        last = common.end if end is None else parse_time(end, cut.rate)
        last = first + Fraction(int((last - first) * cut.rate)) / cut.rate
        clips = [angle.between(first, last) for angle in self.angles]
        place_in_layout(cut, clips, name, at=at, gap=gap)


def place_in_layout(
    cut: Edit,
    clips: Sequence[Clip],
    name: str | ScreenLayout,
    *,
    at: TimeLike = 0,
    gap: float = 0.0,
) -> None:
    """Show clips side by side, each on a track of its own; one step of the history.

    Raises:
        TimelineError: There is no such layout, or it takes another number of clips.
    """
    width, height = cut.size
    aspect = width / height
    made = (
        name if isinstance(name, ScreenLayout) else layout(name, aspect=aspect, gap=gap)
    )
    if len(made.cells) != len(clips):
        raise TimelineError(
            f"{made.name!r} takes {len(made.cells)} pictures, "
            f"and there are {len(clips)}"
        )
    time = parse_time(at, cut.rate)
    with cut.group(made.name):
        for number, (clip, cell) in enumerate(zip(clips, made.cells, strict=True)):
            size = clip.media.size or cut.size
            placed = replace(clip, transform=transform_in(cell, size, cut.size))
            names = [t.name for t in cut.timeline.tracks if t.kind == "video"]
            if number >= len(names):
                cut.add_track("video")
                names = [t.name for t in cut.timeline.tracks if t.kind == "video"]
            if number:
                placed = replace(placed, media=replace(placed.media, has_audio=False))
            cut.overwrite(placed, at=time, track=names[number])


def _pairs(cuts: Any, rate: Fraction) -> list[tuple[Fraction, str]]:
    if hasattr(cuts, "to_dict"):
        missing = {"time_s", "camera"} - set(cuts.columns)
        if missing:
            raise TimelineError(f"the table has no column {min(missing)!r}")
        cuts = zip(cuts["time_s"].tolist(), cuts["camera"].tolist(), strict=True)
    # On whole frames, so that no cut shows a frame of the wrong camera.
    return [
        (Fraction(round(parse_time(time, rate) * rate)) / rate, str(name))
        for time, name in cuts
    ]
