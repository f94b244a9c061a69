"""The languages of the interface, and which one a person reads."""

import os
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = [
    "LANGUAGES",
    "environment_language",
    "is_right_to_left",
    "matching_language",
]

# The languages by tag, each named in itself.
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": "English",
        "ru": "Русский",
        "es": "Español",
        "pt": "Português",
        "fr": "Français",
        "de": "Deutsch",
        "zh": "中文",
        "ja": "日本語",
        "ko": "한국어",
        "tr": "Türkçe",
        "th": "ไทย",
        "it": "Italiano",
        "hi": "हिन्दी",
        "ar": "العربية",
        "he": "עברית",
    }
)
_RIGHT_TO_LEFT: Final = frozenset({"ar", "he"})
# Language tags as browsers and systems write them: "pt-BR", "de", "zh_Hans_CN".
_TAG: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
# Java and old systems call Hebrew "iw".
_OLD_TAGS: Final = {"iw": "he"}
# As gettext reads them: the first that is set wins.
_VARIABLES: Final = (
    "TIMELINE_NB_LANGUAGE",
    "LANGUAGE",
    "LC_ALL",
    "LC_MESSAGES",
    "LANG",
)


def matching_language(tag: str) -> str:
    """Return the language that serves a reader's.

    Args:
        tag: A language tag, such as `pt-BR` or `zh_Hans_CN.UTF-8`.

    Returns:
        A key of `LANGUAGES`; `en` if none serves.

    Examples:
        >>> matching_language("pt-BR"), matching_language("de_AT.UTF-8")
        ('pt', 'de')
        >>> matching_language("nl")
        'en'
    """
    tag = tag.split(".", 1)[0].split("@", 1)[0]
    if not _TAG.fullmatch(tag):
        return "en"
    first = re.split("[-_]", tag, maxsplit=1)[0].lower()
    first = _OLD_TAGS.get(first, first)
    return first if first in LANGUAGES else "en"


def is_right_to_left(language: str) -> bool:
    """Return whether a language of `LANGUAGES` is written from right to left."""
    return language in _RIGHT_TO_LEFT


def environment_language(environment: Mapping[str, str] | None = None) -> str:
    """Return the language that the environment asks for.

    The first of `TIMELINE_NB_LANGUAGE`, `LANGUAGE` (several, with colons between),
    `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.

    Args:
        environment: Variables by name; this process's if not given.

    Returns:
        A key of `LANGUAGES`.
    """
    variables = os.environ if environment is None else environment
    for name in _VARIABLES:
        tags = [tag for tag in variables.get(name, "").split(":") if tag]
        if tags:
            # "nl:de": German is read as well; "en:de" is English first.
            served = [tag for tag in tags if _is_served(tag)]
            return matching_language(served[0]) if served else "en"
    return "en"


def _is_served(tag: str) -> bool:
    is_english = tag.lower().startswith(("en", "c", "posix"))
    return is_english or matching_language(tag) != "en"
