"""A profile as facts, with the encoders that it resolves to and all their options."""

from typing import Literal, get_origin

import msgspec

from timeline_nb.core.structs import from_builtins, to_builtins, to_canonical
from timeline_nb.errors import ProjectError
from timeline_nb.render.profile import Profile
from timeline_nb.render.target import Target

__all__ = ["profile_facts", "profile_of"]

# What begins the names of facts that are not the profile's own fields.
_RESOLVED = ("video.", "sound.", "container")


def profile_facts(profile: Profile, target: Target) -> dict[str, str]:
    """Return the fields of a profile that differ from their defaults, and more.

    The rest is what they became: `video.encoder`, `video.options.crf`,
    `sound.encoder`, `container`.
    """
    facts = {name: _text(value) for name, value in to_canonical(profile).items()}
    facts["container"] = target.container.format
    if target.video is not None:
        for name, value in to_canonical(target.video).items():
            if name == "options":
                more = {f"video.options.{own}": text for own, text in value.items()}
                facts |= more
            else:
                facts[f"video.{name}"] = _text(value)
    if target.sound is not None:
        sound = to_builtins(target.sound)
        facts |= {f"sound.{name}": _text(value) for name, value in sound.items()}
    return facts


def profile_of(facts: dict[str, str], name: str) -> Profile:
    """Return the profile whose facts these are.

    Args:
        facts: As `profile_facts` makes them.
        name: Of the lock, for the error.

    Raises:
        ProjectError: They are none of a profile.
        RenderError: A value is out of its range.
    """
    fields = {
        field: value
        for field, value in facts.items()
        if not field.startswith(_RESOLVED)
    }
    words = {one.name for one in msgspec.structs.fields(Profile) if _is_text(one.type)}
    try:
        given = {
            field: value if field in words else _value(value)
            for field, value in fields.items()
        }
        return from_builtins(given, Profile)
    except (msgspec.MsgspecError, RecursionError):
        raise ProjectError(f"{name}: its profile cannot be read") from None


def _is_text(kind: object) -> bool:
    return kind is str or get_origin(kind) is Literal


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        # Whether a person wrote 80 or 80.0.
        value = int(value)
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _value(text: str) -> object:
    """Return what a fact says; words are not in quotes there."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
