"""The timeline strip: an edit drawn live in a cell, with a playhead."""

from pathlib import Path
from typing import Any, Final

import anywidget
import msgspec
import traitlets

from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.session import EditSession
from timeline_nb.widgets.protocol import view_of

__all__ = ["TimelineStrip"]

_BUNDLE: Final = Path(__file__).parent / "static" / "strip.js"


class TimelineStrip(anywidget.AnyWidget):
    """Draws an edit, follows its changes, and moves a playhead.

    Click, drag, or use the arrow keys; `playhead` is the second it stands at, and may
    be set, observed and linked like any trait.

    Args:
        session: The edit.

    Raises:
        FileNotFoundError: The front end was not built.
    """

    _esm = _BUNDLE.read_text("utf-8") if _BUNDLE.exists() else "export default {}"

    view = traitlets.Dict(read_only=True).tag(sync=True)
    playhead = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, session: EditSession) -> None:
        if not _BUNDLE.exists():
            raise FileNotFoundError(
                f"{_BUNDLE} is not there: build the front end with 'make build'"
            )
        super().__init__()
        self._session = session
        self._show(session.timeline)
        session.changed.connect(self._follow)

    def close(self) -> None:
        """Let go of the edit and of the browser's views."""
        self._session.changed.disconnect(self._follow, missing_ok=True)
        super().close()

    def _follow(self, _old: Timeline, new: Timeline) -> None:
        self._show(new)

    def _show(self, timeline: Timeline) -> None:
        self.set_trait("view", msgspec.to_builtins(view_of(timeline)))

    @traitlets.validate("playhead")
    def _within(self, proposal: dict[str, Any]) -> float:
        """Keep the playhead on the timeline."""
        end = self.view.get("durationS", 0.0) if self.view else 0.0
        return min(max(0.0, float(proposal["value"])), end)

    def __repr__(self) -> str:
        return f"<TimelineStrip of {self._session.timeline.name!r}>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        # Without a kernel, the cell still says what was there.
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            drawing = self._session.timeline._repr_html_()
            data["text/plain"] = repr(self)
            data["text/html"] = drawing
        return bundle
