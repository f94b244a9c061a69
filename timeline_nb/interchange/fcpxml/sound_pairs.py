"""Pictures and the sound of the same file, which Final Cut has in one clip."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatItem,
    FlatTrack,
    FlatTransition,
)

__all__ = ["SoundPairs", "pairs_of", "unpaired"]


@dataclass
class SoundPairs:
    """The sounds that are written with their pictures.

    Args:
        sounds: The sound's track and clip, by the `id()` of the picture's clip.
        taken: The `id()` of clips of sound that need not be written again, and of
            transitions between two of them.
    """

    sounds: dict[int, tuple[FlatTrack, FlatClip]] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def crossfades(self, before: FlatItem | None, after: FlatItem | None) -> bool:
        """Return whether a transition of pictures is one of their sounds too."""
        return (id(before), id(after)) in self._faded

    _faded: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True)
class _Joint:
    """A transition, with the clips around it."""

    before: FlatItem | None
    item: FlatTransition
    after: FlatItem | None


def pairs_of(edit: FlatEdit) -> SoundPairs:
    """Return which clips of sound belong to clips of pictures.

    They are linked, show the same media at the same time and speed, and cross-fade
    where the pictures do.
    """
    sounds: dict[object, list[tuple[FlatTrack, FlatClip]]] = {}
    for track in edit.tracks:
        if track.kind == "audio" and not track.effects:
            for clip in track.clips:
                sounds.setdefault(_key(clip), []).append((track, clip))
    pairs = SoundPairs()
    for track in edit.tracks:
        if track.kind != "video":
            continue
        for clip in track.clips:
            found = sounds.get(_key(clip), [])
            if clip.link and clip.media.has_audio and len(found) == 1:
                sound_track, sound = found[0]
                if sound_track.enabled == track.enabled and not sound.effects:
                    pairs.sounds[id(clip)] = found.pop()
                    pairs.taken.add(id(sound))
    _keep_joints(edit, pairs)
    return pairs


def unpaired(edit: FlatEdit, pairs: SoundPairs) -> Iterator[tuple[FlatTrack, FlatClip]]:
    """Yield clips that are linked to others, and are written apart from them."""
    counts = Counter(
        clip.link for track in edit.tracks for clip in track.clips if clip.link
    )
    for track in edit.tracks:
        for clip in track.clips:
            is_paired = id(clip) in pairs.sounds or id(clip) in pairs.taken
            if counts[clip.link] > 1 and not (is_paired and counts[clip.link] == 2):
                yield track, clip


def _key(clip: FlatClip) -> object:
    media = clip.media
    what = media.path if media.is_file else media.edit and media.edit.name
    span = (clip.start, clip.duration, clip.source_start)
    return (clip.link, what, span, clip.speed, clip.ramp, clip.enabled)


def _keep_joints(edit: FlatEdit, pairs: SoundPairs) -> None:
    """Take apart what cross-fades otherwise than its picture does."""
    pictures = {id(sound): number for number, (_, sound) in pairs.sounds.items()}
    joints = [joint for track in edit.tracks for joint in _joints(track)]
    of_pictures = {
        (id(joint.before), id(joint.after)): joint.item
        for joint in joints
        if id(joint.before) in pairs.sounds and id(joint.after) in pairs.sounds
    }
    faded: list[tuple[_Joint, tuple[int, int]]] = []
    split = True
    while split:
        split, faded = False, []
        for joint in joints:
            sides = [side for side in (joint.before, joint.after) if side is not None]
            mine = [side for side in sides if id(side) in pairs.taken]
            if not mine:
                continue
            both = (pictures.get(id(joint.before)), pictures.get(id(joint.after)))
            picture = of_pictures.get((both[0] or 0, both[1] or 0))
            is_same = picture is not None and _same(picture, joint.item)
            if is_same and len(mine) == 2:
                faded.append((joint, (both[0] or 0, both[1] or 0)))
                continue
            for side in mine:
                pairs.taken.discard(id(side))
                pairs.sounds.pop(pictures[id(side)], None)
            split = True
    for joint, key in faded:
        pairs.taken.add(id(joint.item))
        pairs._faded.add(key)  # noqa: SLF001 - its own module


def _joints(track: FlatTrack) -> Iterator[_Joint]:
    items = track.items
    for number, item in enumerate(items):
        if isinstance(item, FlatTransition):
            before = items[number - 1] if number else None
            after = items[number + 1] if number + 1 < len(items) else None
            yield _Joint(before, item, after)


def _same(one: FlatTransition, other: FlatTransition) -> bool:
    first = (one.at, one.in_offset, one.out_offset)
    return first == (other.at, other.in_offset, other.out_offset)
