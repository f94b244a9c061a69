"""The models of a notebook: look them up, add your own, fetch others."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.notebook.progress import finish, watch
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.recognition.models.manifest import ModelEntry
    from timeline_nb.recognition.models.spec import ModelSpec

__all__ = ["Models", "models"]


class Models:
    """Detection models by name; a cell shows them as a table.

    Args:
        studio: Whose folders to use; the notebook's own if not given.
    """

    def __init__(self, studio: Studio | None = None) -> None:
        self._studio = studio

    @property
    def _owner(self) -> Studio:
        return self._studio or default_studio()

    def table(self) -> "pd.DataFrame":
        """One row a model: `name`, `here`, `license`, `about`, `size_mb`, `source`."""
        import pandas as pd

        registry = self._owner.models
        rows = [
            {
                "name": entry.name,
                "here": registry.is_here(entry),
                "license": entry.license,
                "about": entry.about,
                "size_mb": round(entry.size_bytes / 1e6, 1) or None,
                "source": entry.source,
            }
            for entry in registry.entries()
        ]
        return pd.DataFrame(rows)

    def add(
        self,
        path: Path | str,
        *,
        name: str = "",
        spec: "ModelSpec | None" = None,
        license: str = "",  # noqa: A002 - the word that model cards use
    ) -> "ModelEntry":
        """Take a copy of an ONNX file in, to be used by name from now on.

        Args:
            path: The file: a detector of the YOLO line, YOLOX, NanoDet, DETR, a face
                detector; what it is, is read from it.
            name: What to call it; the file's name if not given.
            spec: What the file does not say of itself.
            license: Of its weights.

        Raises:
            RecognitionError: The file cannot be used, or the name cannot be one.
        """
        return self._owner.models.add(Path(path), name=name, spec=spec, license=license)

    def remove(self, name: str) -> None:
        """Take a model's file away.

        Raises:
            RecognitionError: It is not on this machine.
        """
        self._owner.models.remove(name)

    def pull(self, name: str) -> Path:
        """Fetch a model of the table, with a progress bar; its license is told first.

        Raises:
            RecognitionError: There is no such model, or it cannot be fetched.
        """
        entry = self._owner.models.entry(name)
        print(f"{entry.name}: {entry.license}, from {entry.source}")  # noqa: T201
        return finish(watch(self.start_pull(name)))

    def start_pull(self, name: str) -> "Job[Path]":
        """As `pull`, but as a job to be awaited, watched or cancelled."""
        from timeline_nb.recognition.models.download import fetch

        registry = self._owner.models
        entry = registry.entry(name)

        def work(reporter: Reporter) -> Path:
            if registry.is_here(entry):
                return registry.path_of(entry)
            return fetch(entry, registry.path_of(entry), reporter)

        return self._owner.start(f"pull {name}", work)

    def __repr__(self) -> str:
        names = ", ".join(entry.name for entry in self._owner.models.entries())
        return f"<Models {names}>"

    def _repr_html_(self) -> Any:
        return self.table().to_html(index=False, escape=True)


models = Models()
