"""Other kernels: processes that edit a project until they are told to end."""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Kernel"]

_LOOP = """
import sys
import timeline_nb as tl
for line in sys.stdin:
    try:
        exec(line)
    except tl.TimelineNbError as error:
        print("refused:", error, flush=True)
    else:
        print("done", flush=True)
"""


class Kernel:
    """A process that runs lines of Python, as a notebook's kernel does.

    Args:
        folder: Its working folder.
        prompt: Whether a person types there, as IPython's kernels say it.
    """

    def __init__(self, folder: Path, *, prompt: bool = False) -> None:
        says = "import sys; sys.ps1 = 'In : '\n" if prompt else ""
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", says + _LOOP],
            cwd=folder,
            env={**os.environ, "JPY_SESSION_NAME": "films/street.ipynb"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *lines: str) -> str:
        """Run lines; return what the last one says."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        told = ""
        for line in lines:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            told = self.process.stdout.readline().strip()
        return told

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """End it as a restart does."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(200)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
