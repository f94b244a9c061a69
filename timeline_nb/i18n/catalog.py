"""The texts of a language, read from its catalog."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from timeline_nb.i18n.languages import is_right_to_left, matching_language
from timeline_nb.i18n.message import Message

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

__all__ = ["CATALOGUES", "Translations", "translations"]

_log = logging.getLogger(__name__)

CATALOGUES: Final = Path(__file__).parent / "catalogues"
_NAME: Final = re.compile(r"\{(\w+)\}")
# Counts that between them have every plural category of CLDR in every language.
_SAMPLES: Final = (*range(201), 1_000, 1_000_000)


@dataclass(frozen=True)
class Translations:
    """The interface's texts in one language.

    Args:
        language: Its tag.
        texts: Each translated message by its English text.
        plurals: The forms of a counted message by its English plural, each by its
            category in CLDR: `one`, `few`, `other`.
    """

    language: str
    texts: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_right_to_left(self) -> bool:
        """Whether it is written from right to left."""
        return is_right_to_left(self.language)

    def text(self, message: str, /, **values: object) -> str:
        """Return a message with `{names}` filled in; English if it has none.

        Examples:
            >>> Translations("de", {"Lock {name}": "{name} sperren"}).text(
            ...     "Lock {name}", name="V1"
            ... )
            'V1 sperren'
        """
        return _filled(self.texts.get(message, message), values)

    def counted(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the form of a message for a count, with `{count}` filled in."""
        return _filled(self._form(one, many, count), {**values, "count": count})

    def said(self, text: str) -> str:
        """Return a message, and those within it, in this language.

        Args:
            text: Any other text than a `Message` is returned as it is.

        Examples:
            >>> Translations("de", {"{a} or {b}": "{a} oder {b}"}).said(
            ...     Message("{a} or {b}", a="V1", b="V2")
            ... )
            'V1 oder V2'
        """
        if not isinstance(text, Message):
            return text
        values = {name: self.said(value) for name, value in text.values.items()}
        template = self.texts.get(text.template, text.template)
        if text.plural:
            template = self._form(text.template, text.plural, int(text.values["count"]))
        return _filled(template, values)

    def _form(self, one: str, many: str, count: int) -> str:
        forms = self.plurals.get(many)
        if forms is None:
            return one if count == 1 else many
        return forms.get(_category(self.language, count), forms["other"])


def _filled(text: str, values: Mapping[str, object]) -> str:
    # In one pass: what a value says in braces is no name.
    return _NAME.sub(lambda name: str(values.get(name[1], name[0])), text)


def _category(language: str, count: int) -> str:
    from babel import Locale

    return str(Locale(language).plural_form(count))


def translations(language: str) -> Translations:
    """Return the texts of a language.

    Args:
        language: A language tag, such as `pt-BR`; what no catalog serves is English.
    """
    tag = matching_language(language)
    path = CATALOGUES / f"{tag}.po"
    if tag == "en" or not path.is_file():
        return Translations("en")
    return _read(path, tag)


@cache
def _read(path: Path, language: str) -> Translations:
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    except (PoFileError, ValueError) as error:
        _log.warning("the catalog %s cannot be read: %s", path, error)
        return Translations("en")
    categories = _categories(catalog, language)
    texts: dict[str, str] = {}
    plurals: dict[str, dict[str, str]] = {}
    for message in catalog:
        forms = message.string
        if message.fuzzy or not message.id or not forms:
            continue
        if isinstance(message.id, str):
            texts[message.id] = str(forms)
        elif not isinstance(forms, str) and all(forms):
            plurals[message.id[1]] = {
                category: forms[place] for category, place in categories.items()
            }
    return Translations(language, texts, plurals)


def _categories(catalog: "Catalog", language: str) -> dict[str, int]:
    """Return which form of a catalog's messages each category of CLDR takes."""
    from gettext import c2py

    place_of = c2py(catalog.plural_expr)
    # "other" is that of most counts, among them those that are no sample.
    found = {"other": place_of(_SAMPLES[-2])}
    for count in _SAMPLES:
        found[_category(language, count)] = place_of(count)
    return found
