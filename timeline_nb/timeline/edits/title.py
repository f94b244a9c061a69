"""Titles: change the text and the parameters of what was generated."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.edits.settings import set_clip
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import clip_of

__all__ = ["set_title"]


def set_title(
    timeline: Timeline,
    item_id: str,
    *,
    text: str | None = None,
    layer: int | None = None,
    **parameters: Any,
) -> Timeline:
    """Change the text or parameters of a title, or of another generated clip.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the clip.
        text: Its text from now on. A clip that is named after its text is renamed.
        layer: Of a clip made from a template: which of its titles, in their order
            from the bottom, from 0; it may be left out where there is but one.
        parameters: Parameters of the generator; None brings back the default.

    Raises:
        TimelineError: There is no such clip, it is not generated, the layer is not
            one of its titles, or the track is locked.
    """
    clip = clip_of(timeline, item_id)
    changes = dict(parameters) if text is None else {"text": text, **parameters}
    if clip.media.timeline is not None:
        inner = _in_template(clip, layer, changes)
        return set_clip(timeline, item_id, media=replace(clip.media, timeline=inner))
    if layer:
        raise TimelineError(f"{clip.label} is one title: it has no layer {layer}")
    changed = _changed(clip, changes)
    return set_clip(timeline, item_id, name=changed.name, media=changed.media)


def _in_template(clip: Clip, layer: int | None, changes: Mapping[str, Any]) -> Timeline:
    inner = clip.media.timeline
    assert inner is not None  # noqa: S101 - asked by the caller
    titles = [
        (number, index, item)
        for number, track in enumerate(inner.tracks)
        for index, item in enumerate(track.items)
        if isinstance(item, Clip) and _kind(item) == "title"
    ]
    texts = ", ".join(f"{n}: {_text(item)!r}" for n, (*_, item) in enumerate(titles))
    if layer is None and len(titles) != 1:
        raise TimelineError(
            f"{clip.label} has {len(titles)} titles: name one by layer= ({texts})"
            if titles
            else f"{clip.label} has no title"
        )
    if not 0 <= (layer or 0) < len(titles):
        raise TimelineError(f"{clip.label} has no layer {layer}: it has {texts}")
    number, index, item = titles[layer or 0]
    tracks = list(inner.tracks)
    items = list(tracks[number].items)
    items[index] = _changed(item, changes)
    tracks[number] = replace(tracks[number], items=tuple(items))
    return replace(inner, tracks=tuple(tracks))


def _kind(clip: Clip) -> str:
    return clip.media.generator.kind if clip.media.generator else ""


def _text(clip: Clip) -> str:
    generator = clip.media.generator
    return str(generator.parameters.get("text", "")) if generator else ""


def _changed(clip: Clip, changes: Mapping[str, Any]) -> Clip:
    generator = clip.media.generator
    if generator is None:
        raise TimelineError(
            Message("{clip} shows media: it has no text to change", clip=clip.label)
        )
    if "text" in changes and generator.kind != "title":
        raise TimelineError(f"{clip.label} is a {generator.kind}: it has no text")
    parameters = {**generator.parameters, **changes}
    kept = {name: value for name, value in parameters.items() if value is not None}
    name = clip.name
    if "text" in changes and name in {_text(clip), _text(clip).partition("\n")[0]}:
        name = str(changes["text"]).partition("\n")[0] or generator.kind
    media = replace(clip.media, generator=replace(generator, parameters=kept))
    return replace(clip, name=name, media=media)
