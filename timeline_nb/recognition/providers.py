"""Which onnxruntime provider runs a model here, found out by running it."""

from typing import Any, Final

import numpy as np
import onnxruntime as ort

from timeline_nb.recognition.manifest import read_model

__all__ = ["PREFERENCE", "describe_providers", "open_session"]

PREFERENCE: Final = (
    "CUDAExecutionProvider",
    "DmlExecutionProvider",
    "CoreMLExecutionProvider",
    "CPUExecutionProvider",
)
_FATAL, _WARNING = 4, 2


def open_session(data: bytes) -> tuple[Any, list[str]]:
    """A session on the first provider that runs the model, and what each one said.

    Raises:
        RuntimeError: The model does not load on the CPU either.
    """
    available = ort.get_available_providers()
    said = []
    for provider in PREFERENCE:
        if provider not in available:
            continue
        session, verdict = _try(data, provider)
        said.append(f"{provider}: {verdict}")
        if session is not None:
            return session, said
    raise RuntimeError("; ".join(said) or "onnxruntime has no provider")


def _try(data: bytes, provider: str) -> tuple[Any, str]:
    """Load and run a model once; onnxruntime prints nothing when that fails."""
    options = ort.SessionOptions()
    options.log_severity_level = _FATAL
    # Libraries that are not there are logged by the default logger, not the session's.
    ort.set_default_logger_severity(_FATAL)
    try:
        session = ort.InferenceSession(data, options, providers=[provider])
        if session.get_providers()[0] != provider:
            return None, "not usable on this machine"
        given = session.get_inputs()[0]
        shape = [size if isinstance(size, int) else 1 for size in given.shape]
        session.run(None, {given.name: np.zeros(shape, np.float32)})
    except Exception as error:  # noqa: BLE001 - onnxruntime raises classes of its own
        return None, str(error).partition("\n")[0][:200]
    finally:
        ort.set_default_logger_severity(_WARNING)
    return session, "works"


def describe_providers() -> dict[str, str]:
    """What each provider says to the embedded model, by name."""
    data, _ = read_model(None)
    available = ort.get_available_providers()
    return {
        provider: _try(data, provider)[1] if provider in available else "not installed"
        for provider in PREFERENCE
    }
