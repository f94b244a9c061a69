"""What is known of an account, and of its end; no secret."""

from dataclasses import dataclass

from timeline_nb.i18n import Message

__all__ = ["Account", "Disconnected"]


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is known of a connected account; no secret.

    Args:
        provider: The provider's name.
        who: The account's name there; empty if not known.
        scopes: What the person allowed.
        connected_at: When its tokens came, seconds since 1970.
        expires_at: When the access token ends; it is renewed before by itself if
            `is_renewable`. None if it does not end.
        is_renewable: Whether it is renewed without the person.
        is_ended: Whether the provider renews it no more: connect it again.
    """

    provider: str
    who: str
    scopes: tuple[str, ...]
    connected_at: float
    expires_at: float | None
    is_renewable: bool
    is_ended: bool

    @property
    def state(self) -> str:
        """Whether it can be used, in words."""
        if self.is_ended:
            return Message("ended: connect it again")
        return Message("connected")


@dataclass(frozen=True, kw_only=True)
class Disconnected:
    """How an account was disconnected.

    Args:
        provider: The provider's name.
        is_revoked: Whether the provider ended its tokens.
        advice: What is left for the person to do; empty if nothing is.
    """

    provider: str
    is_revoked: bool
    advice: str
