"""Show the figures of Jupyter's kernels beside those of its server, in one text.

Prometheus takes a family of metrics once in a text: the lines of all kernels are put
together, each with the label `kernel`, an id of Jupyter's.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from timeline_nb.access.kernel_figures import FIGURES_SUFFIX, figures_path, read_figures
from timeline_nb.server.figure_lines import FamilyLine, FigureLine, read_figure_lines

__all__ = ["figures_of_kernels", "joined_figures"]

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
            no figures are left out, and those of a family that has another type here.
    """
    types: dict[str, str] = {}
    heads: dict[str, dict[bool, str]] = {}
    samples: dict[str, list[str]] = {}
    for kernel_id, text in [("", own), *kernels]:
        foreign: set[str] = set()
        for line in read_figure_lines(text):
            if isinstance(line, FamilyLine):
                if line.type and types.setdefault(line.family, line.type) != line.type:
                    foreign.add(line.family)
                is_type = bool(line.type)
                heads.setdefault(line.family, {}).setdefault(is_type, line.line)
            elif line.family not in foreign:
                shown = _shown(line, kernel_id)
                samples.setdefault(line.family, []).append(shown)
    parts = [
        line
        for family in samples
        for line in (*heads.get(family, {}).values(), *samples[family])
    ]
    return "\n".join([*parts, ""])


def _shown(sample: FigureLine, kernel_id: str) -> str:
    """Return a sample as it is written, with the kernel that it is of."""
    own = f'kernel="{kernel_id}"' if kernel_id else ""
    labels = ",".join(filter(None, (own, sample.labels)))
    name = f"{sample.name}{{{labels}}}" if labels else sample.name
    return f"{name} {sample.value}"
