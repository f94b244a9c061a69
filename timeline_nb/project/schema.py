"""The published JSON Schema of project files, generated from the structs.

`python -m timeline_nb.project.schema` writes it anew.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import msgspec

from timeline_nb.project.document import ProjectFile

__all__ = ["SCHEMA_PATH", "schema"]

SCHEMA_PATH: Final = Path(__file__).with_name("tlp.schema.json")


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a `.tlp` file of the current version."""
    generated = msgspec.json.schema(ProjectFile, schema_hook=_fraction)
    for definition in generated["$defs"].values():
        # The whole docstring is for readers of Python, and its indent is Python's.
        definition["description"] = definition["description"].partition("\n")[0]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **generated}


def _fraction(kind: type) -> dict[str, Any]:
    if kind is not Fraction:
        raise NotImplementedError(kind.__name__)
    return {
        "type": "string",
        "pattern": "^-?[0-9]{1,40}(/[0-9]{1,40})?$",
        "description": "An exact number: a whole one, or a fraction.",
    }


if __name__ == "__main__":
    SCHEMA_PATH.write_text(json.dumps(schema(), indent=2) + "\n")
