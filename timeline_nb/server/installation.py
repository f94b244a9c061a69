"""Check what films need beside Jupyter's server, in a process of its own.

Decoders, encoders and the detector are not loaded into the process that serves all.
"""

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any, Final

from timeline_nb.server.checks import Results, results_of

__all__ = ["check_installation"]

# As `timeline-nb doctor`, without what it lists of the machine: a device that hangs
# there is no check with a deadline of its own.
_PROGRAM: Final = """
import json
from timeline_nb.notebook.health import health
print(json.dumps(health(machine=False).to_json()["checks"]))
"""
_MOST_BYTES: Final = 1_000_000


async def check_installation() -> Results:
    """Run the checks of `timeline-nb doctor`, and return what they found.

    Raises:
        ValueError: It did not say.
        OSError: It cannot be run.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _PROGRAM,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_MOST_BYTES,
    )
    try:
        said, _ = await process.communicate()
    finally:
        # It may hang, and the one who waited for it have given up.
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    found: dict[str, dict[str, Any]] = json.loads(said)
    return results_of(found)
