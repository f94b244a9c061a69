"""All parts of the notebook that must not leak; add a part here."""

from leaks.notebook import LeakPart
from leaks.vault_part import vault_part

__all__ = ["PARTS"]

PARTS: tuple[LeakPart, ...] = (vault_part(),)
