"""The parameters of a notebook: the cell that declares them, and values for them.

A cell with the tag `parameters` assigns their defaults. Values for a run are assigned
in a cell after it, with the tag `injected-parameters`, as papermill does.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.errors import NotebookError
from timeline_nb.runs.values import kind_of, plain_value, value_fault, value_of_text

__all__ = ["NotebookParameter", "declared", "injected_source", "values_of"]

# IPython's own lines: magics, commands of the shell, help.
_NO_PYTHON: Final = re.compile(r"^\s*[%!?].*$", re.MULTILINE)

_MOST_LETTERS: Final = 20_000


@dataclass(frozen=True)
class NotebookParameter:
    """A name that a notebook takes a value for.

    Args:
        name: Of the variable.
        default: The default as it is written in the cell.
        kind: Its type: `str`, `int`, `float`, `bool`, `list`, `dict`; empty where any
            will do.
        is_optional: Whether it may be None.
        about: The comment behind it.
    """

    name: str
    default: str
    kind: str = ""
    is_optional: bool = False
    about: str = ""


def declared(source: str, where: str) -> tuple[NotebookParameter, ...]:
    """Return the parameters that a cell declares, in order.

    Args:
        source: The source of the cell with the tag `parameters`.
        where: The notebook and cell, for the error.

    Raises:
        NotebookError: The cell is not Python, or too long.
    """
    if len(source) > _MOST_LETTERS:
        raise NotebookError(
            f"{where}: the cell of parameters has {len(source):,} letters, more than "
            f"{_MOST_LETTERS:,}"
        )
    python = _NO_PYTHON.sub("", source)
    try:
        body = ast.parse(python).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        place = f", line {line}" if line else ""
        raise NotebookError(
            f"{where}{place}: the cell of parameters is not Python: write one "
            "`name = default` a line"
        ) from error
    lines = python.splitlines()
    found: dict[str, NotebookParameter] = {}
    for node in body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, annotation = node.targets[0], ""
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, annotation = node.target, ast.unparse(node.annotation)
        else:
            continue
        if isinstance(target, ast.Name) and node.value is not None:
            kind, is_optional = kind_of(node.value, annotation)
            found[target.id] = NotebookParameter(
                target.id,
                ast.get_source_segment(python, node.value) or "",
                kind,
                is_optional,
                _comment(lines, node),
            )
    return tuple(found.values())


def values_of(
    given: Mapping[str, Any],
    parameters: tuple[NotebookParameter, ...],
    *,
    notebook: str,
    texts: bool = False,
) -> dict[str, Any]:
    """Return values for a notebook's parameters, each of the parameter's type.

    Args:
        given: Values by name.
        parameters: What the notebook declares.
        notebook: Its name, for errors.
        texts: Whether the values are text that was typed, to be read by their types.

    Raises:
        NotebookError: The notebook has no such parameter, or the value is of another
            type.
    """
    known = {one.name: one for one in parameters}
    found = {}
    for name, value in given.items():
        parameter = known.get(name)
        if parameter is None:
            raise NotebookError(
                f"{notebook} has no parameter {quoted(name)}{suggestion(name, known)}"
            )
        kind, is_optional = parameter.kind, parameter.is_optional
        plain = plain_value(value)
        if texts and isinstance(plain, str):
            plain = value_of_text(plain, kind, is_optional=is_optional)
        if fault := value_fault(plain, kind, is_optional=is_optional):
            raise NotebookError(
                f"{notebook}: the parameter {name!r} {fault}, as its default "
                f"{_short(parameter.default)} is"
            )
        found[name] = float(plain) if kind == "float" and plain is not None else plain
    return found


def injected_source(values: Mapping[str, Any]) -> str:
    """Return the source of the cell that assigns values."""
    lines = [f"{name} = {value!r}" for name, value in values.items()]
    return "\n".join(["# Parameters", *lines])


def _comment(lines: list[str], node: ast.stmt) -> str:
    """Return the comment behind a statement."""
    if node.end_lineno is None or node.end_col_offset is None:
        return ""
    line = lines[node.end_lineno - 1].encode()[node.end_col_offset :]
    _, mark, text = line.decode(errors="replace").partition("#")
    return text.strip() if mark else ""


def _short(source: str, most: int = 60) -> str:
    return source if len(source) <= most else f"{source[:most]}…"
