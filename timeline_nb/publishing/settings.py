"""What a person says of a film that is published, checked before anything is sent."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from timeline_nb.core.near_names import kind_of, quoted, suggestion
from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
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
        raise PublishError(
            Message("title={title}: give the film's title as text", title=repr(title))
        )
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
            Message(
                "made_for_kids={value}: give True or False",
                value=repr(read["made_for_kids"]),
            )
        )
    if "category" in given:
        read["category"] = _category(given["category"])
    if "publish_at" in given:
        read["publish_at"] = _moment(given["publish_at"], now())
    settings = PublishSettings(platform=platform, **read)
    for fault in _faults(limits, settings):
        raise PublishError(Message("{title}: {why}", title=limits.title, why=fault))
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
            raise PublishError(
                Message(
                    "publish takes no {name}{hint}",
                    name=repr(name),
                    hint=suggestion(name, known),
                )
            )
        if name not in limits.fields:
            takes = ", ".join(sorted(limits.fields))
            raise PublishError(
                Message(
                    "{title} takes no {name}: leave {name}= out; beside the title "
                    "it takes {takes}",
                    title=limits.title,
                    name=name,
                    takes=takes,
                )
            )


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise PublishError(
            Message(
                "{name}={value} is {kind}: give text",
                name=name,
                value=repr(value),
                kind=kind_of(value),
            )
        )
    if not value.isprintable() and (fault := _unwritable(value)):
        raise PublishError(
            Message("{name} holds {fault}: leave it out", name=name, fault=fault)
        )
    return value.strip()


def _unwritable(text: str) -> str:
    """Return what no platform takes in a text; empty if there is nothing."""
    if any(unicodedata.category(letter) == "Cs" for letter in text):
        return Message("half a letter (a lone surrogate)")
    if any(
        unicodedata.category(letter) == "Cc"
        for letter in text
        if letter not in "\n\r\t"
    ):
        return Message("a control character")
    return ""


def _tags(value: Any) -> tuple[str, ...]:
    """Return tags of a list of words, or of one text with commas."""
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)) or not all(
        isinstance(word, str) for word in words
    ):
        raise PublishError(
            Message(
                "tags={value}: give a list of words: ['city', 'night']",
                value=repr(value),
            )
        )
    named = (_text("tags", word).lstrip("#") for word in words)
    return tuple(dict.fromkeys(word for word in named if word))


def _privacy(limits: UploadLimits, value: Any) -> str:
    if not limits.privacies:
        return ""
    if value is None and limits.privacies == ("public",):
        raise PublishError(
            Message(
                "{title} has public posts only: say so with privacy='public'",
                title=limits.title,
            )
        )
    if value is None:
        return limits.privacies[0]
    if value not in limits.privacies:
        hint = suggestion(value, limits.privacies)
        raise PublishError(
            Message(
                "{title} has no privacy={value}{hint}",
                title=limits.title,
                value=repr(value),
                hint=hint,
            )
        )
    return str(value)


def _chat(limits: UploadLimits, value: Any) -> str:
    if "chat" not in limits.fields:
        return ""
    chat = str(value).strip() if isinstance(value, (str, int)) else ""
    is_name = chat.startswith("@") and chat[1:].replace("_", "").isalnum()
    if not is_name and not chat.removeprefix("-").isdecimal():
        raise PublishError(
            Message(
                "chat={value}: name the chat that the bot posts in, "
                "chat='@channel' or its number; the bot must be a member that may "
                "post",
                value=repr(value),
            )
        )
    return chat


def _category(value: Any) -> str:
    name = str(value).strip()
    number = _CATEGORIES.get(name.casefold(), name)
    if number not in _CATEGORIES.values():
        hint = suggestion(value, _CATEGORIES)
        raise PublishError(
            Message(
                "category={quoted} is none of YouTube's{hint}",
                quoted=quoted(value),
                hint=hint,
            )
        )
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
            Message(
                "publish_at={value}: give a date and time with its offset from "
                "UTC, as in '2030-05-01T18:00+02:00'",
                value=repr(value),
            )
        )
    if moment < now + _SOONEST:
        raise PublishError(
            Message(
                "publish_at={value} is past, or in less than 5 minutes",
                value=repr(value),
            )
        )
    return moment.astimezone(UTC)


def _faults(limits: UploadLimits, settings: PublishSettings) -> Iterator[str]:
    """Yield what is beyond a limit: the field, its size and the limit."""
    title, text = settings.title, settings.description
    if limits.title_letters and _letters(title) > limits.title_letters:
        yield Message(
            "{name} has {count} letters, more than {most}",
            name="title",
            count=_letters(title),
            most=limits.title_letters,
        )
    size = len(text.encode(errors="replace"))
    if limits.description_bytes and size > limits.description_bytes:
        yield Message(
            "{name} has {count} bytes, more than {most}",
            name="description",
            count=size,
            most=limits.description_bytes,
        )
    if limits.platform == "youtube":
        for name in ("title", "description"):
            if any(letter in getattr(settings, name) for letter in "<>"):
                yield Message("{name} has < or >, which it does not take", name=name)
    whole = _letters(post_text(settings))
    if limits.text_letters and whole > limits.text_letters:
        yield Message(
            "title, description and tags have {count} letters together, more than "
            "{most}",
            count=whole,
            most=limits.text_letters,
        )
    yield from _tag_faults(limits, settings.tags)
    if settings.publish_at is not None and settings.privacy != "private":
        yield Message(
            "publish_at is for films that are private until then: privacy is {privacy}",
            privacy=repr(settings.privacy),
        )


def _tag_faults(limits: UploadLimits, tags: tuple[str, ...]) -> Iterator[str]:
    if limits.tags and len(tags) > limits.tags:
        yield Message(
            "{name} has {count} words, more than {most}",
            name="tags",
            count=len(tags),
            most=limits.tags,
        )
    # Commas count, and the quotation marks of tags with spaces (videos.snippet.tags).
    room = sum(_letters(tag) + 2 * (" " in tag) + 1 for tag in tags) - 1
    if limits.tags_letters and room > limits.tags_letters:
        yield Message(
            "{name} has {count} letters, more than {most}",
            name="tags",
            count=room,
            most=limits.tags_letters,
        )


def _letters(text: str) -> int:
    """Return the UTF-16 units of a text, in which platforms count letters."""
    return len(text.encode("utf-16-le", errors="replace")) // 2
