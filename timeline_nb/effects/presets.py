"""Presets: effects saved by name, with their keyframes, to apply and to share.

A preset is a JSON file. What it holds is checked by the catalog: kinds, parameters and
ranges. Effects that belong to one file (redactions, a measured stabilization, a speed)
are left out, since they mean nothing on another clip.
"""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from timeline_nb.access.use import use_scope
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.core.files import write_atomic
from timeline_nb.core.near_names import suggestion
from timeline_nb.core.structs import fault_of, from_json, to_json
from timeline_nb.effects.chain import SOURCED, check_effect
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.timeline.model import Effect

__all__ = [
    "MAX_PRESET_BYTES",
    "MOST_PRESET_LETTERS",
    "EffectPreset",
    "PresetStore",
    "made_preset",
    "read_preset",
]

MOST_PRESET_LETTERS: Final = 100
_MOST_PRESETS: Final = 1_000
MAX_PRESET_BYTES: Final = FileLimit("TIMELINE_NB_MAX_PRESET_BYTES", 4_000_000)
# They are made for one file.
_OF_ONE_CLIP: Final = frozenset({"speed", *SOURCED})


class EffectPreset(msgspec.Struct, frozen=True, kw_only=True):
    """Effects under a name.

    Args:
        name: As people see it.
        effects: In the order in which they are applied; the times of their keyframes
            count from the first frame of a clip.
        format: What the file is.
        version: Of the format.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_PRESET_LETTERS)]
    effects: Annotated[tuple[Effect, ...], msgspec.Meta(min_length=1, max_length=100)]
    format: Literal["timeline_nb effects"] = "timeline_nb effects"
    version: Literal[1] = 1

    def to_json(self) -> bytes:
        """Return the preset as the text of a file."""
        return msgspec.json.format(to_json(self), indent=2) + b"\n"


def made_preset(name: str, effects: Iterable[Effect]) -> EffectPreset:
    """Return effects of a clip as a preset.

    Raises:
        CompositionError: The name is empty or too long, or no effect can be kept.
    """
    name = name.strip()
    if not 0 < len(name) <= MOST_PRESET_LETTERS:
        raise CompositionError(
            Message(
                "a preset has a name of up to {most} letters",
                most=MOST_PRESET_LETTERS,
            )
        )
    kept = tuple(effect for effect in effects if effect.kind not in _OF_ONE_CLIP)
    if not kept:
        raise CompositionError(
            Message(
                "the preset {name} would be empty: add effects first; "
                "speed, stabilization and redactions belong to one clip "
                "and are not kept",
                name=repr(name),
            )
        )
    return EffectPreset(name=name, effects=kept)


def read_preset(data: bytes | str, *, what: str = "the preset") -> EffectPreset:
    """Return a preset whose effects the catalog has checked.

    Raises:
        CompositionError: It is no preset, or an effect, a parameter or a value is not
            allowed; the effect and the parameter are named.
    """
    try:
        found = from_json(data, EffectPreset)
    except (msgspec.MsgspecError, RecursionError) as error:
        fault = fault_of(error) if isinstance(error, msgspec.MsgspecError) else "deep"
        raise CompositionError(
            Message("{what} is no preset of effects: {fault}", what=what, fault=fault)
        ) from None
    for effect in found.effects:
        if effect.kind in _OF_ONE_CLIP:
            raise CompositionError(
                Message(
                    "{what}: {kind} belongs to one clip and cannot be shared",
                    what=what,
                    kind=repr(effect.kind),
                )
            )
        check_effect(effect)
    return found


class PresetStore:
    """The presets of a person, a file each.

    Args:
        folder: Where they are kept; it is made when the first one is saved.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[EffectPreset]:
        """Return the presets by name; files that are no presets are left out."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                found.append(self._read(path))
            except CompositionError:
                # Of a plugin that is not here, or written by something else.
                continue
        return sorted(found, key=lambda preset: preset.name.casefold())

    def get(self, name: str) -> EffectPreset:
        """Return a preset.

        Raises:
            CompositionError: There is none of that name; the nearest is named.
        """
        path = self._path(name)
        if not path.is_file():
            known = [preset.name for preset in self.all()]
            raise CompositionError(
                Message(
                    "there is no preset {name}{hint}",
                    name=repr(name),
                    hint=suggestion(name, known),
                )
            )
        return self._read(path)

    def save(self, name: str, effects: Iterable[Effect]) -> EffectPreset:
        """Keep effects under a name, in place of those that had it.

        Raises:
            CompositionError: As `made_preset`; there are too many; or the folder
                cannot be written.
        """
        preset = made_preset(name, effects)
        self.add(preset)
        return preset

    def add(self, preset: EffectPreset) -> None:
        """Keep a preset, in place of one of its name.

        Raises:
            CompositionError: There are too many, or the folder cannot be written.
        """
        path = self._path(preset.name)
        if (
            not path.exists()
            and len(list(self._folder.glob("*.json"))) >= _MOST_PRESETS
        ):
            raise CompositionError(
                Message(
                    "there are {most} presets: remove some first",
                    most=f"{_MOST_PRESETS:,}",
                )
            )
        with file_errors(path, CompositionError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomic(path, preset.to_json())

    def remove(self, name: str) -> None:
        """Remove a preset.

        Raises:
            CompositionError: There is none of that name.
        """
        self.get(name)
        with file_errors(self._path(name), CompositionError, verb="removed"):
            self._path(name).unlink(missing_ok=True)

    def _read(self, path: Path) -> EffectPreset:
        # Our own folder, whatever an edit may read.
        with use_scope(None):
            data = read_limited(path, MAX_PRESET_BYTES, CompositionError)
        return read_preset(data, what=str(path))

    def _path(self, name: str) -> Path:
        key = name.strip().casefold().encode()
        return self._folder / f"{blake2b(key, digest_size=12).hexdigest()}.json"
