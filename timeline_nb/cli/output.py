"""Print results as JSON or as a table, and errors to stderr."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from timeline_nb.cli.words import said
from timeline_nb.core.structs import to_builtins

__all__ = ["print_json", "print_rows", "warn"]


def print_json(value: Any) -> None:
    """Print a value as JSON, with fractions as strings."""
    json.dump(to_builtins(value), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def print_rows(rows: Mapping[str, object] | Iterable[tuple[str, object]]) -> None:
    """Print names and values in two columns."""
    pairs = list(rows.items() if isinstance(rows, Mapping) else rows)
    width = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        print(f"{name:<{width}}  {value}")


def warn(message: str) -> None:
    """Print a message to stderr, in the reader's language."""
    print(f"timeline-nb: {said(message)}", file=sys.stderr)
