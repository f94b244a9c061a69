"""Models by name: those of the manifest, and those that a person added."""

import os
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from timeline_nb.access.use import open_file
from timeline_nb.core.app_dirs import cache_dir
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.files import write_atomic
from timeline_nb.core.near_names import suggestion
from timeline_nb.core.structs import fault_of, from_json
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.inference.trial import ModelTrials
from timeline_nb.recognition.layouts.choose import choose_layout
from timeline_nb.recognition.layouts.layout import OutputLayout
from timeline_nb.recognition.models.card import (
    DEFAULT_SIDE,
    ModelCard,
    read_card,
    with_open_input,
)
from timeline_nb.recognition.models.manifest import (
    ModelEntry,
    manifest,
    read_embedded,
)
from timeline_nb.recognition.models.spec import ModelSpec

__all__ = ["LoadedModel", "ModelRegistry", "load_embedded", "load_file"]

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
# Protobuf cannot hold more in one file.
_LARGEST_BYTES: Final = 2**31


@dataclass(frozen=True)
class LoadedModel:
    """A model file with its layout, ready to be run.

    Args:
        name: How messages call it.
        data: The file's bytes, which are what runs.
        sha256: Of the file as it lies on disk.
        layout: What it takes and gives.
        operators: The kinds of its nodes.
        trials: Tries what is made of it before that runs; None if it is trusted, as it
            comes with the package.
    """

    name: str
    data: bytes
    sha256: str
    layout: OutputLayout
    operators: frozenset[str] = frozenset()
    trials: ModelTrials | None = None


def load_embedded() -> LoadedModel:
    """Return the model that comes with the package.

    Raises:
        RecognitionError: The file was changed.
    """
    entry, data = read_embedded()
    return _trusted(entry.name, data, entry.sha256, entry.spec)


def load_file(
    path: Path, spec: ModelSpec | None = None, trials: ModelTrials | None = None
) -> LoadedModel:
    """Load an ONNX file, and find its input and its output layout.

    It is read and run in a child process first, unless it is known.

    Args:
        path: The file.
        spec: What it does not say of itself.
        trials: Tries it; with the default limits if not given.

    Raises:
        RecognitionError: There is no such file, or it cannot be used.
    """
    data = _read(path)
    digest = sha256(data).hexdigest()
    return _tried(path.name, data, digest, spec or ModelSpec(), trials or _trials())


class ModelRegistry:
    """The models of the user's folder and of the manifest.

    Args:
        folder: Made when something is added. A model is an ONNX file and a JSON file
            of the same name beside it.
        trials: Tries files before they run; with the default limits if not given.
    """

    def __init__(self, folder: Path, trials: ModelTrials | None = None) -> None:
        self.folder = folder
        self._trials = trials or _trials()

    def entries(self) -> list[ModelEntry]:
        """List all models by name; the user's replace those of the manifest."""
        own = {}
        for path in sorted(self.folder.glob("*.json")):
            try:
                entry = from_json(path.read_bytes(), ModelEntry)
            except OSError as error:
                raise _unreadable(path, str(error)) from error
            except msgspec.MsgspecError as error:
                raise _unreadable(path, fault_of(error)) from None
            own[entry.name] = entry
        known = [entry for entry in manifest().models if entry.name not in own]
        return [*known, *own.values()]

    def entry(self, name: str) -> ModelEntry:
        """Return the model of that name.

        Raises:
            RecognitionError: There is none.
        """
        for entry in self.entries():
            if entry.name == name:
                return entry
        names = [entry.name for entry in self.entries()]
        raise RecognitionError(f"there is no model {name!r}{suggestion(name, names)}")

    def is_here(self, entry: ModelEntry) -> bool:
        """Return whether the file of a model is on this machine."""
        return entry.name == manifest().default or self.path_of(entry).is_file()

    def path_of(self, entry: ModelEntry) -> Path:
        """Return where the file of a model lies, or would lie."""
        return self.folder / entry.file

    def load(
        self, model: str | Path | None, spec: ModelSpec | None = None
    ) -> LoadedModel:
        """Load a model, and find its input and its output layout.

        Args:
            model: A name, an ONNX file, or None for the embedded one.
            spec: Known by the caller; overrides what the file says.

        Raises:
            RecognitionError: There is no such model, or it cannot be used.
        """
        if model is None or model == manifest().default:
            return load_embedded()
        if isinstance(model, Path) or _is_path(model):
            return load_file(Path(model), spec, self._trials)
        entry = self.entry(model)
        if not self.is_here(entry):
            raise RecognitionError(
                f"the model {entry.name} is not on this machine yet: fetch it with "
                f"`timeline-nb models pull {entry.name}` (license: {entry.license})"
            )
        data = _read(self.path_of(entry))
        digest = sha256(data).hexdigest()
        if digest != entry.sha256:
            raise RecognitionError(
                f"{self.path_of(entry)} is not the file that was added (its SHA-256 "
                f"is {digest}): add or fetch the model {entry.name} again"
            )
        if _is_of_manifest(entry):
            return _trusted(entry.name, data, digest, spec or entry.spec)
        return _tried(entry.name, data, digest, spec or entry.spec, self._trials)

    def add(
        self,
        path: Path | str,
        *,
        name: str = "",
        spec: ModelSpec | None = None,
        license: str = "",  # noqa: A002 - the word that model cards use
    ) -> ModelEntry:
        """Copy an ONNX file to the folder, to be used by name.

        Args:
            path: The file.
            name: Its name; the file's if not given.
            spec: What the file does not say of itself.
            license: Of its weights.

        Raises:
            RecognitionError: The file or the name cannot be used.
        """
        path = Path(path)
        name = name or path.stem.lower()
        if not _NAME.fullmatch(name) or name == manifest().default:
            raise RecognitionError(
                f"{name!r} cannot name a model: use small letters, digits, "
                "'.', '_' and '-'"
            )
        data = _read(path)
        digest = sha256(data).hexdigest()
        _tried(path.name, data, digest, spec or ModelSpec(), self._trials)
        entry = ModelEntry(
            name=name,
            file=f"{name}.onnx",
            sha256=digest,
            license=license,
            source=str(path),
            size_bytes=len(data),
            spec=spec or ModelSpec(),
        )
        with file_errors(self.path_of(entry), RecognitionError):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomic(self.path_of(entry), data)
            write_atomic(self.folder / f"{name}.json", msgspec.json.encode(entry))
        return entry

    def remove(self, name: str) -> None:
        """Delete a model's files.

        Raises:
            RecognitionError: It is not in the folder.
        """
        entry = self.entry(name)
        if not self.path_of(entry).is_file():
            raise RecognitionError(f"the model {name} is not in {self.folder}")
        with file_errors(self.path_of(entry), RecognitionError, verb="removed"):
            (self.folder / f"{name}.json").unlink(missing_ok=True)
            self.path_of(entry).unlink()


def _unreadable(path: Path, why: str) -> RecognitionError:
    return RecognitionError(
        f"the entry {path} cannot be read ({why}): add the model again"
    )


def _is_path(model: str) -> bool:
    return model.endswith(".onnx") or "/" in model or "\\" in model


def _read(path: Path) -> bytes:
    name = f"the model {path}"
    with file_errors(name, RecognitionError, verb="read"), open_file(path) as file:
        if os.fstat(file.fileno()).st_size >= _LARGEST_BYTES:
            raise RecognitionError(f"{name} is larger than ONNX files can be")
        return file.read()


def _trials() -> ModelTrials:
    return ModelTrials(cache_dir() / "models")


def _is_of_manifest(entry: ModelEntry) -> bool:
    """Return whether the package names this very file, and so vouches for it."""
    return entry.sha256 in {known.sha256 for known in manifest().models}


def _trusted(name: str, data: bytes, digest: str, spec: ModelSpec) -> LoadedModel:
    """Load a file that the package's manifest names; it runs without a trial."""
    from timeline_nb.recognition.inference.providers import shapes_given

    card = read_card(data, name)
    if card.is_vague:
        side = spec.side or card.image_size or DEFAULT_SIDE
        try:
            card = replace(card, outputs=dict(shapes_given(data, side)))
        except RuntimeError as error:
            raise RecognitionError(
                f"the model {name} cannot be loaded: {error}"
            ) from error
    return _with_layout(data, digest, card, spec)


def _tried(
    name: str, data: bytes, digest: str, spec: ModelSpec, trials: ModelTrials
) -> LoadedModel:
    """Load a file from outside: it is read and run in a child process first."""
    if spec.side is not None:
        trials.limits.check_side(name, spec.side)
    trial = trials.tried(data, name, spec.side)
    card = trial.card
    if card.is_vague:
        card = replace(card, outputs=dict(trial.outputs))
    loaded = _with_layout(data, digest, card, spec)
    trials.limits.check_side(name, loaded.layout.side)
    return replace(loaded, trials=trials)


def _with_layout(
    data: bytes, digest: str, card: ModelCard, spec: ModelSpec
) -> LoadedModel:
    layout = choose_layout(card, spec)
    if layout.name == "centerface":
        data = with_open_input(data)
    return LoadedModel(card.name, data, digest, layout, card.operators)
