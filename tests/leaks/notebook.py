"""Execute a notebook that uses and abuses secrets, in a folder that is searched after.

A part is a list of cells and the texts they use, which the cells read by
`hidden("name")`. Each part adds itself to `PARTS` of `leaks/parts.py`.
"""

import json
import os
import re
import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import nbformat
from leaks.hidden import HIDDEN_VARIABLE
from nbclient import NotebookClient

__all__ = ["MODES", "LeakPart", "cells_of", "failing", "random_key", "run_parts"]

TESTS: Final = Path(__file__).parents[1]
# Of IPython's tracebacks.
MODES: Final = ("Plain", "Context", "Verbose", "Minimal")
_PASSPHRASE: Final = "TIMELINE_NB_VAULT_PASSPHRASE"  # noqa: S105 - its name
_PRELUDE: Final = """\
import copy, dataclasses, json, logging, pickle, sys, threading, traceback, warnings
from pathlib import Path
logging.basicConfig(level=logging.DEBUG, filename="debug.log", force=True)
import timeline_nb as tl
from leaks.hidden import hidden
from timeline_nb.security.secret import Secret, redact
"""


@dataclass(frozen=True)
class LeakPart:
    """Cells that use secrets.

    Args:
        cells: Their sources; none holds a secret text.
        failing: Calls that raise, each in one line or more; they are run in all modes
            of IPython's tracebacks, by rich and by `traceback`.
        closing: Cells after all others.
        secrets: Texts by name, read by `hidden(name)`; keys of random letters.
    """

    cells: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    secrets: dict[str, str] = field(default_factory=dict)


def cells_of(text: str) -> tuple[str, ...]:
    """Return the cells of a text, in which lines that begin with `# %%` divide them."""
    parts = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return tuple(part.strip("\n") for part in parts if part.strip())


def random_key(prefix: str = "sk-", letters: int = 40) -> str:
    """Return a key whose every piece is of random letters, but for the prefix."""
    alphabet = string.ascii_letters + string.digits
    return prefix + "".join(secrets.choice(alphabet) for _ in range(letters))


def failing(sources: Sequence[str]) -> list[str]:
    """Return cells in which each source raises, shown in every way there is."""
    found = ["%xmode Verbose", *sources]
    for source in sources:
        body = "\n".join(f"        {line}" for line in source.splitlines())
        found.append(_CAUGHT.replace("BODY", body).replace("MODES", repr(MODES)))
    return found


_CAUGHT: Final = """\
def attempt():
    try:
BODY
    except BaseException as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        print("".join(shown.format()), repr(error), error.args, vars(error))
        logging.exception("it failed")
        for mode in MODES:
            get_ipython().InteractiveTB.set_mode(mode)
            get_ipython().showtraceback()
        pickled = [repr(one) for one in (error, error.__cause__, error.__context__)]
        print(pickled)
        from rich.console import Console
        from rich.traceback import Traceback
        Console(width=200).print(Traceback.from_exception(
            type(error), error, error.__traceback__, show_locals=True,
            locals_max_string=300, locals_max_length=10))
    else:
        raise AssertionError("nothing was raised")
attempt()
"""
_RICH_INSTALLED: Final = """\
from rich.traceback import install
_ = install(show_locals=True, locals_max_string=300, locals_max_length=10)
"""


def run_parts(folder: Path, parts: Sequence[LeakPart]) -> dict[str, str]:
    """Execute the cells of parts as one notebook, and save all of it below a folder.

    The kernel has its home, caches, data, logs and IPython's history there.

    Args:
        folder: An empty folder, to be searched.
        parts: What is run, one after another.

    Returns:
        All secret texts by name: those of the parts, the passphrase of the vault, and
        what local providers issued.
    """
    known = {name: text for part in parts for name, text in part.secrets.items()}
    known["passphrase"] = random_key("", 32)
    hidden_file = folder.with_name(f"{folder.name}-hidden.json")
    hidden_file.write_text(json.dumps(known))
    cells = [_PRELUDE]
    for part in parts:
        cells += [*part.cells, "%xmode Context", *failing(part.failing)]
    # Its frames are those of the cells before, drawn by another hook, which stays.
    cells += [_RICH_INSTALLED, *(cell for part in parts for cell in part.failing[:2])]
    cells += [cell for part in parts for cell in part.closing]
    cells.append("print(dict(__import__('os').environ)); logging.shutdown()")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells]  # type: ignore[no-untyped-call]
    )
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        allow_errors=True,
        store_widget_state=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=_environment(folder, hidden_file, known["passphrase"]))
    nbformat.write(notebook, folder / "leaks.ipynb")  # type: ignore[no-untyped-call]
    issued = Path(f"{hidden_file}.issued")
    if issued.exists():
        texts = json.loads(issued.read_text())
        known |= {f"issued {number}": text for number, text in enumerate(texts)}
    return known


def _environment(folder: Path, hidden_file: Path, passphrase: str) -> dict[str, Any]:
    places = {
        name: str(folder / name.lower())
        for name in (
            "HOME",
            "IPYTHONDIR",
            "JUPYTER_RUNTIME_DIR",
            "TIMELINE_NB_CACHE_DIR",
            "TIMELINE_NB_DATA_DIR",
            "TMPDIR",
        )
    }
    for place in places.values():
        Path(place).mkdir()
    paths = [str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        **places,
        "PYTHONPATH": os.pathsep.join(paths),
        HIDDEN_VARIABLE: str(hidden_file),
        _PASSPHRASE: passphrase,
    }
