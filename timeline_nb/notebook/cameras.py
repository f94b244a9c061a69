"""Several cameras of one event: synchronized, switched, and shown side by side."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from os import PathLike
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from timeline_nb.core.near_names import kind_of, suggestion
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
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
    """Synchronize recordings of the same event.

    Args:
        cameras: Media by camera name, or a list: then file names name the cameras. The
            first is the reference: its time is the common time.
        by: `"sound"`, which is compared, or `"timecode"`, which the files carry.
        offsets: The common time at which a camera begins, by name, where it is known;
            the sound of these cameras is not compared.

    Raises:
        MediaError: A recording has no sound in common with the reference.
        TimelineError: A file carries no timecode, `by` is unknown, there are fewer
            than two cameras, or an offset is for an unknown camera.

    Example:
        >>> other = tl.open("bunny.mp4")
        >>> cameras = tl.sync_cameras([src, other], offsets={"bunny": 1})
        >>> cameras.common
        TimeRange(start=Fraction(1, 1), duration=Fraction(132, 25))
    """
    named = _named(cameras)
    if by not in {"sound", "timecode"}:
        raise TimelineError(f"by={by!r}: give 'sound' or 'timecode'")
    if len(named) < 2:
        raise TimelineError("give two or more cameras with different names")
    known = {name: parse_time(time) for name, time in (offsets or {}).items()}
    for name in known:
        _check_camera(name, named)
    found = _by_timecode(named) if by == "timecode" else _by_sound(named, known)
    return Multicam(
        named, {**found, **{n: Sync(float(t), 0.0, 99.0) for n, t in known.items()}}
    )


def _named(cameras: Any) -> dict[str, Media]:
    """Return the media of cameras by name."""
    if isinstance(cameras, (str, Media)) or not isinstance(cameras, Iterable):
        raise TimelineError(
            f"cameras={cameras!r}: give a list of media, or media by camera name"
        )
    several = cameras.values() if isinstance(cameras, Mapping) else list(cameras)
    for media in several:
        if not isinstance(media, Media):
            name = str(media)
            raise TimelineError(
                f"cameras: {name!r} is {kind_of(media)}: give media, as "
                f"tl.open({name!r})"
                if isinstance(media, (str, PathLike))
                else f"cameras: {media!r} is {kind_of(media)}: give media, as "
                "tl.open(...)"
            )
    if isinstance(cameras, Mapping):
        return dict(cameras)
    return {title_of(media.path): media for media in several}


def _check_camera(name: str, cameras: Mapping[str, Media]) -> None:
    if name not in cameras:
        raise TimelineError(f"there is no camera {name!r}{suggestion(name, cameras)}")


def _by_timecode(cameras: Mapping[str, Media]) -> dict[str, Sync]:
    starts = {name: _timecode_s(name, media) for name, media in cameras.items()}
    first = next(iter(starts.values()))
    return {
        name: Sync(float(start - first), 0.0, 99.0) for name, start in starts.items()
    }


def _timecode_s(name: str, media: Media) -> Fraction:
    timecode = media.timecode
    if not timecode:
        raise TimelineError(
            f"{name!r} ({media.name}) carries no timecode: use by='sound', or "
            "give its time in offsets="
        )
    return parse_time(timecode, media.rate)


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
    """Synchronized cameras.

    Args:
        cameras: Media by camera name.
        syncs: Each camera's offset and drift in the common time.

    Example:
        >>> other = tl.open("bunny.mp4")
        >>> cameras = tl.sync_cameras([src, other], offsets={"bunny": 1})
        >>> cameras.common.duration
        Fraction(132, 25)
        >>> [angle.offset for angle in cameras.angles]
        [Fraction(0, 1), Fraction(1, 1)]
    """

    def __init__(self, cameras: Mapping[str, Media], syncs: Mapping[str, Sync]) -> None:
        self.cameras = dict(cameras)
        self.syncs = dict(syncs)

    @property
    def angles(self) -> list[Angle]:
        """The cameras as angles of a multicam cut."""
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
        """The range of common time in which every camera was running."""
        starts = [angle.offset for angle in self.angles]
        ends = [angle.offset + angle.clip.duration for angle in self.angles]
        first, last = max(Fraction(0), *starts), min(ends)
        if first >= last:
            raise TimelineError(
                "the cameras were never running at the same time: check offset_s in "
                "to_dataframe(), and give times that are wrong in offsets="
            )
        return TimeRange.between(first, last)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per camera.

        Columns are `camera`, `offset_s`, `drift_ppm` and `confidence`.

        Example:
            >>> other = tl.open("bunny.mp4")
            >>> cameras = tl.sync_cameras([src, other], offsets={"bunny": 1})
            >>> cameras.to_dataframe()[["camera", "offset_s", "drift_ppm"]]
              camera  offset_s  drift_ppm
            0  bikes       0.0        0.0
            1  bunny       1.0        0.0
        """
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
        cuts: "Iterable[tuple[TimeLike, str]] | Mapping[Any, str] | pd.DataFrame",
        *,
        end: TimeLike | None = None,
        sound: str | None = None,
    ) -> None:
        """Append clips that switch between cameras; one step of the history.

        Args:
            cut: The edit.
            cuts: Pairs of a common time and the camera shown from it on, a dict of
                them, or a table with the columns `time_s` and `camera`.
            end: The common time at which the last clip ends; when the first camera
                stops if not given.
            sound: The camera that is heard throughout; each clip's own if None.

        Raises:
            TimelineError: A camera is unknown, or was not running at its time.

        Example:
            >>> other = tl.open("bunny.mp4")
            >>> cameras = tl.sync_cameras([src, other], offsets={"bunny": 1})
            >>> show = tl.Edit("show", rate=25, size="720p")
            >>> cameras.switch(show, [(1, "bikes"), (3, "bunny")], end=5, sound="bunny")
            >>> [(clip.name, clip.duration) for clip in show.clips]
            [('bikes', Fraction(2, 1)), ('bunny', Fraction(2, 1))]
        """
        if sound is not None:
            _check_camera(sound, self.cameras)
        switches = _pairs(cuts, cut.rate)
        if not switches:
            raise TimelineError(
                "cuts is empty: give pairs of a time and a camera, as [(0, 'left')]"
            )
        last = self.common.end if end is None else parse_time(end, cut.rate)
        last = Fraction(int(last * cut.rate)) / cut.rate
        clips = switched(self.angles, switches, last)
        with cut.group(Message("multicam")):
            if sound is None:
                cut.append(clips)
                return
            silent = [
                replace(c, media=replace(c.media, has_audio=False)) for c in clips
            ]
            at = cut.duration
            cut.append(silent)
            known = {angle.name: angle for angle in self.angles}
            heard = known[sound].between(switches[0][0], last)
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
            name: A layout's name, such as `grid-4`, as `layout_names` lists them; or a
                `ScreenLayout` of your own cells, each with its fit.
            at: The time in the edit at which it begins.
            start: The common time at which it begins; when all cameras run if not
                given.
            end: The common time at which it ends; when the first camera stops if not
                given.
            gap: The space between cells, in shares of the frame's height.

        Raises:
            TimelineError: The layout is unknown, or has another number of cells.

        Example:
            >>> other = tl.open("bunny.mp4")
            >>> cameras = tl.sync_cameras([src, other], offsets={"bunny": 1})
            >>> show = tl.Edit("show", rate=25, size="720p")
            >>> cameras.split_screen(show, "columns-2", end="3s")
            >>> [len(track.items) for track in show.timeline.tracks], show.duration
            ([1, 1], Fraction(2, 1))
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

    Args:
        cut: The edit.
        clips: One per cell, in the order of the cells.
        name: A layout's name, or the layout.
        at: The time in the edit at which they begin.
        gap: The space between cells, in shares of the frame's height.

    Raises:
        TimelineError: The layout is unknown, or has another number of cells.
    """
    width, height = cut.size
    aspect = width / height
    chosen = (
        name if isinstance(name, ScreenLayout) else layout(name, aspect=aspect, gap=gap)
    )
    if len(chosen.cells) != len(clips):
        raise TimelineError(
            f"{chosen.name!r} has {len(chosen.cells)} cells, and there are "
            f"{len(clips)} clips: give one clip per cell, or another layout"
        )
    time = parse_time(at, cut.rate)
    with cut.group(chosen.name):
        for number, (clip, cell) in enumerate(zip(clips, chosen.cells, strict=True)):
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
    """Return the times of cuts, on whole frames, each with its camera."""
    if hasattr(cuts, "to_dict"):
        missing = {"time_s", "camera"} - set(cuts.columns)
        if missing:
            raise TimelineError(
                f"the table of cuts has no column {min(missing)!r}: it needs 'time_s' "
                "and 'camera'"
            )
        cuts = zip(cuts["time_s"].tolist(), cuts["camera"].tolist(), strict=True)
    if isinstance(cuts, Mapping):
        cuts = cuts.items()
    try:
        pairs = [(time, str(name)) for time, name in cuts]
    except (TypeError, ValueError) as error:
        raise TimelineError(
            f"cuts={cuts!r}: give pairs of a time and a camera, as [(0, 'left')], or "
            "a dict, as {0: 'left'}"
        ) from error
    # Between frames, a cut would show one frame of the wrong camera.
    return [
        (Fraction(round(parse_time(time, rate) * rate)) / rate, name)
        for time, name in pairs
    ]
