"""The child process in which a model from outside is read and run once.

It reads the file from the standard input, and writes a `TrialAnswer` as JSON to the
standard output.
"""

import contextlib
import signal
import sys
from typing import Final

import msgspec

from timeline_nb.core.child_process import PATIENCE
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.inference.providers import open_session, shapes_of
from timeline_nb.recognition.inference.trial import (
    FULL,
    ON_CPU,
    TrialAnswer,
    TrialRequest,
)
from timeline_nb.recognition.models.card import DEFAULT_SIDE, read_card

__all__: list[str] = []

_GRACE_S: Final = 10.0


def _answer(request: TrialRequest, data: bytes) -> TrialAnswer:
    try:
        card = read_card(data, request.name, request.limits)
        side = request.side or card.image_size or DEFAULT_SIDE
        request.limits.check_side(request.name, side)
    except RecognitionError as error:
        return TrialAnswer(refused=str(error))
    try:
        session, _ = open_session(
            data, side=side, operators=card.operators, providers=request.providers
        )
        outputs = shapes_of(session, side)
    except Exception as error:  # noqa: BLE001 - onnxruntime raises classes of its own
        said = str(error)
        return TrialAnswer(
            failed=said[:1000] or type(error).__name__,
            full=any(word in f"{type(error).__name__} {said}" for word in FULL),
            card=card,
        )
    return TrialAnswer(card=card, outputs=outputs)


def _limit_memory(more_bytes: int) -> None:
    """Let this process allocate only so much more; on Linux, where that is counted."""
    if sys.platform != "linux":
        return
    import resource

    import psutil

    used = psutil.Process().memory_info().data
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (used + more_bytes, hard))


def _end_after(seconds: float) -> None:
    """Have the system end this process, should nobody live to kill it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _main() -> None:
    request = msgspec.json.decode(sys.argv[1], type=TrialRequest)
    _end_after(PATIENCE * request.limits.time_s + _GRACE_S)
    data = sys.stdin.buffer.read()
    # A GPU's driver maps far more memory than it uses.
    if request.providers == ON_CPU:
        _limit_memory(request.limits.memory_bytes)
    answer = _answer(request, data)
    sys.stdout.buffer.write(msgspec.json.encode(answer))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
