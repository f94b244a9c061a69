"""What this process takes: processor, memory, threads, descriptors."""

import os

import psutil

from timeline_nb.core.telemetry.metrics import Measurement

__all__ = ["ProcessGauges"]


class ProcessGauges:
    """Measures this process; its children are not asked, which takes milliseconds."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        # The first call only begins to measure.
        self._process.cpu_percent()

    def values(self) -> list[Measurement]:
        """Return the processor's use since the last call, and the rest as of now."""
        process = self._process
        cores = os.cpu_count() or 1
        with process.oneshot():
            found = [
                ("process.cpu.utilization", process.cpu_percent() / 100 / cores),
                ("process.memory.usage", process.memory_info().rss),
                ("process.thread.count", process.num_threads()),
            ]
            # Windows has handles instead.
            if hasattr(process, "num_fds"):
                found.append(("process.open_file_descriptor.count", process.num_fds()))
        return [Measurement(name, float(value), {}) for name, value in found]
