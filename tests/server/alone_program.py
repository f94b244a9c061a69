"""Serve a folder or file without Jupyter, and run code that comes line by line.

A line of the input is code as a JSON string; a line of the output is what it printed,
or the name of its error.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import watched_locks

import timeline_nb as tl
from timeline_nb.core.media_addresses import MediaAddresses
from timeline_nb.notebook.shared import SharedFiles
from timeline_nb.server.alone import AloneServer
from timeline_nb.studio import default_studio


def main(path: str, options: str) -> None:
    """Serve, and run code until the input ends."""
    studio = default_studio()
    given = json.loads(options)
    shared = SharedFiles(Path(path), studio, read_only=given.pop("read_only", False))
    with AloneServer(shared, studio.scope, **given) as server:
        studio.addresses = MediaAddresses(server.place, server.key)
        print(json.dumps([server.url, server.place]), flush=True)
        names = {"tl": tl, "shared": shared, "server": server, "studio": studio}
        names["lock_faults"] = watched_locks.faults
        for line in sys.stdin:
            printed = io.StringIO()
            try:
                with contextlib.redirect_stdout(printed):
                    exec(json.loads(line), names)  # noqa: S102 - of our own tests
                answer = printed.getvalue().strip()
            except Exception as error:  # noqa: BLE001 - its name is the answer
                answer = type(error).__name__
            print(json.dumps(answer), flush=True)


main(*sys.argv[1:])
