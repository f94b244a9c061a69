"""All parts of the notebook that must not leak; add a part here."""

from leaks.account_part import account_part
from leaks.notebook import LeakPart
from leaks.services_part import services_part
from leaks.signing_part import signing_part
from leaks.vault_part import vault_part

__all__ = ["PARTS"]

PARTS: tuple[LeakPart, ...] = (
    vault_part(),
    services_part(),
    account_part(),
    signing_part(),
)
