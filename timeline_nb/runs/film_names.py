"""Names of a batch's films, made of a template and each row's values."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from numbers import Integral
from pathlib import Path
from string import Formatter
from typing import Any, Final

from timeline_nb.core.near_names import kind_of, quoted, suggestion
from timeline_nb.core.output_names import output_path
from timeline_nb.errors import NotebookError
from timeline_nb.runs.rows import Row

__all__ = ["columns_of", "filled", "film_names"]

# The number of a row, from 1; `{row:03}` fills it with zeros.
_NUMBER: Final = "row"
_ZEROS: Final = re.compile(r"0?\d?d?")
_DIGITS: Final = re.compile(r"[0-9]{1,18}")
# Larger floats are no exact counts.
_LARGEST_EXACT: Final = 2**53


def columns_of(template: Any, *, field: str = "film") -> tuple[str, ...]:
    """Return the columns that a template takes values of.

    Raises:
        NotebookError: It is no text, or what is in braces is no name of a column.
    """
    if not isinstance(template, str):
        kind = kind_of(template)
        raise NotebookError(
            f"{field} is {kind}: give a template, such as '{{name}}.mp4'"
        )
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise NotebookError(
            f"{field}={quoted(template)}: {error}; write a brace itself as {{{{ or }}}}"
        ) from error
    found = []
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        is_plain = not re.search(r"[.\[\]]", name) and name.strip()
        fits = not spec or (name == _NUMBER and _ZEROS.fullmatch(spec))
        if not is_plain or conversion or not fits:
            raise NotebookError(
                f"{field}={quoted(template)}: braces hold the name of a column, as in "
                "'{name}.mp4', or the number of the row, as in '{row:03}.mp4'"
            )
        found.append(name)
    return tuple(found)


def filled(template: str, row: Row, number: int, *, field: str = "film") -> str:
    """Return a template with a row's values in it.

    Raises:
        NotebookError: The row has no such column, or nothing in it.
    """
    for name in columns_of(template, field=field):
        if name != _NUMBER and name not in row:
            raise NotebookError(
                f"row {number} has no {quoted(name)}, which {field}={quoted(template)} "
                f"takes{suggestion(name, [*row, _NUMBER])}"
            )
    values = {_NUMBER: number, **row}
    done = []
    for words, column, spec, _ in Formatter().parse(template):
        done.append(words)
        if column is not None:
            done.append(_text_of(column, values[column], number, spec))
    return "".join(done)


def _text_of(name: str, value: Any, number: int, spec: str | None = "") -> str:
    """Return a cell as text; a whole number has no point, as tables show it.

    Raises:
        NotebookError: It has no text, or is no whole number where one is filled.
    """
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) <= _LARGEST_EXACT
    else:
        digits = isinstance(value, str) and _DIGITS.fullmatch(value)
        whole = bool(spec and digits)
    if whole:
        value = int(value)
    if spec and not isinstance(value, Integral):
        raise NotebookError(
            f"row {number}: the column {quoted(name)} holds {kind_of(value)} "
            f"that is no whole number, which {{{name}:{spec}}} takes"
        )
    try:
        return format(int(value), spec) if spec else str(value)
    except Exception as error:
        raise NotebookError(
            f"row {number}: the column {quoted(name)} holds {kind_of(value)} "
            f"that cannot be written as text: {error}"
        ) from error


def film_names(
    template: Any,
    rows: Sequence[Row],
    folder: Path,
    *,
    columns: Collection[str] = (),
) -> list[Path]:
    """Return the path of each row's film, all different and within a folder.

    Args:
        template: Such as `{name}.mp4` or `{language}/{row:03}.mp4`.
        rows: Their values fill it.
        folder: Where the films go.
        columns: Those of the table, of which some cells may be empty.

    Raises:
        NotebookError: A value is missing or cannot be in a name, a path would lead out
            of the folder, or two rows have one name. The row is named.
    """
    used = columns_of(template)
    taken: dict[str, int] = {}
    found = []
    root = folder.resolve()
    for number, row in enumerate(rows, 1):
        for name in used:
            if name in row:
                _check_value(name, row[name], number)
            elif name in columns and name != _NUMBER:
                raise NotebookError(
                    f"row {number}: the column {quoted(name)} is empty, and "
                    f"film={quoted(template)} takes its value"
                )
        text = filled(template, row, number)
        path = output_path(
            root / text, NotebookError, what="a film, such as 'film.mp4'", field="film"
        )
        # Links among the folders lead elsewhere, too.
        inside = not Path(text).is_absolute() and ".." not in Path(text).parts
        if not inside or not path.parent.resolve().is_relative_to(root):
            raise NotebookError(
                f"row {number}: the film {quoted(text)} would be outside {folder}"
            )
        if not path.suffix:
            raise NotebookError(
                f"row {number}: the film {quoted(text)} has no suffix: end the "
                "template with one, such as .mp4"
            )
        # File systems that do not tell upper case from lower case, or forms of é.
        same = unicodedata.normalize("NFC", str(path)).casefold()
        if same in taken:
            raise NotebookError(
                f"rows {taken[same]} and {number} would both be written to "
                f"{quoted(text)}: name them by another column, or by {{row}}"
            )
        taken[same] = number
        found.append(path)
    return found


def _check_value(name: str, value: Any, number: int) -> None:
    """Refuse a cell that is a path of its own within a name."""
    text = _text_of(name, value, number)
    if re.search(r"[/\\\0]", text) or text in {".", ".."}:
        raise NotebookError(
            f"row {number}: {quoted(text)} of the column {quoted(name)} cannot be a "
            "part of a file's name: it holds a separator of folders"
        )
