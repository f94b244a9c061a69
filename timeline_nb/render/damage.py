"""What a render does with frames that do not decode."""

from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.target import Target
from timeline_nb.segments.damaged_frames import find_damage
from timeline_nb.timeline.model import Timeline

__all__ = ["damage_warnings", "refuse_damage"]


def refuse_damage(drawn: Timeline, target: Target, library: MediaLibrary) -> None:
    """Refuse known damage where `on_damage` is `error`.

    Raises:
        RenderError: Frames of the film are known not to decode.
    """
    if target.video is not None and target.video.on_damage == "error":
        damage = find_damage(drawn, library, target.span)
        if damage:
            raise RenderError(
                Message(
                    "{damage}: on_damage='error' does not let it pass", damage=damage[0]
                )
            )


def damage_warnings(
    drawn: Timeline, target: Target, library: MediaLibrary
) -> list[str]:
    """Return warnings about frames that do not decode, by clip."""
    if target.video is None:
        return []
    held = target.video.on_damage == "hold"
    stand_in = "a good one beside it is held" if held else "black is shown"
    found = find_damage(drawn, library, target.span)
    return [f"{stretch}: {stand_in}" for stretch in found]
