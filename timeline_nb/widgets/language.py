"""The interface's texts in the reader's language, for a page that asks for them."""

from typing import ClassVar

from timeline_nb.i18n import matching_language, translations
from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import Name
from timeline_nb.widgets.request import Request

__all__ = [
    "TranslationsAnswer",
    "TranslationsRequest",
    "note_page_language",
    "page_language",
    "translations_answer",
]


class TranslationsAnswer(Answer, frozen=True, kw_only=True, tag="translations"):
    """The texts by their English; those of counts by the category of the count.

    Args:
        language: The tag of the language.
        is_right_to_left: Whether it is written so.
        texts: Messages by their English text.
        plurals: The forms of counted messages, by their English plural.
    """

    language: str
    is_right_to_left: bool
    texts: dict[str, str]
    plurals: dict[str, dict[str, str]]


class TranslationsRequest(Request, frozen=True, kw_only=True, tag="askTranslations"):
    """Send the texts of a language; it comes before there is a view."""

    answered_by: ClassVar[type[Answer]] = TranslationsAnswer

    language: Name


class _Pages:
    """What is known of the pages that show widgets of this kernel."""

    language = "en"


def page_language() -> str:
    """Return the language that a page has named last; English before."""
    return _Pages.language


def note_page_language(language: str) -> None:
    """Note the language of a page; nothing if it names none."""
    if language:
        _Pages.language = matching_language(language)


def translations_answer(request: TranslationsRequest) -> TranslationsAnswer:
    """Return the answer to a request."""
    found = translations(request.language)
    _Pages.language = found.language
    return TranslationsAnswer(
        id=request.id,
        view=request.view,
        language=found.language,
        is_right_to_left=found.is_right_to_left,
        texts=dict(found.texts),
        plurals={many: dict(forms) for many, forms in found.plurals.items()},
    )
