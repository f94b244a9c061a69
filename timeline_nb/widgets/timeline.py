"""The timeline widget: shows an edit, and changes it by mouse and keys."""

from typing import Any, Final
from urllib.parse import quote

import traitlets

from timeline_nb.commands.nested_session import NestedSession
from timeline_nb.commands.session import EditSession
from timeline_nb.studio import Studio
from timeline_nb.timeline.queries import duration
from timeline_nb.widgets.canvas_parts import canvas_parts
from timeline_nb.widgets.nested_part import NestedPart
from timeline_nb.widgets.playhead_channel import PlayheadChannel
from timeline_nb.widgets.settings_part import SettingsPart
from timeline_nb.widgets.source import HasSession, session_of, studio_of
from timeline_nb.widgets.timeline_part import TimelinePart

__all__ = ["TimelineWidget"]

# A drawing of this size takes about 40 KB in the notebook, quoted.
_MAX_CHARS: Final = 24_000


class TimelineWidget(PlayheadChannel):
    """Shows an edit's tracks, follows its changes, and edits by mouse and keys.

    Each gesture is one step of the edit's history, made by the commands that cells use.

    Args:
        edit: The edit, or its session.
        studio: Its caches are used; the edit's studio if not given.

    Attributes:
        playhead: Timeline seconds; can be set, observed and linked like any trait.
        selection: The ids of the selected clips; likewise.
        track_looks: How the tracks are shown, by name: `heightPx`, `waveZoom` and
            `target`. No step of the history.

    Raises:
        FileNotFoundError: The front end was not built.

    Example:
        >>> shown = tl.TimelineWidget(cut)  # a cell shows it
        >>> shown.selection = ["c1", "c2"]
        >>> shown.playhead
        0.0
    """

    front_end = "timeline"

    selection = traitlets.List(traitlets.Unicode()).tag(sync=True)
    track_looks = traitlets.Dict(traitlets.Dict(), traitlets.Unicode()).tag(sync=True)

    def __init__(
        self, edit: EditSession | HasSession, *, studio: Studio | None = None
    ) -> None:
        super().__init__()
        self._session = session = NestedSession(session_of(edit))
        studio = studio_of(edit, studio)
        self._assemble(
            TimelinePart(self.post, session, studio),
            *canvas_parts(self.post, session, studio, self._handlers),
            NestedPart(self.post, session, lambda: self.playhead, self._enter),
            SettingsPart(self.post, studio, self._use_language),
            language=studio.language,
        )
        self.still = self._drawing()

    def _enter(self, at_s: float) -> None:
        """Go to a second of a timeline that was opened: nothing is selected there."""
        self.selection = []
        self.playhead = at_s

    @traitlets.validate("playhead")
    def _within(self, proposal: dict[str, Any]) -> float:
        """Keep the playhead on the timeline."""
        end = float(duration(self._session.timeline))
        return min(max(0.0, float(proposal["value"])), end)

    def _drawing(self) -> str:
        """Return a drawing of the timeline as a data URL, if it is small."""
        svg = self._session.timeline._repr_html_()
        return (
            f"data:image/svg+xml,{quote(svg, errors='replace')}"
            if len(svg) < _MAX_CHARS
            else ""
        )

    def _picture(self) -> dict[str, Any]:
        return {"text/html": self._session.timeline._repr_html_()}

    def __repr__(self) -> str:
        return f"<TimelineWidget of {self._session.timeline.name!r}>"
