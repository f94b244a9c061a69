"""What a person says of a film that is published, checked before anything is sent."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from timeline_nb.core.near_names import kind_of, quoted, suggestion
from timeline_nb.errors import PublishError
from timeline_nb.publishing.limits import UploadLimits, limits_of

__all__ = ["PublishSettings", "post_text", "read_settings"]

# IDs of YouTube's categories (videoCategories.list, region US), by their names there.
_CATEGORIES: Final = {
    "film & animation": "1",
    "autos & vehicles": "2",
    "music": "10",
    "pets & animals": "15",
    "sports": "17",
    "travel & events": "19",
    "gaming": "20",
    "people & blogs": "22",
    "comedy": "23",
    "entertainment": "24",
    "news & politics": "25",
    "howto & style": "26",
    "education": "27",
    "science & technology": "28",
    "nonprofits & activism": "29",
}
# A server's clock may be ahead of this one.
_SOONEST: Final = timedelta(minutes=5)


class PublishSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a film.

    Args:
        platform: Where it is published.
        title: The title, or the first line of the post.
        description: The text below it.
        tags: Words by which it is found.
        privacy: Who sees it, by a word of the platform's limits; empty where the place
            of the post decides.
        category: The number of YouTube's category.
        made_for_kids: Whether the film is for children (COPPA); None where it is not
            said.
        publish_at: When a private film becomes public, in UTC; None at once.
        language: Of the film and its captions, as in BCP 47: `en`, `pt-BR`.
        chat: Telegram's chat: its number, or `@name` of a channel.
    """

    platform: str
    title: str
    description: str = ""
    tags: tuple[str, ...] = ()
    privacy: str = ""
    category: str = ""
    made_for_kids: bool | None = None
    publish_at: datetime | None = None
    language: str = ""
    chat: str = ""


def read_settings(
    platform: str,
    title: Any,
    fields: Mapping[str, Any],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> PublishSettings:
    """Return settings, if the platform takes all of them.

    Args:
        platform: Where the film is published.
        title: The title.
        fields: Other fields of `PublishSettings`, as a person gives them; those that
            are None or empty are left out.
        now: The clock.

    Raises:
        PublishError: A field is of another type, is not taken there, or is beyond the
            platform's limit. The error names both.
    """
    limits = limits_of(platform)
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    _check_names(limits, given)
    if not isinstance(title, str) or not title.strip():
        raise PublishError(f"title={title!r}: give the film's title as text")
    read: dict[str, Any] = {
        "title": _text("title", title),
        "description": _text("description", given.get("description", "")),
        "tags": _tags(given.get("tags", ())),
        "language": _text("language", given.get("language", "")),
        "made_for_kids": given.get("made_for_kids"),
        "privacy": _privacy(limits, given.get("privacy")),
        "chat": _chat(limits, given.get("chat")),
    }
    if not isinstance(read["made_for_kids"], (bool, type(None))):
        raise PublishError(
            f"made_for_kids={read['made_for_kids']!r}: give True or False"
        )
    if "category" in given:
        read["category"] = _category(given["category"])
    if "publish_at" in given:
        read["publish_at"] = _moment(given["publish_at"], now())
    settings = PublishSettings(platform=platform, **read)
    for fault in _faults(limits, settings):
        raise PublishError(f"{limits.title}: {fault}")
    return settings


def post_text(settings: PublishSettings) -> str:
    """Return title, description and tags as one text, for posts that have no title."""
    tags = " ".join(f"#{tag.replace(' ', '')}" for tag in settings.tags)
    parts = (settings.title, settings.description, tags)
    return "\n\n".join(part for part in parts if part)


def _check_names(limits: UploadLimits, given: dict[str, Any]) -> None:
    known = PublishSettings.__struct_fields__[2:]
    for name in given:
        if name not in known:
            raise PublishError(f"publish takes no {name!r}{suggestion(name, known)}")
        if name not in limits.fields:
            takes = ", ".join(sorted(limits.fields))
            raise PublishError(
                f"{limits.title} takes no {name}: leave {name}= out; beside the title "
                f"it takes {takes}"
            )


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise PublishError(f"{name}={value!r} is {kind_of(value)}: give text")
    if not value.isprintable() and (fault := _unwritable(value)):
        raise PublishError(f"{name} holds {fault}: leave it out")
    return value.strip()


def _unwritable(text: str) -> str:
    """Return what no platform takes in a text; empty if there is nothing."""
    if any(unicodedata.category(letter) == "Cs" for letter in text):
        return "half a letter (a lone surrogate)"
    if any(
        unicodedata.category(letter) == "Cc"
        for letter in text
        if letter not in "\n\r\t"
    ):
        return "a control character"
    return ""


def _tags(value: Any) -> tuple[str, ...]:
    """Return tags of a list of words, or of one text with commas."""
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)) or not all(
        isinstance(word, str) for word in words
    ):
        raise PublishError(f"tags={value!r}: give a list of words: ['city', 'night']")
    named = (_text("tags", word).lstrip("#") for word in words)
    return tuple(dict.fromkeys(word for word in named if word))


def _privacy(limits: UploadLimits, value: Any) -> str:
    if not limits.privacies:
        return ""
    if value is None and limits.privacies == ("public",):
        raise PublishError(
            f"{limits.title} has public posts only: say so with privacy='public'"
        )
    if value is None:
        return limits.privacies[0]
    if value not in limits.privacies:
        hint = suggestion(value, limits.privacies)
        raise PublishError(f"{limits.title} has no privacy={value!r}{hint}")
    return str(value)


def _chat(limits: UploadLimits, value: Any) -> str:
    if "chat" not in limits.fields:
        return ""
    chat = str(value).strip() if isinstance(value, (str, int)) else ""
    is_name = chat.startswith("@") and chat[1:].replace("_", "").isalnum()
    if not is_name and not chat.removeprefix("-").isdecimal():
        raise PublishError(
            f"chat={value!r}: name the chat that the bot posts in, chat='@channel' or "
            "its number; the bot must be a member that may post"
        )
    return chat


def _category(value: Any) -> str:
    name = str(value).strip()
    number = _CATEGORIES.get(name.casefold(), name)
    if number not in _CATEGORIES.values():
        hint = suggestion(value, _CATEGORIES)
        raise PublishError(f"category={quoted(value)} is none of YouTube's{hint}")
    return number


def _moment(value: Any, now: datetime) -> datetime:
    try:
        moment = (
            value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        )
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PublishError(
            f"publish_at={value!r}: give a date and time with its offset from UTC, as "
            "in '2030-05-01T18:00+02:00'"
        )
    if moment < now + _SOONEST:
        raise PublishError(f"publish_at={value!r} is past, or in less than 5 minutes")
    return moment.astimezone(UTC)


def _faults(limits: UploadLimits, settings: PublishSettings) -> Iterator[str]:
    """Yield what is beyond a limit: the field, its size and the limit."""
    title, text = settings.title, settings.description
    if limits.title_letters and _letters(title) > limits.title_letters:
        yield f"title has {_letters(title)} letters, more than {limits.title_letters}"
    size = len(text.encode(errors="replace"))
    if limits.description_bytes and size > limits.description_bytes:
        yield f"description has {size} bytes, more than {limits.description_bytes}"
    if limits.platform == "youtube":
        for name in ("title", "description"):
            if any(letter in getattr(settings, name) for letter in "<>"):
                yield f"{name} has < or >, which it does not take"
    whole = _letters(post_text(settings))
    if limits.text_letters and whole > limits.text_letters:
        yield (
            f"title, description and tags have {whole} letters together, more than "
            f"{limits.text_letters}"
        )
    if limits.tags and len(settings.tags) > limits.tags:
        yield f"tags has {len(settings.tags)} words, more than {limits.tags}"
    # Commas count, and the quotation marks of tags with spaces (videos.snippet.tags).
    room = sum(_letters(tag) + 2 * (" " in tag) + 1 for tag in settings.tags) - 1
    if limits.tags_letters and room > limits.tags_letters:
        yield f"tags has {room} letters, more than {limits.tags_letters}"
    if settings.publish_at is not None and settings.privacy != "private":
        yield (
            f"publish_at is for films that are private until then: privacy is "
            f"{settings.privacy!r}"
        )


def _letters(text: str) -> int:
    """Return the UTF-16 units of a text, in which platforms count letters."""
    return len(text.encode("utf-16-le", errors="replace")) // 2
