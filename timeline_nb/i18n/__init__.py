"""The interface in other languages, from gettext catalogs.

Messages are English. `catalogues/<language>.po` translates them, and what it lacks
stays English. `catalogues/messages.pot` lists all messages; tests keep it complete,
and each catalog with it.
"""

from timeline_nb.i18n.catalog import CATALOGUES, Translations, translations
from timeline_nb.i18n.languages import (
    LANGUAGES,
    environment_language,
    is_right_to_left,
    matching_language,
)
from timeline_nb.i18n.message import Message, message_of

__all__ = [
    "CATALOGUES",
    "LANGUAGES",
    "Message",
    "Translations",
    "environment_language",
    "is_right_to_left",
    "matching_language",
    "message_of",
    "translations",
]
