"""`cut.audio`: loudness, levels and ducking of an edit."""

from typing import TYPE_CHECKING

from timeline_nb.commands.effects import AddEffect, SetEffects
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.arguments import whole_number
from timeline_nb.notebook.progress import finish
from timeline_nb.notebook.resolve import Resolver
from timeline_nb.notebook.sounds import levels_table, start_loudness, start_normalizing
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike, TimeRange
from timeline_nb.timeline.model import Effect
from timeline_nb.timeline.queries import duration, track_index

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.effects.sound.loudness import Loudness

__all__ = ["Audio"]


class Audio:
    """The sound of an edit.

    Args:
        session: The edit's session.
        studio: Its caches and threads are used.

    Example:
        >>> cut.append(tl.open("bunny.mp4").clip(0, "2s"))
        >>> cut.audio.levels(steps=2).columns.tolist()
        ['time_s', 'track', 'left_db', 'right_db']
    """

    def __init__(self, session: EditSession, studio: Studio) -> None:
        self._session, self._studio = session, studio
        self._resolve = Resolver(session)

    def duck(  # noqa: PLR0913 - the effect's parameters, named
        self,
        track: str,
        *,
        under: str,
        threshold_db: float = -40.0,
        ratio: float = 8.0,
        attack_ms: float = 20.0,
        release_ms: float = 400.0,
    ) -> None:
        """Lower a track while another one sounds, such as music under a voice.

        Args:
            track: The track that is lowered.
            under: The track whose sound lowers it.
            threshold_db: The level of the other track above which this one is lowered;
                the nearer to 0, the less often.
            ratio: How strongly it is lowered, from 1 (not at all) to 20.
            attack_ms: The time until it is lowered, in milliseconds.
            release_ms: The time until it is back, in milliseconds.

        Raises:
            TimelineError: There is no such track, it is no audio track, or it would be
                lowered under itself.

        Example:
            >>> cut.append(tl.open("bunny.mp4").clip(0, "2s"))
            >>> cut.add_track("audio", name="music")
            >>> cut.audio.duck("music", under="A1", ratio=6)
            >>> cut.effects.of("music")[0].kind
            'duck'
        """
        timeline = self._session.timeline
        track_index(timeline, track)
        parameters = {
            "under": under,
            "threshold_db": threshold_db,
            "ratio": ratio,
            "attack_ms": attack_ms,
            "release_ms": release_ms,
        }
        effect = Effect(kind="duck", parameters=parameters)
        self._session.perform(AddEffect(owner=track, effect=effect))

    def loudness(self) -> "Loudness":
        """Measure the loudness of the whole mix (EBU R 128), with a progress bar.

        Raises:
            CompositionError: The edit has no sound.

        Example:
            >>> cut.append(tl.open("bunny.mp4").clip(0, "2s"))
            >>> loudness = cut.audio.loudness()
            >>> -70 < loudness.integrated_lufs < 0
            True
        """
        return finish(lambda: start_loudness(self._session.timeline, self._studio))

    def normalize(self, lufs: float = -14.0, *, peak_db: float = -1.0) -> "Loudness":
        """Bring the mix to a loudness.

        Adds a gain and, where peaks would be too high, a limiter as the last effects
        of the timeline.

        Args:
            lufs: Integrated loudness: -23 for broadcast (EBU R 128), -14 for the web.
            peak_db: The level that no peak may exceed.

        Returns:
            The loudness before.

        Raises:
            CompositionError: The edit has no sound.

        Example:
            >>> cut.append(tl.open("bunny.mp4").clip(0, "2s"))
            >>> before = cut.audio.normalize(-14)
            >>> [effect.kind for effect in cut.effects.of()]
            ['gain', 'limiter']
        """
        timeline = self._session.timeline
        before, effects = finish(
            lambda: start_normalizing(timeline, self._studio, lufs, peak_db)
        )
        self._session.perform(SetEffects(owner="", effects=tuple(effects)))
        return before

    def levels(
        self, start: TimeLike = 0, end: TimeLike | None = None, *, steps: int = 100
    ) -> "pd.DataFrame":
        """Return the peaks of all audio tracks over time.

        Columns are `time_s`, `track`, `left_db` and `right_db`.

        Args:
            start: The time of the first row.
            end: The time of the end; the end of the edit if not given.
            steps: How many rows per track, 1 or more.

        Example:
            >>> cut.append(tl.open("bunny.mp4").clip(0, "2s"))
            >>> cut.audio.levels("4s", "6s", steps=4)["time_s"].tolist()
            [4.0, 4.5, 5.0, 5.5]
        """
        count = whole_number("steps", steps)
        if count < 1:
            raise TimelineError(f"steps={steps!r}: give 1 or more rows per track")
        timeline = self._session.timeline
        last = duration(timeline) if end is None else self._resolve.time(end)
        span = TimeRange.between(self._resolve.time(start), last)
        return levels_table(timeline, self._studio, span, count)
