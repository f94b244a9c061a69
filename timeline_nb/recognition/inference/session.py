"""A loaded network: batches of frames in, the outputs of each frame out."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.inference.device import DevicePreparer
from timeline_nb.recognition.inference.providers import (
    PREFERENCE,
    cpu_runs,
    open_session,
    zeros_for,
)
from timeline_nb.recognition.inference.runs import NetworkRun, RunGroup
from timeline_nb.recognition.models.registry import LoadedModel

__all__ = ["Network"]

# Frames per run, where the network takes more than one: a larger batch gains nothing on
# a CPU, and fills a GPU.
_CPU_BATCH: Final = 1
_GPU_BATCH: Final = 8
_ON_DEVICE: Final = {"CUDAExecutionProvider", "TensorrtExecutionProvider"}


class Network:
    """A model on its provider; threads may share it.

    Args:
        model: As a `ModelRegistry` loads it.
        batch: Frames per run; what suits the provider if not given.
        providers: In order of preference.

    Raises:
        RecognitionError: No provider runs it, or it exceeds its limits.
    """

    def __init__(
        self,
        model: LoadedModel,
        *,
        batch: int | None = None,
        providers: tuple[str, ...] = PREFERENCE,
    ) -> None:
        self.name = name = model.name
        self.layout = layout = model.layout
        self._limits = model.trials.limits if model.trials else None
        if model.trials is not None:
            model.trials.tried(model.data, name, layout.side)
        try:
            self._session, self.provider_states = open_session(
                model.data,
                side=layout.side,
                operators=model.operators,
                providers=providers,
            )
        except RuntimeError as error:
            raise RecognitionError(
                f"the model {name} cannot be loaded: {error}"
            ) from error
        self.provider: str = self._session.get_providers()[0]
        self._inputs = self._session.get_inputs()
        self._pictures = next(v for v in self._inputs if len(v.shape) == 4)
        self._outputs = list(layout.outputs) or [
            value.name for value in self._session.get_outputs()
        ]
        fixed = self._pictures.shape[0]
        usual = _GPU_BATCH if self.provider in _ON_DEVICE else _CPU_BATCH
        is_fixed = isinstance(fixed, int) and fixed > 0
        self.batch: int = fixed if is_fixed else batch or usual
        self.device = self._preparer()
        on_cpu = self.provider == "CPUExecutionProvider"
        self.runs_at_once = cpu_runs()[0] if on_cpu else 1

    def _preparer(self) -> DevicePreparer | None:
        """Return what prepares frames on the GPU; None if it runs on the CPU."""
        if self.provider not in _ON_DEVICE:
            return None
        return DevicePreparer(
            self.layout, device="cuda", provider="CUDAExecutionProvider"
        )

    def new_batch(self) -> NDArray[np.float32]:
        """Allocate the input of a run: `(batch, 3, H, W) float32`."""
        width, height = self.layout.side
        return np.empty((self.batch, 3, height, width), np.float32)

    def run(
        self, batch: NDArray[np.float32], runs: RunGroup | None = None
    ) -> list[list[NDArray[np.float32]]]:
        """Compute the outputs of each frame of a batch `(n, 3, H, W) float32`.

        Args:
            batch: The frames.
            runs: Ends the run when nobody waits for it any more.

        Raises:
            RecognitionError: The network fails, takes too long, or returns values that
                are not finite.
        """
        given = {value.name: self._value(value, batch) for value in self._inputs}

        def call(options: Any) -> list[Any]:
            return list(self._session.run(self._outputs, given, options))

        return self._each(self._ran(call, runs), len(batch))

    def run_on_device(
        self,
        small: list[NDArray[np.uint8]],
        inner: list[tuple[int, int, int, int]],
        runs: RunGroup | None = None,
    ) -> list[list[NDArray[np.float32]]]:
        """Run like `run`, with frames `(h, w, 3) uint8` that the GPU prepares.

        Raises:
            RecognitionError: The network fails, or returns values that are not finite.
        """
        assert self.device is not None  # noqa: S101 - asked for only where there is one
        binding = self._session.io_binding()
        binding.bind_ortvalue_input(
            self._pictures.name, self.device.prepare(small, inner)
        )
        for value in self._inputs:
            if value.name != self._pictures.name:
                binding.bind_cpu_input(value.name, self._sizes(value, len(small)))
        for output in self._outputs:
            binding.bind_output(output)

        def call(options: Any) -> list[Any]:
            self._session.run_with_iobinding(binding, options)
            return list(binding.copy_outputs_to_cpu())

        return self._each(self._ran(call, runs), len(small))

    def _ran(
        self, call: Callable[[Any], list[Any]], runs: RunGroup | None
    ) -> list[Any]:
        """Run the network with options by which it can be ended."""
        run = NetworkRun(self.name, self._limits, self.runs_at_once)
        with (runs or RunGroup()).one(run):
            try:
                return call(run.options)
            except Exception as error:  # onnxruntime raises classes of its own
                raise (run.exceeded or self._failed(error)) from error

    def _failed(self, error: Exception) -> RecognitionError:
        reason = str(error).partition("\n")[0][:300]
        return RecognitionError(f"the model {self.name} failed: {reason}")

    def _value(self, value: Any, batch: NDArray[np.float32]) -> NDArray[Any]:
        """Convert a batch to the type and size that an input takes."""
        if value.name != self._pictures.name:
            return self._sizes(value, len(batch))
        fixed = value.shape[0]
        if isinstance(fixed, int) and len(batch) < fixed:
            missing = np.zeros((fixed - len(batch), *batch.shape[1:]), np.float32)
            batch = np.concatenate([batch, missing])
        kind = zeros_for(value, (1, 1)).dtype
        return batch if kind == np.float32 else batch.astype(kind)

    def _sizes(self, value: Any, count: int) -> NDArray[Any]:
        """Return the second input of DETR exports: the size that boxes refer to."""
        like = zeros_for(value, self.layout.side, count)
        if like.ndim == 0 or like.shape[-1] != 2:
            raise RecognitionError(
                f"the model {self.name} has the input {value.name} of {like.shape}: "
                "only a size can be given beside the picture"
            )
        return np.broadcast_to(
            np.array(self.layout.side, like.dtype), like.shape
        ).copy()

    def _each(self, outputs: list[Any], count: int) -> list[list[NDArray[np.float32]]]:
        arrays = []
        for output, name in zip(outputs, self._outputs, strict=True):
            numbers = isinstance(output, np.ndarray) and output.dtype.kind in "biuf"
            if not numbers or output.ndim == 0 or len(output) < count:
                raise RecognitionError(
                    f"the model {self.name} gave in {name} no numbers for each of "
                    f"{count} frames"
                )
            arrays.append(np.asarray(output, np.float32))
            if not np.isfinite(arrays[-1]).all():
                raise RecognitionError(
                    f"the model {self.name} gave values that are not finite in {name}: "
                    "its input may be scaled otherwise than it says"
                )
        return [[array[place] for array in arrays] for place in range(count)]
