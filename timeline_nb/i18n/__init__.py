"""The words of the interface in the reader's language, from gettext catalogues.

Messages are English text. A catalogue is `catalogues/<language>.po`; what one lacks
stays English. `messages.pot` lists every message, and a test keeps it complete.
"""

import logging
import re
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["CATALOGUES", "words_for"]

_log = logging.getLogger(__name__)

CATALOGUES: Final = Path(__file__).parent / "catalogues"
# As a page tells its language: "pt-BR", "de".
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


def words_for(language: str) -> dict[str, str]:
    """The messages of a language by their English text.

    Args:
        language: As a page tells it, such as `pt-BR`; its first part serves where
            there is no catalogue for the whole.

    Returns:
        Nothing where there is no catalogue: then English stays.
    """
    if not _LANGUAGE.fullmatch(language):
        return {}
    parts = language.replace("_", "-").split("-")
    for count in range(len(parts), 0, -1):
        path = CATALOGUES / f"{'_'.join(parts[:count])}.po"
        if path.is_file():
            return dict(_read(path))
    return {}


@cache
def _read(path: Path) -> dict[str, str]:
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            catalogue = read_po(file)
    except (PoFileError, ValueError) as error:
        _log.warning("the catalogue %s cannot be read: %s", path, error)
        return {}
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }
