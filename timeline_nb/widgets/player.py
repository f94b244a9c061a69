"""The player widget: shows an edit or a media file, with its sound."""

from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import traitlets

from timeline_nb.commands.session import EditSession
from timeline_nb.errors import MediaError
from timeline_nb.studio import Studio
from timeline_nb.widgets.player_part import PlayerPart
from timeline_nb.widgets.playhead_channel import PlayheadChannel
from timeline_nb.widgets.settings_part import SettingsPart
from timeline_nb.widgets.source import studio_of, widget_source

__all__ = ["Player"]

Quality: TypeAlias = Literal["auto", "draft", "full"]


class Player(PlayheadChannel):
    """Plays an edit without a render, or a media file.

    Args:
        source: The edit, `tl.open(...)`, or a path.
        studio: Its caches are used; the source's studio if not given.
        quality: What it begins with: `draft`; `full`, which plays the file itself where
            a server gives it to the browser; or `auto`, which does so with a file of up
            to Full HD, 60 frames and 20 Mb a second.

    Attributes:
        playhead: Seconds; can be set, observed and linked like any trait.
        frame: The number of the frame that is shown.
        playing: Whether it plays.

    Raises:
        MediaError: There is no such file, or the quality is none.
        FileNotFoundError: The front end was not built.

    Example:
        >>> player = tl.Player(cut)  # a cell shows it
        >>> player.playhead = 1.5
        >>> player
        <Player of 'traffic'>
    """

    front_end = "player"

    frame = traitlets.Int(0).tag(sync=True)
    playing = traitlets.Bool(default_value=False).tag(sync=True)
    _quality = traitlets.Unicode("auto").tag(sync=True)

    def __init__(
        self,
        source: Any,
        *,
        studio: Studio | None = None,
        quality: Quality = "auto",
    ) -> None:
        if quality not in get_args(Quality):
            raise MediaError(
                f"quality={quality!r}: give one of {', '.join(get_args(Quality))}"
            )
        super().__init__(_quality=quality)
        studio = studio_of(source, studio)
        self._source = widget_source(source, studio)
        self._player = PlayerPart(
            self.post, self._source, studio, on_first_frame=self._set_still
        )
        self._settings = SettingsPart(self.post, studio, self._use_language)
        self._assemble(self._player, self._settings, language=studio.language)

    @property
    def name(self) -> str:
        """The name of the edit or the file.

        Example:
            >>> tl.Player(src).name
            'bikes.mp4'
        """
        if isinstance(self._source, EditSession):
            return self._source.timeline.name
        return Path(self._source.path).name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.name!r}>"
