"""Warnings of a render: what it leaves out, or may get wrong."""

from collections.abc import Iterable, Iterator

from timeline_nb.compose.sources import MediaOpener
from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.effects.catalog import specs_of
from timeline_nb.effects.chain import SOURCED, Chain
from timeline_nb.effects.titles.checks import text_faults
from timeline_nb.effects.titles.styles import SUBTITLE
from timeline_nb.i18n import Message
from timeline_nb.media.color import stream_colors
from timeline_nb.media.streams import unheard
from timeline_nb.timeline.edits import uncovered
from timeline_nb.timeline.model import Clip, Effect, Subtitle, Timeline, Track
from timeline_nb.timeline.queries import clips

__all__ = ["uncovered_warnings", "warnings_of"]


def warnings_of(
    timeline: Timeline, library: MediaOpener, *, hdr: bool = False
) -> list[str]:
    """Return warnings of what a render leaves out or may get wrong.

    Args:
        timeline: What is rendered.
        library: Probes files.
        hdr: Whether the film is HDR.
    """
    found = list(_unknown(Message("the timeline"), timeline.effects))
    for track in timeline.tracks:
        found += _unknown(
            Message("track {track}", track=repr(track.name)), track.effects
        )
        if track.kind == "subtitle" and track.enabled:
            found += _of_lines(track)
    seen: set[str] = set()
    for clip in clips(timeline):
        own = Message("clip {clip}", clip=clip.label)
        found += _unknown(own, clip.effects)
        if clip.media.timeline is not None:
            inner = warnings_of(clip.media.timeline, library, hdr=hdr)
            found += [Message("{where}: {what}", where=own, what=one) for one in inner]
        if clip.media.is_file and clip.media.path not in seen:
            seen.add(clip.media.path)
            found += _of_file(clip, library)
        if hdr and clip.media.is_file and Chain(clip.effects):
            found += _toned(clip, library)
    return [*found, *_unheard_streams(timeline, library)]


def uncovered_warnings(timeline: Timeline) -> list[str]:
    """Return a warning for each clip of redacted media that is not redacted itself."""
    return [
        Message(
            "clip {clip} is not redacted, and other clips of {path} are: redact it, "
            "too, or remove it",
            clip=clip.label,
            path=clip.media.path,
        )
        for clip in uncovered(timeline)
    ]


def _unheard_streams(timeline: Timeline, library: MediaOpener) -> Iterator[str]:
    """Yield a warning for each file with an audio stream that no clip plays."""
    choices: dict[str, set[AudioChoice]] = {}
    for track in timeline.tracks:
        if track.kind == "audio" and track.enabled:
            for item in track.items:
                if isinstance(item, Clip) and item.media.is_file:
                    choices.setdefault(item.media.path, set()).add(item.audio)
    for path, chosen in choices.items():
        info = library.probe(path)
        left = unheard(info, chosen) if len(info.audio) > 1 else ""
        if left:
            yield Message(
                "{path}: its sound {left} is left out: give its clips audio='all', or "
                "the places of those to be heard, as in audio=[0, 1]",
                path=path,
                left=left,
            )


def _toned(clip: Clip, library: MediaOpener) -> Iterator[str]:
    info = library.probe(clip.media.path, assumed=clip.media.assumed)
    if info.video and stream_colors(info).is_hdr:
        yield Message(
            "clip {clip} is HDR, and its effects are applied in SDR: what is brighter "
            "than a diffuse white is rolled off",
            clip=clip.label,
        )


def _unknown(owner: str, effects: Iterable[Effect]) -> Iterator[str]:
    for effect in effects:
        if effect.enabled and effect.kind not in SOURCED:
            if any(specs_of(effect.kind)):
                continue
            yield Message(
                "{owner}: the effect {kind} is not known and not applied",
                owner=owner,
                kind=repr(effect.kind),
            )


def _of_lines(track: Track) -> Iterator[str]:
    """Yield what of a track's subtitles cannot be drawn; each message once, counted."""
    lines = [item for item in track.items if isinstance(item, Subtitle)]
    texts = [(own.text, {**SUBTITLE, **track.style, **own.style}) for own in lines]
    faults: dict[str, list[int]] = {}
    for number, message in text_faults(texts):
        faults.setdefault(message, []).append(number)
    for message, numbers in faults.items():
        first = lines[numbers[0]].text.replace("\n", " ")[:40]
        more = len(numbers) - 1
        values = {"track": repr(track.name), "line": repr(first), "why": message}
        if more:
            yield Message.counted(
                "track {track}, {line} and {count} more line: {why}",
                "track {track}, {line} and {count} more lines: {why}",
                more,
                **values,
            )
        else:
            yield Message("track {track}, {line}: {why}", **values)


def _of_file(clip: Clip, library: MediaOpener) -> Iterator[str]:
    path = clip.media.path
    info = library.probe(path)
    if clip.media.fingerprint and info.fingerprint != clip.media.fingerprint:
        yield Message("{path} has changed since it was put in", path=path)
