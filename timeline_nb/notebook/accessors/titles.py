"""`cut.titles`: text, templates, generated pictures and adjustment layers."""

from typing import TYPE_CHECKING, Any

from timeline_nb.commands import titles as commands
from timeline_nb.commands.session import EditSession
from timeline_nb.notebook.resolve import ClipLike, Resolver
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline.model import Effect

if TYPE_CHECKING:
    from timeline_nb.effects.kinds import EffectKind, GeneratorKind, TemplateName

__all__ = ["Titles"]


class Titles:
    """Clips that no file holds, each put on the first free track above the picture.

    Args:
        session: The edit's.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session
        self._resolve = Resolver(session)

    def add(
        self,
        text: str,
        *,
        start: TimeLike,
        end: TimeLike,
        track: str | None = None,
        animation: str = "",
        **style: Any,
    ) -> None:
        """Put text over the picture.

        Args:
            text: With line breaks.
            start: When it is first seen.
            end: When it is gone.
            track: Which video track; the first free one above the picture if not given.
            animation: `fade`, `slide`, `rise`, `typewriter`, `pop`, `roll`, `crawl`.
            style: Parameters of the generator `title`: `size`, `color`, `font` ...

        Raises:
            CompositionError: A parameter makes no sense, or a font is missing.
            TimelineError: The end is not after the start.
        """
        self._session.perform(
            commands.AddTitle(
                text=text,
                start=self._resolve.time(start),
                end=self._resolve.time(end),
                track=track,
                animation=animation,
                style=style,
            )
        )

    def set(
        self,
        clip: ClipLike,
        *,
        text: str | None = None,
        layer: int | None = None,
        **style: Any,
    ) -> None:
        """Change the text or the style of a title, or of a template's titles.

        Args:
            clip: The title: its id, or the clip.
            text: What it says from now on; as it was if not given.
            layer: Of a template with several texts: which one, from the bottom, from 0.
            style: Parameters that change.

        Raises:
            TimelineError: There is no such clip, or it shows no text.
            CompositionError: A parameter makes no sense.
        """
        item = self._resolve.item(clip)
        self._session.perform(
            commands.SetTitle(clip=item, text=text, layer=layer, style=style)
        )

    def template(
        self,
        name: "TemplateName | str",
        /,
        *,
        start: TimeLike,
        duration: TimeLike | None = None,
        track: str | None = None,
        **values: str,
    ) -> None:
        """Put an intro, a lower third or an outro over the picture.

        Args:
            name: Which one: `"lower_third_bar"`.
            start: When it is first seen.
            duration: How long it is seen; as long as it is made for if not given.
            track: Which video track; the first free one above the picture if not given.
            values: Its texts: `name="Ada"`, `text="Engineer"`.
        """
        length = None if duration is None else self._resolve.duration(duration)
        self._session.perform(
            commands.AddTemplate(
                name=name,
                start=self._resolve.time(start),
                duration=length,
                track=track,
                values=values,
            )
        )

    def generate(
        self,
        kind: "GeneratorKind | str",
        *,
        start: TimeLike,
        end: TimeLike,
        track: str | None = None,
        **parameters: Any,
    ) -> None:
        """Put a generated picture over what lies below: `solid`, `gradient` ..."""
        self._session.perform(
            commands.AddGenerator(
                kind=kind,
                start=self._resolve.time(start),
                end=self._resolve.time(end),
                track=track,
                parameters=parameters,
            )
        )

    def adjust(
        self,
        *effects: "Effect | EffectKind | str",
        start: TimeLike,
        end: TimeLike,
        track: str | None = None,
    ) -> None:
        """Put an adjustment layer over the picture: effects for all that lies below."""
        made = tuple(e if isinstance(e, Effect) else Effect(kind=e) for e in effects)
        self._session.perform(
            commands.AddAdjustment(
                effects=made,
                start=self._resolve.time(start),
                end=self._resolve.time(end),
                track=track,
            )
        )
