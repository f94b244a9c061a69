"""Try a model from outside in a child process before it runs in this one."""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.core.child_process import ChildResult, run_module
from timeline_nb.core.files import write_atomic
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.models.card import ModelCard
from timeline_nb.recognition.models.limits import ModelLimits

__all__ = ["FULL", "ON_CPU", "ModelTrial", "ModelTrials", "TrialAnswer", "TrialRequest"]

# Raise it when files are read or tried in another way.
_READING: Final = 1
_CHILD: Final = "timeline_nb.recognition.inference.trial_child"
ON_CPU: Final = ("CPUExecutionProvider",)
# What is said by C++, onnxruntime and Python when there is no memory left.
FULL: Final = ("bad_alloc", "allocate memory", "bfc_arena", "MemoryError")


class TrialRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the child is to do.

    Args:
        name: How messages call the model.
        side: Width and height to try it with, where it leaves them open; what its file
            says if None.
        limits: What it may ask for and take.
        providers: Of onnxruntime, in order of preference.
    """

    name: str
    side: tuple[int, int] | None
    limits: ModelLimits
    providers: tuple[str, ...] = ON_CPU


class TrialAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the child found.

    Args:
        refused: Why the file cannot be used; empty if it can.
        failed: Why it does not run; empty if it does.
        full: Whether it failed for lack of memory.
        card: What the file says.
        outputs: The shapes for one frame, as found by running it.
    """

    refused: str = ""
    failed: str = ""
    full: bool = False
    card: ModelCard | None = None
    outputs: dict[str, tuple[int, ...]] = {}


class ModelTrial(msgspec.Struct, frozen=True, kw_only=True):
    """A model that was tried, and ran.

    Args:
        card: What its file says.
        outputs: The shapes for one frame, as found by running it.
        seconds: How long the child took.
        peak_bytes: The memory that it was seen to take.
    """

    card: ModelCard
    outputs: dict[str, tuple[int, ...]]
    seconds: float
    peak_bytes: int

    @property
    def fits_any_side(self) -> bool:
        """Whether the file fixes the sides of its pictures."""
        shapes = [shape for shape in self.card.inputs.values() if len(shape) == 4]
        return all(shape[2] and shape[3] for shape in shapes)


@dataclass(frozen=True)
class ModelTrials:
    """Tries models in a child process, and remembers those that ran by their hash.

    Args:
        folder: Keeps the results.
        limits: What a model may ask for and take.
    """

    folder: Path
    limits: ModelLimits = field(default_factory=ModelLimits)

    def tried(
        self, data: bytes, name: str, side: tuple[int, int] | None = None
    ) -> ModelTrial:
        """Return the result of a model's trial; it is tried if it is not known.

        Args:
            data: The file.
            name: How messages call it.
            side: Width and height to try it with, where it leaves them open; what its
                file says if None.

        Raises:
            RecognitionError: It cannot be used, does not run, or exceeds a limit; the
                limit and its setting are named.
        """
        import onnxruntime

        key = sha256(data)
        # Another version may run it in another way.
        key.update(f"{_READING} {onnxruntime.__version__}".encode())
        whole = self.folder / f"{key.hexdigest()}.json"
        known = self._known(whole)
        if known is not None and (side is None or known.fits_any_side):
            return self._checked(known, name)
        path = whole
        if side is not None:
            path = whole.with_stem(f"{whole.stem}-{side[0]}x{side[1]}")
            known = self._known(path)
        if known is None:
            known = self._try(data, name, side)
            # Without it each time costs a trial.
            with cached_if_possible(self.folder.parent):
                self.folder.mkdir(parents=True, exist_ok=True)
                write_atomic(path, msgspec.json.encode(known))
        return self._checked(known, name)

    def _known(self, path: Path) -> ModelTrial | None:
        try:
            trial = msgspec.json.decode(path.read_bytes(), type=ModelTrial)
        except (OSError, msgspec.MsgspecError):
            return None
        return trial if trial.peak_bytes <= self.limits.memory_bytes else None

    def _checked(self, trial: ModelTrial, name: str) -> ModelTrial:
        """Return a trial under another name, if its card is within the limits."""
        for shape in trial.card.inputs.values():
            self.limits.check_input(name, shape)
        return msgspec.structs.replace(trial, card=replace(trial.card, name=name))

    def _try(self, data: bytes, name: str, side: tuple[int, int] | None) -> ModelTrial:
        """Try a model on the CPU; where that has not its operators, on a GPU."""
        import onnxruntime

        from timeline_nb.recognition.inference.providers import PREFERENCE

        request = TrialRequest(name=name, side=side, limits=self.limits)
        available = onnxruntime.get_available_providers()
        others = tuple(p for p in PREFERENCE if p in available and p not in ON_CPU)
        answer, result = self._asked(request, data)
        if answer.failed and not answer.full and others:
            on_gpu = msgspec.structs.replace(request, providers=others)
            second, second_result = self._asked(on_gpu, data)
            if not second.failed:
                answer, result = second, second_result
        if answer.full:
            raise self.limits.too_large(name)
        if answer.failed or answer.card is None:
            raise RecognitionError(
                f"the model {name} cannot be loaded: {answer.failed[:300]}"
            )
        return ModelTrial(
            card=answer.card,
            outputs=answer.outputs,
            seconds=result.seconds,
            peak_bytes=result.peak_bytes,
        )

    def _asked(
        self, request: TrialRequest, data: bytes
    ) -> tuple[TrialAnswer, ChildResult]:
        """Return the answer of a child process.

        Raises:
            RecognitionError: The file is refused, or the child does not live to answer.
        """
        name, limits = request.name, self.limits
        try:
            result = run_module(
                _CHILD,
                msgspec.json.encode(request).decode(),
                given=data,
                time_s=limits.time_s,
                memory_bytes=limits.memory_bytes,
            )
        except OSError as error:
            raise RecognitionError(
                f"the model {name} cannot be tried in a process of its own: {error}"
            ) from error
        if result.end == "slow":
            raise limits.too_slow(name, "when it is loaded and run once")
        if result.end == "large" or any(word in result.error for word in FULL):
            raise limits.too_large(name)
        try:
            answer = msgspec.json.decode(result.output, type=TrialAnswer)
        except msgspec.MsgspecError as error:
            last = (result.error.strip().splitlines() or ["it said nothing"])[-1]
            raise RecognitionError(
                f"the model {name} ends the process that loads it, with the code "
                f"{result.code} ({last[:200]}): it is damaged, or made to do that"
            ) from error
        if answer.refused:
            raise RecognitionError(answer.refused)
        return answer, result
