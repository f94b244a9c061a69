"""Which onnxruntime provider runs a model here, found out by running it."""

import os
from typing import Any, Final

import numpy as np
import onnxruntime as ort

from timeline_nb.core.forks import keep_in_forks
from timeline_nb.recognition.models.manifest import read_embedded

__all__ = [
    "PREFERENCE",
    "cpu_runs",
    "describe_providers",
    "open_session",
    "shapes_given",
    "shapes_of",
    "zeros_for",
]

PREFERENCE: Final = (
    "TensorrtExecutionProvider",
    "CUDAExecutionProvider",
    "DmlExecutionProvider",
    "CoreMLExecutionProvider",
    "OpenVINOExecutionProvider",
    "CPUExecutionProvider",
)
_FATAL, _WARNING = 4, 2
# Freed, a network waits for its threads.
keep_in_forks(ort.InferenceSession)
_MOST_RUNS: Final = 8
# Of a message of onnxruntime, which tells the reason last.
_LONGEST: Final = 600
_TYPES: Final = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(uint8)": np.uint8,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
}


def open_session(
    data: bytes,
    *,
    side: tuple[int, int],
    operators: frozenset[str] = frozenset(),
    providers: tuple[str, ...] = PREFERENCE,
) -> tuple[Any, list[str]]:
    """Open a session on the first provider that runs the model.

    Returns the session, and the result of each provider that was tried.

    Args:
        data: The model.
        side: Width and height to try it with, where it leaves them open.
        operators: The kinds of its nodes.
        providers: In order of preference.

    Raises:
        RuntimeError: The model does not run on any of them.
    """
    available = ort.get_available_providers()
    said = []
    for provider in providers:
        if provider not in available:
            continue
        session, verdict = _try(data, _options(provider, operators), provider, side)
        said.append(f"{provider}: {verdict}")
        if session is not None:
            return session, said
    raise RuntimeError("; ".join(said) or "onnxruntime has no such provider")


def zeros_for(given: Any, side: tuple[int, int], batch: int = 1) -> np.ndarray:
    """Return zeros in the shape and type of an input.

    Raises:
        RuntimeError: It is of a type that no picture has.
    """
    if given.type not in _TYPES:
        raise RuntimeError(f"the input {given.name} is a {given.type}")
    places = [batch, 3, side[1], side[0]] if len(given.shape) == 4 else [batch, 2]
    shape = [
        size if isinstance(size, int) and size > 0 else places[min(place, 3)]
        for place, size in enumerate(given.shape)
    ]
    return np.zeros(shape, _TYPES[given.type])


def cpu_runs() -> tuple[int, int]:
    """Return how many parallel runs suit the CPU, and the threads of each.

    Runs of one thread each get more done than one run of many threads, which wait for
    each other at every layer; each holds memory of its own.
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    runs = min(cores, _MOST_RUNS)
    return runs, max(1, cores // runs)


def _options(provider: str, operators: frozenset[str]) -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.log_severity_level = _FATAL
    # What was checked is ONNX: a file may be that, and onnxruntime's own format too.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    # Threads that spin while they wait would use the core that decodes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if "DequantizeLinear" in operators and "QuantizeLinear" not in operators:
        # 8-bit weights of a float network: convert them once, not at every run.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
    if provider == "CPUExecutionProvider":
        options.intra_op_num_threads = cpu_runs()[1]
    if provider == "DmlExecutionProvider":
        options.enable_mem_pattern = False
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    return options


def _try(
    data: bytes, options: ort.SessionOptions, provider: str, side: tuple[int, int]
) -> tuple[Any, str]:
    """Load and run a model once; onnxruntime prints nothing when that fails."""
    # Missing libraries are logged by the default logger, not the session's.
    ort.set_default_logger_severity(_FATAL)
    try:
        session = ort.InferenceSession(
            data, options, providers=[provider], enable_fallback=0
        )
        if session.get_providers()[0] != provider:
            return None, "not usable on this machine"
        given = {value.name: zeros_for(value, side) for value in session.get_inputs()}
        session.run(None, given)
    except Exception as error:  # noqa: BLE001 - onnxruntime raises classes of its own
        return None, str(error).partition("\n")[0][:_LONGEST]
    finally:
        ort.set_default_logger_severity(_WARNING)
    return session, "works"


def shapes_given(data: bytes, side: tuple[int, int]) -> dict[str, tuple[int, ...]]:
    """Find the output shapes for one frame by running a model that is trusted.

    Raises:
        RuntimeError: The model does not run.
    """
    session, _ = open_session(data, side=side, providers=("CPUExecutionProvider",))
    return shapes_of(session, side)


def shapes_of(session: Any, side: tuple[int, int]) -> dict[str, tuple[int, ...]]:
    """Find the output shapes for one frame by running a session."""
    given = {value.name: zeros_for(value, side) for value in session.get_inputs()}
    names = [value.name for value in session.get_outputs()]
    outputs = session.run(None, given)
    return {name: np.shape(out) for name, out in zip(names, outputs, strict=True)}


def describe_providers() -> dict[str, str]:
    """Try the embedded model on each provider, and return the results by name."""
    entry, data = read_embedded()
    available = ort.get_available_providers()
    side = entry.spec.side or (640, 640)
    return {
        provider: _try(data, _options(provider, frozenset()), provider, side)[1]
        if provider in available
        else "not installed"
        for provider in PREFERENCE
    }
