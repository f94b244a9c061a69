"""Show the figures of Jupyter's kernels beside those of its server, in one text.

Prometheus takes a family of metrics once in a text: the lines of all kernels are put
together, each with the label `kernel`, an id of Jupyter's.
"""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from timeline_nb.access.kernel_figures import FIGURES_SUFFIX, figures_path, read_figures

__all__ = ["figures_of_kernels", "joined_figures"]

_HEAD: Final = re.compile(r"# (?:HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) [^\n]*")
# A name, labels and a value; made by prometheus_client.
_SAMPLE: Final = re.compile(
    r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^\n]*)\})? ([0-9eE.+\-]+|NaN|[+-]Inf)"
)
# What no kernel writes any more is removed after so long.
_ABANDONED_S: Final = 3600.0


def figures_of_kernels(kernels: Any) -> list[tuple[str, str]]:
    """Return the id and the figures of each kernel that shares them.

    Args:
        kernels: Jupyter's kernel manager: kernels that it does not know are dead.
    """
    found, folders = [], set[Path]()
    for kernel_id in list(kernels.list_kernel_ids()):
        with suppress(Exception):
            kernel = kernels.get_kernel(kernel_id)
            # Kernels that run elsewhere have none here.
            path = figures_path(Path(kernel.connection_file))
            folders.add(path.parent)
            text = read_figures(path, bytes(kernel.session.key))
            if text:
                found.append((kernel_id, text))
    for folder in folders:
        _remove_abandoned(folder)
    return found


def _remove_abandoned(folder: Path) -> None:
    """Remove what kernels left that were killed; those of other servers write on."""
    for path in folder.glob(f"timeline_nb-*{FIGURES_SUFFIX}"):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > _ABANDONED_S:
                path.unlink()


def joined_figures(own: str, kernels: Iterable[tuple[str, str]]) -> str:
    """Return one text of the server's figures and those of kernels.

    Args:
        own: The server's.
        kernels: The id of each, which becomes a label, and its figures. Lines that are
            no figures are left out.
    """
    heads: dict[str, list[str]] = {}
    samples: dict[str, list[str]] = {}
    for kernel_id, text in [("", own), *kernels]:
        for family, line, is_head in _lines(text, kernel_id):
            lines = heads.setdefault(family, [])
            if not is_head:
                samples.setdefault(family, []).append(line)
            elif line.split(" ", 2)[1] not in {one.split(" ", 2)[1] for one in lines}:
                lines.append(line)
    parts = [
        line
        for family in samples
        for line in (*heads.get(family, ()), *samples[family])
    ]
    return "\n".join([*parts, ""])


def _lines(text: str, kernel_id: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the family of each line, the line, and whether it is about the family."""
    family = ""
    for line in text.split("\n"):
        if head := _HEAD.fullmatch(line):
            family = head[1]
            yield family, line, True
        elif sample := _SAMPLE.fullmatch(line):
            name, labels, value = sample[1], sample[2] or "", sample[3]
            if kernel_id:
                if "kernel=" in labels:
                    # A label twice is no figure.
                    continue
                own = f'kernel="{kernel_id}"'
                labels = f"{own},{labels}" if labels else own
            shown = f"{name}{{{labels}}}" if labels else name
            yield family or name, f"{shown} {value}", False
