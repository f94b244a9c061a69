"""Values of an effect's parameters, as they travel."""

from typing import TypeAlias

from timeline_nb.widgets.bounds import Number, Numbers, Text

__all__ = ["Value"]

# A number, a choice or a color, a position; lists of points travel as JSON text.
Value: TypeAlias = Number | bool | Text | Numbers
