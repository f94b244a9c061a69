"""What servers answer, and what makes an upload wait, begin anew or end."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Dropped", "PlatformAnswer", "RefusedRequest", "SessionLost", "spoken"]

_MOST_LETTERS: Final = 200


@dataclass(frozen=True)
class PlatformAnswer:
    """The answer to a request.

    Args:
        status: The HTTP status.
        headers: By their names in lower case.
        body: Of at most a megabyte.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        # Headers hold addresses of sessions.
        return f"PlatformAnswer({self.status})"

    @property
    def is_good(self) -> bool:
        """Whether the request succeeded."""
        return 200 <= self.status < 300

    def json(self) -> dict[str, Any]:
        """Return the object that the body is; an empty one where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def at(self, *names: str | int) -> Any:
        """Return a value within the body's object, None where there is none."""
        found: Any = self.json()
        for name in names:
            if isinstance(name, str) and isinstance(found, dict):
                found = found.get(name)
            elif isinstance(name, int) and isinstance(found, list) and found[name:]:
                found = found[name]
            else:
                return None
        return found

    def text_at(self, *names: str | int) -> str:
        """Return a text or a number within the body's object as text; empty if none."""
        found = self.at(*names)
        is_number = isinstance(found, int) and not isinstance(found, bool)
        return str(found) if isinstance(found, str) or is_number else ""


class Dropped(Exception):  # noqa: N818 - no error: the upload goes on after it
    """The connection broke, or the server asks for patience: to be tried again.

    Args:
        reason: Why, for people.
        wait_s: What the server asks for; None if it asks nothing.
        was_sent: Whether the whole request had left.
    """

    def __init__(
        self, reason: str, *, wait_s: float | None = None, was_sent: bool = False
    ) -> None:
        super().__init__(reason)
        self.wait_s, self.was_sent = wait_s, was_sent


class SessionLost(Exception):  # noqa: N818 - no error: the upload begins anew
    """The session of the upload is over."""


class RefusedRequest(Exception):  # noqa: N818 - becomes an error in a person's words
    """The server refuses the request.

    Args:
        answer: What it answered.
    """

    def __init__(self, answer: PlatformAnswer) -> None:
        super().__init__(f"HTTP {answer.status}")
        self.answer = answer


def spoken(text: str) -> str:
    """Return a server's text in short, without control characters."""
    seen = "".join(
        letter if unicodedata.category(letter)[0] != "C" else " " for letter in text
    )
    seen = " ".join(seen.split())
    cut = seen[:_MOST_LETTERS]
    return f"{cut}…" if len(seen) > len(cut) else cut
