"""The models that the package knows by name: one comes with it, others are fetched."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.models.spec import ModelSpec

__all__ = ["Manifest", "ModelEntry", "manifest", "model_dir", "read_embedded"]


class ModelEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A model and where its file is.

    Args:
        name: What a person calls it.
        file: Its name in the models folder.
        sha256: Of the file, in hex.
        license: Of the weights, and of the package they were taken from.
        source: The project they come from.
        about: What it finds, and what it is good for.
        url: Where the file can be fetched; empty for files that are here.
        size_bytes: Of the file; 0 if unknown.
        spec: What the file does not say of itself.
    """

    name: str
    file: str
    sha256: str
    license: str = ""
    source: str = ""
    about: str = ""
    url: str = ""
    size_bytes: int = 0
    spec: ModelSpec = ModelSpec()


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """All models, and the one that is used when none is named.

    Args:
        default: The name of that one.
        models: Each model.
        labels: Lists of labels by name, which specs refer to as `@name`.
    """

    default: str
    models: tuple[ModelEntry, ...]
    labels: dict[str, tuple[str, ...]] = {}


def model_dir() -> Path:
    """Return the models folder: in the installed package, or beside it in a checkout.

    Raises:
        RecognitionError: There is none.
    """
    package = Path(__file__).parents[2]
    for folder in (package / "models", package.parent / "models"):
        if (folder / "manifest.json").is_file():
            return folder
    raise RecognitionError(
        f"no models come with this installation ({package}): install the wheel again"
    )


@cache
def manifest() -> Manifest:
    """Return the manifest that comes with the package, its labels put in."""
    data = (model_dir() / "manifest.json").read_bytes()
    read = msgspec.json.decode(data, type=Manifest)
    return msgspec.structs.replace(
        read, models=tuple(_with_labels(entry, read.labels) for entry in read.models)
    )


def _with_labels(entry: ModelEntry, lists: dict[str, tuple[str, ...]]) -> ModelEntry:
    labels = entry.spec.labels
    if len(labels) != 1 or not labels[0].startswith("@"):
        return entry
    spec = msgspec.structs.replace(entry.spec, labels=lists[labels[0][1:]])
    return msgspec.structs.replace(entry, spec=spec)


def read_embedded() -> tuple[ModelEntry, bytes]:
    """Return the model that comes with the package, and its bytes.

    Raises:
        RecognitionError: The file was changed.
    """
    known = manifest()
    entry = next(model for model in known.models if model.name == known.default)
    data = (model_dir() / entry.file).read_bytes()
    digest = sha256(data).hexdigest()
    if digest != entry.sha256:
        raise RecognitionError(
            f"{entry.file} is not the file of the manifest (its SHA-256 is {digest}): "
            "install the package again"
        )
    return entry, data
