"""Events in a notebook: what happens in its own studio, as signals."""

from typing import Any, cast

from timeline_nb.core.events import Events
from timeline_nb.studio import default_studio

__all__ = ["events"]


class _OwnEvents:
    """The events of the notebook's own studio, which is built on first use.

    Example:
        >>> tl.events.render_completed.connect(print)  # each film that is finished
        >>> tl.events.all.connect(print)  # and all that happens
        >>> tl.events.render_completed.disconnect(print)
        >>> tl.events.all.disconnect(print)
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            # Jupyter looks for ways to show it.
            raise AttributeError(name)
        return getattr(default_studio().events, name)

    def __dir__(self) -> list[str]:
        return sorted(vars(default_studio().events))

    def __repr__(self) -> str:
        return "<events of the notebook's studio: tl.events.all.connect(print)>"


events = cast("Events", _OwnEvents())
