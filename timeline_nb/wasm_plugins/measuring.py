"""An instance of a plugin for one analysis: pictures or sound in order, rows of JSON.

| step | call | answer |
|---|---|---|
| begin | `tnb_call` of `{"analyzer": name, "begin": {"args", "parts", ...}}` | rows |
| a picture | `tnb_picture` | rows |
| a block of sound | `tnb_sound` | rows |
| end | `tnb_call` of `{"analyzer": name, "end": {}}` | rows |

`begin` has `width` and `height`, or `channels` and `sample_rate_hz`. `in` is the
address of a picture, RGB row by row, or of float32 samples, one channel after another;
it is the same at each step. `frame`, `first`, `numerator` and `denominator` are i64:
the frame's number, or that of the first sample, and the exact seconds of media time.

An answer is `address << 32 | size` of `{"rows": [...]}`, or 0 for none. A row has a
cell for each column; `frame` (of sound, `sample`) may name an earlier part that it is
of. `{"error": "..."}` ends the analysis. What the plugin keeps in its memory stays
there from begin to end; it has no host calls, so that nothing of the film can leave it
but rows.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from timeline_nb.wasm_plugins.pointers import signed
from timeline_nb.wasm_plugins.sandbox import MAX_MESSAGE_BYTES, Sandbox

__all__ = ["MeasuringSandbox"]

# As an effect has: one is given, one may be kept, and two are room to work.
_PARTS: int = 4


class MeasuringSandbox(Sandbox):
    """An instance for one analysis; one thread at a time may use it."""

    _in = 0
    _room = 0

    def begin(self, message: bytes, part_bytes: int) -> bytes:
        """Begin with a new instance, and return its answer.

        Args:
            message: JSON.
            part_bytes: The size of the largest part that it will be given.

        Raises:
            PluginError: It failed, or was stopped.
        """

        def work() -> bytes:
            self._instantiate(self._limits.memory_bytes + _PARTS * part_bytes)
            self._in, self._room = self._allocated(part_bytes), part_bytes
            return self._exchanged(message)

        return self._guarded(work)

    def measure(
        self,
        export: str,
        analyzer: int,
        data: NDArray[np.uint8] | NDArray[np.float32],
        numbers: Sequence[int],
    ) -> bytes:
        """Return the answer to a part.

        Args:
            export: The function.
            analyzer: The analyzer's number in the manifest.
            data: The part.
            numbers: What the function is given after the address.

        Raises:
            PluginError: It failed, or was stopped.
        """

        def work() -> bytes:
            self._check_begun(data.nbytes)
            view = self._view(self._in, data.nbytes)
            view[...] = np.ascontiguousarray(data).reshape(-1).view(np.uint8)
            run = self._export(export)
            packed = run(self._store, analyzer, signed(self._in), *numbers)
            answer = self._take(packed, MAX_MESSAGE_BYTES)
            if packed:
                self._free(packed >> 32)
            return answer

        return self._guarded(work)

    def end(self, message: bytes) -> bytes:
        """Return the answer to the last message, and forget the instance.

        Raises:
            PluginError: It failed, or was stopped.
        """

        def work() -> bytes:
            self._check_begun(0)
            return self._exchanged(message)

        try:
            return self._guarded(work)
        finally:
            self.drop()

    def _check_begun(self, size: int) -> None:
        if self._store is None:
            raise self._error("the analysis ended")
        if size > self._room:
            raise self._error(f"a part has {size:,} bytes, more than {self._room:,}")
