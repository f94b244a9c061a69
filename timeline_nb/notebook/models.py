"""Detection models in a notebook: list, add, download."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.notebook.progress import finish
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

    Example:
        >>> tl.models.table()["name"].tolist()[0]
        'nanodet-g-416'
        >>> tl.models.add("detector.onnx", name="mine").name
        'mine'
        >>> tl.models.remove("mine")
    """

    def __init__(self, studio: Studio | None = None) -> None:
        self._studio = studio

    @property
    def _owner(self) -> Studio:
        return self._studio or default_studio()

    def table(self) -> "pd.DataFrame":
        """Return one row per model: name, here, license, about, size_mb, source.

        Example:
            >>> tl.models.table()[["name", "here", "license"]].head(2)
                        name   here                                            license
            0  nanodet-g-416   True  Apache-2.0 (weights), MIT (package they were t...
            1     yolox-nano  False                                         Apache-2.0
        """
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
        """Copy an ONNX file to the models folder, to be used by name.

        It is loaded and run once in a process of its own first, within the studio's
        `Settings.model_limits`.

        Args:
            path: The file: a YOLO, YOLOX, NanoDet, DETR or face detector; which, is
                read from its outputs.
            name: Its name; the file's if not given.
            spec: What the file does not say of itself.
            license: Of its weights.

        Raises:
            RecognitionError: The file or the name cannot be used.

        Example:
            >>> entry = tl.models.add("detector.onnx", name="mine", license="MIT")
            >>> entry.name, entry.license
            ('mine', 'MIT')
            >>> tl.models.remove("mine")
        """
        return self._owner.models.add(Path(path), name=name, spec=spec, license=license)

    def remove(self, name: str) -> None:
        """Delete a model's file.

        Raises:
            RecognitionError: It is not on this machine.

        Example:
            >>> entry = tl.models.add("detector.onnx", name="mine")
            >>> tl.models.remove("mine")
            >>> "mine" in tl.models.table()["name"].tolist()
            False
        """
        self._owner.models.remove(name)

    def pull(self, name: str) -> Path:
        """Download a model of the table, with a progress bar; print its license first.

        Raises:
            RecognitionError: There is no such model, or it cannot be downloaded.

        Example:
            >>> tl.models.pull("yolox-s")  # doctest: +SKIP
            yolox-s: Apache-2.0, from https://github.com/...
            >>> src.detect(model="yolox-s")  # doctest: +SKIP
        """
        entry = self._owner.models.entry(name)
        print(f"{entry.name}: {entry.license}, from {entry.source}")  # noqa: T201
        return finish(lambda: self.start_pull(name))

    def start_pull(self, name: str) -> "Job[Path]":
        """Start `pull` as a job, which can be awaited, watched and cancelled.

        Example:
            >>> job = tl.models.start_pull("yolox-s")  # doctest: +SKIP
            >>> await job  # doctest: +SKIP
        """
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
