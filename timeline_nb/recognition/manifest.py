"""The models that come with the package, as their manifest tells of them."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from timeline_nb.errors import RecognitionError

__all__ = ["Manifest", "ModelEntry", "default_model", "model_dir", "read_model"]


class ModelEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A model of the manifest.

    Args:
        name: What a person calls it.
        file: Its name in the models folder.
        sha256: Of the file, in hex.
        licence: Of the weights and of the package they were taken from.
        source: Where they come from.
        input: What the network is given.
        layout: How its output is laid out.
        labels: The classes, by number.
    """

    name: str
    file: str
    sha256: str
    licence: str
    source: str
    input: str
    layout: str
    labels: tuple[str, ...]


class Manifest(msgspec.Struct, frozen=True):
    """All models, and the one that is used when none is named."""

    default: str
    models: tuple[ModelEntry, ...]


def model_dir() -> Path:
    """The models folder: in the installed package, or beside it in a checkout.

    Raises:
        RecognitionError: There is none.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "models", package.parent / "models"):
        if (folder / "manifest.json").is_file():
            return folder
    raise RecognitionError(
        f"no models come with this installation ({package}): install the wheel again"
    )


@cache
def default_model() -> ModelEntry:
    """The model that is used when none is named."""
    data = (model_dir() / "manifest.json").read_bytes()
    manifest = msgspec.json.decode(data, type=Manifest)
    return next(model for model in manifest.models if model.name == manifest.default)


def read_model(path: Path | None) -> tuple[bytes, str]:
    """A model file's bytes and their SHA-256; of the embedded one if None.

    The bytes are what runs: no other file is read, whatever they refer to.

    Raises:
        RecognitionError: There is no such file, or the embedded one was changed.
    """
    entry = default_model() if path is None else None
    source = model_dir() / entry.file if entry else path
    assert source is not None  # noqa: S101 - one of the two is given
    try:
        data = source.read_bytes()
    except OSError as error:
        raise RecognitionError(
            f"the model {source} cannot be read: {error.strerror}"
        ) from error
    digest = sha256(data).hexdigest()
    if entry and digest != entry.sha256:
        raise RecognitionError(
            f"{source} is not the file of the manifest (its SHA-256 is {digest}): "
            "install the package again"
        )
    return data, digest
