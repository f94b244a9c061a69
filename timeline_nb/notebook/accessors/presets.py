"""`cut.effects.presets`: effects saved by name, applied to clips, shared as files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.access.use import use_scope
from timeline_nb.commands import effects as commands
from timeline_nb.commands.session import EditSession
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import read_limited
from timeline_nb.core.files import write_atomic
from timeline_nb.core.output_names import output_path
from timeline_nb.effects.presets import (
    MAX_PRESET_BYTES,
    EffectPreset,
    read_preset,
)
from timeline_nb.effects.takers import takers_of
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.notebook.resolve import OwnerLike, Resolver
from timeline_nb.studio import Studio
from timeline_nb.timeline.edits import effects_from_start

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EffectPresets"]


class EffectPresets:
    """The presets of this person: effects by name, with their keyframes.

    Args:
        session: The edit's session.
        studio: Its data folder keeps them.

    Example:
        >>> cut.effects.add("c1", "sepia")
        >>> cut.effects.presets.save("c1", "old film")
        >>> cut.effects.presets.to_dataframe()["name"].tolist()
        ['old film']
    """

    def __init__(self, session: EditSession, studio: Studio) -> None:
        self._session, self._store = session, studio.presets
        self._resolve = Resolver(session)

    def save(
        self,
        owner: OwnerLike,
        name: str,
        effects: Iterable[int | str] | None = None,
    ) -> None:
        """Save effects of a clip or track by name, in place of a preset of that name.

        Speed, stabilization and redactions belong to one clip and are left out.

        Args:
            owner: A clip, a track's name, or None for the timeline.
            name: The preset's.
            effects: Their numbers or kinds; all of them if not given.

        Raises:
            CompositionError: The name is empty, or no effect can be kept.
            TimelineError: There is no such owner or effect.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.presets.save("c1", "old film", ["sepia"])
        """
        own = self._resolve.owner(owner)
        numbers = (
            None
            if effects is None
            else [self._resolve.effect(own, effect) for effect in effects]
        )
        self._store.save(name, effects_from_start(self._session.timeline, own, numbers))

    def apply(self, owners: OwnerLike | Iterable[OwnerLike], name: str) -> None:
        """Add the effects of a preset to clips, in one step.

        Effects on sound go to the sound that is linked to a clip.

        Raises:
            CompositionError: There is no such preset; the nearest is named.
            TimelineError: There is no such clip, or its track is locked.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.presets.save("c1", "old film")
            >>> cut.effects.presets.apply(["c2"], "old film")
            >>> cut.effects.of("c2")[0].kind
            'sepia'
        """
        preset = self._store.get(name)
        several = (
            owners
            if isinstance(owners, Iterable) and not isinstance(owners, str)
            else [owners]
        )
        own = [self._resolve.owner(owner) for owner in several]
        with self._session.group(Message("apply preset")):
            for takers, effects in takers_of(
                self._session.timeline, own, preset.effects
            ):
                self._session.perform(
                    commands.AddEffects(owners=takers, effects=effects)
                )

    def remove(self, name: str) -> None:
        """Remove a preset; clips keep the effects that it gave them.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.presets.save("c1", "to remove")
            >>> cut.effects.presets.remove("to remove")
            >>> "to remove" in cut.effects.presets.to_dataframe()["name"].tolist()
            False
        """
        self._store.remove(name)

    def export(self, name: str, path: Path | str) -> None:
        """Write a preset to a JSON file, for others.

        Raises:
            CompositionError: There is no such preset, or the file cannot be written.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.presets.save("c1", "old film")
            >>> cut.effects.presets.export("old film", "old_film.json")
        """
        target = output_path(
            path, CompositionError, what="the preset, such as 'warm.json'"
        )
        data = self._store.get(name).to_json()
        with file_errors(target, CompositionError):
            write_atomic(target, data)

    def import_file(self, path: Path | str) -> str:
        """Keep the preset of a JSON file, and return its name.

        Raises:
            CompositionError: It is no preset, or the catalog refuses an effect of it.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.presets.save("c1", "old film")
            >>> cut.effects.presets.export("old film", "shared.json")
            >>> cut.effects.presets.import_file("shared.json")
            'old film'
        """
        # A person names it in a cell.
        with use_scope(None):
            data = read_limited(path, MAX_PRESET_BYTES, CompositionError)
        preset = read_preset(data, what=str(path))
        self._store.add(preset)
        return preset.name

    def __iter__(self) -> Iterator[EffectPreset]:
        return iter(self._store.all())

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per preset: `name` and `effects`, the kinds in order.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.presets.save("c1", "old film")
            >>> cut.effects.presets.to_dataframe().columns.tolist()
            ['name', 'effects']
        """
        import pandas as pd

        rows = [
            {"name": preset.name, "effects": [own.kind for own in preset.effects]}
            for preset in self._store.all()
        ]
        return pd.DataFrame(rows, columns=["name", "effects"])

    def __repr__(self) -> str:
        names = ", ".join(repr(preset.name) for preset in self._store.all())
        return f"<EffectPresets: {names or 'none'}>"

    def _repr_html_(self) -> str:
        return str(self.to_dataframe().to_html(index=False, escape=True))
