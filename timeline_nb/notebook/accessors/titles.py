"""`cut.titles`: titles, templates, generated pictures and adjustment layers."""

from typing import TYPE_CHECKING, Any

from timeline_nb.commands import titles as commands
from timeline_nb.commands.session import EditSession
from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.titles.templates import TEMPLATES
from timeline_nb.errors import CompositionError, TimelineError
from timeline_nb.notebook.naming import allow_effects, allow_values
from timeline_nb.notebook.resolve import Resolver
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline.model import Clip, Effect

if TYPE_CHECKING:
    from timeline_nb.effects.kinds import EffectKind, GeneratorKind, TemplateName

__all__ = ["Titles"]


class Titles:
    """Generated clips, each placed on the first free track above the picture.

    Args:
        session: The edit's session.
        studio: Its scope allows the fonts that are named.

    Example:
        >>> cut.titles.add("Hello", start="2s", end="4s", animation="fade")
        >>> cut.titles.template("lower_third_bar", start=1, name="Ada", role="Host")
        >>> cut.duration
        Fraction(5, 1)
    """

    def __init__(self, session: EditSession, studio: Studio) -> None:
        self._session, self._studio = session, studio
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
        """Add a title over the picture.

        Args:
            text: The text, with its line breaks.
            start: The time at which it appears.
            end: The time at which it disappears.
            track: A video track's name; the first free one above the picture if not
                given.
            animation: `fade`, `slide`, `rise`, `typewriter`, `pop`, `roll` or `crawl`.
            style: Parameters of the generator `title`: `size`, `color`, `font` ...

        Raises:
            CompositionError: A parameter is unknown, a value is not allowed, or a font
                is missing.
            TimelineError: The text is empty, or the end is not after the start.

        Example:
            >>> cut.titles.add("Hello", start="2s", end="4s", size=0.1, color="#ffee00")
            >>> cut.timeline.tracks[-1].items[-1].name
            'Hello'
        """
        if not str(text).strip():
            raise TimelineError(f"text={text!r}: give the text that the title shows")
        if "template" in style:
            name = style["template"]
            raise CompositionError(
                "titles.add has no template=: titles.template('lower_third_bar', ...) "
                f"adds the titles of one{suggestion(name, TEMPLATES)}"
            )
        allow_values(self._studio, style)
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
        clip: str | int | Clip,
        *,
        text: str | None = None,
        layer: int | None = None,
        **style: Any,
    ) -> None:
        """Change the text or the style of a title, or of a template's titles.

        Args:
            clip: The title: the clip or its id.
            text: The new text; unchanged if not given.
            layer: The number of one text of a template, from the bottom, from 0.
            style: Parameters to change.

        Raises:
            TimelineError: There is no such clip, or it shows no text; a subtitle is
                changed by `cut.subtitles.set`.
            CompositionError: A parameter is unknown, or its value is not allowed.

        Example:
            >>> cut.titles.set("c3", text="Heavy traffic", color="#ffee00")
            >>> cut.timeline.tracks[-1].items[0].media.generator.parameters["text"]
            'Heavy traffic'
        """
        item = self._resolve.item(clip)
        allow_values(self._studio, style)
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
        """Add an intro, a lower third or an outro over the picture.

        Args:
            name: The template's name: `"lower_third_bar"`.
            start: The time at which it appears.
            duration: How long it is shown; the template's own length if not given.
            track: A video track's name; the first free one above the picture if not
                given.
            values: Its texts: `name="Ada"`, `role="Engineer"`.

        Example:
            >>> cut.titles.template("lower_third_bar", start=1, name="Ada", role="Host")
            >>> cut.timeline.tracks[-1].items[-1].name
            'lower_third_bar'
        """
        if "end" in values:
            raise TimelineError("a template has no end=: give duration=")
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
        """Add a generated picture over the tracks below: `solid`, `gradient` ...

        Example:
            >>> cut.titles.generate("solid", start=0, end="1s", color="#203040")
            >>> cut.timeline.tracks[-1].items[-1].media.label
            'solid'
        """
        allow_values(self._studio, parameters)
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
        """Add an adjustment layer: effects on everything that lies below it.

        Example:
            >>> cut.titles.adjust("sepia", "vignette", start="1s", end="3s")
            >>> cut.timeline.tracks[-1].items[-1].media.is_adjustment
            True
        """
        added = tuple(e if isinstance(e, Effect) else Effect(kind=e) for e in effects)
        allow_effects(self._studio, self._session, added)
        self._session.perform(
            commands.AddAdjustment(
                effects=added,
                start=self._resolve.time(start),
                end=self._resolve.time(end),
                track=track,
            )
        )
