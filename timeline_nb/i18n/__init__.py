"""Translations of the interface, from gettext catalogues.

Messages are English. A catalogue is `catalogues/<language>.po`; messages that it lacks
stay English. `messages.pot` lists all messages, and a test keeps it complete.
"""

import logging
import re
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["CATALOGUES", "words_for"]

_log = logging.getLogger(__name__)

CATALOGUES: Final = Path(__file__).parent / "catalogues"
# Language tags as browsers give them: "pt-BR", "de".
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


def words_for(language: str) -> dict[str, str]:
    """Return the messages of a language by their English text.

    Args:
        language: A language tag, such as `pt-BR`; without a catalogue of its own, that
            of its first part is used.

    Returns:
        Empty if there is no catalogue.
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
