"""What is particular to one OAuth provider, and the providers that are built in.

Sources, read in 2026: Google's "OAuth 2.0 for Mobile & Desktop Apps" and "for TV and
Limited-Input Device Applications"; TikTok's "Login Kit for Desktop" and "User Access
Token Management"; Meta's "Business Login for Instagram"; Vimeo's "Working with
Authentication".
"""

import re
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message

__all__ = ["BUILT_IN", "PORT", "OAuthProvider"]

# Stands in a redirect address for the port that is free at the time (RFC 8252, 7.3).
PORT: Final = "{port}"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class OAuthProvider(
    msgspec.Struct, frozen=True, kw_only=True, metaclass=ExplainingMeta
):
    """What is particular to one provider.

    Args:
        name: A short name in lower case, such as `"youtube"`.
        title: The name that people know.
        authorize_url: Where a person signs in.
        token_url: Where codes and refresh tokens are exchanged.
        scopes: What is asked for: the least that an upload needs.
        redirect: Where the browser ends; `{port}` stands for a free port of this
            machine. One without a loopback host cannot be received, and is pasted.
        client_page: Where a person makes a client id.
        client_help: What to choose there.
        manage_url: Where a person ends the access by hand.
        scope_separator: Stands between scopes.
        client_field: What the client id is called.
        challenge: How the PKCE challenge is written: RFC 7636's base64url, or hex; or
            none.
        client_auth: Where the client secret goes (RFC 6749, 2.3.1).
        needs_secret: Whether no token is given without a client secret.
        extra: More fields of the sign-in address.
        issuer: What `iss` is in the answer (RFC 9207); unknown if empty.
        device_url: Where the device flow begins (RFC 8628); none if empty.
        device_scopes: The scopes of the device flow, if they are others.
        device_form: The field of RFC 8628's requests, or those of Vimeo.
        device_poll_url: Where the device flow asks for tokens; `token_url` if empty.
        exchange_url: Where a short-lived token is exchanged for a long-lived one by
            GET; none if empty.
        renew_url: Where a long-lived token is renewed by GET; none if empty.
        renew_after_s: The age from which a long-lived token can be renewed.
        who_url: Where the account's name is asked; empty if the token's answer has it.
        who_path: The keys and places that lead to the name, with dots between them.
        revoke: How a token is revoked: by a form with it (RFC 7009), by DELETE with it
            in the header, or not at all.
        revoke_url: Where.

    Raises:
        AccountError: The name is none, or an address would send secrets in the open.

    Example:
        >>> provider = tl.OAuthProvider(
        ...     name="peertube",
        ...     title="PeerTube",
        ...     authorize_url="https://video.example/oauth/authorize",
        ...     token_url="https://video.example/oauth/token",
        ...     scopes=("upload",),
        ... )
        >>> provider.has_device_flow, provider.is_long_lived
        (False, False)
    """

    name: str
    title: str
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    redirect: str = f"http://127.0.0.1:{PORT}/callback"
    client_page: str = ""
    client_help: str = ""
    manage_url: str = ""
    scope_separator: str = " "
    client_field: str = "client_id"
    challenge: Literal["base64url", "hex", "none"] = "base64url"
    client_auth: Literal["body", "basic"] = "body"
    needs_secret: bool = False
    extra: tuple[tuple[str, str], ...] = ()
    issuer: str = ""
    device_url: str = ""
    device_scopes: tuple[str, ...] = ()
    device_form: Literal["rfc8628", "vimeo"] = "rfc8628"
    device_poll_url: str = ""
    exchange_url: str = ""
    renew_url: str = ""
    renew_after_s: float = 0
    who_url: str = ""
    who_path: str = ""
    revoke: Literal["form", "delete", "none"] = "none"
    revoke_url: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise AccountError(
                Message(
                    "{name} is no provider's name: use lower-case letters, digits, "
                    "'-' and '_', 40 at most",
                    name=repr(self.name),
                )
            )
        for field in self.__struct_fields__:
            url = getattr(self, field)
            if field.endswith("_url") and url and not _is_safe(url):
                raise AccountError(
                    Message(
                        "{field} of {name} is {url}: give an https address (http only "
                        "on this machine)",
                        field=field,
                        name=repr(self.name),
                        url=repr(url),
                    )
                )

    @property
    def has_device_flow(self) -> bool:
        """Whether a person can sign in by a code typed on another device."""
        return bool(self.device_url)

    @property
    def is_long_lived(self) -> bool:
        """Whether the access token itself is renewed, in place of a refresh token."""
        return bool(self.renew_url)


def _is_safe(url: str) -> bool:
    """Return whether a secret may be sent to an address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        parts.scheme == "http" and parts.hostname in _LOOPBACK
    )


_GOOGLE: Final = "https://www.googleapis.com/auth"
_INSTAGRAM: Final = "https://graph.instagram.com"

BUILT_IN: Final = (
    OAuthProvider(
        name="youtube",
        title="YouTube",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        # Captions need the second one, and so does the channel's name.
        scopes=(f"{_GOOGLE}/youtube.upload", f"{_GOOGLE}/youtube.force-ssl"),
        client_page="https://console.cloud.google.com/apis/credentials",
        client_help=Message(
            "enable the YouTube Data API v3, create an OAuth client id of the type "
            "'Desktop app' ('TVs and Limited Input devices' for the device flow), and "
            "download its JSON file; while the consent screen is in testing, Google "
            "ends each connection after 7 days"
        ),
        manage_url="https://myaccount.google.com/connections",
        # Without these, no refresh token comes at a second sign-in.
        extra=(("access_type", "offline"), ("prompt", "consent")),
        issuer="https://accounts.google.com",
        device_url="https://oauth2.googleapis.com/device/code",
        # The device flow has no narrower one that uploads.
        device_scopes=(f"{_GOOGLE}/youtube",),
        who_url="https://www.googleapis.com/youtube/v3/channels?part=snippet&mine=true",
        who_path="items.0.snippet.title",
        revoke="form",
        revoke_url="https://oauth2.googleapis.com/revoke",
    ),
    OAuthProvider(
        name="instagram",
        title="Instagram",
        authorize_url="https://www.instagram.com/oauth/authorize",
        token_url="https://api.instagram.com/oauth/access_token",  # noqa: S106 - an address
        scopes=("instagram_business_basic", "instagram_business_content_publish"),
        # Only https is registered there: the browser ends at an error page.
        redirect="https://localhost/callback",
        client_page="https://developers.facebook.com/apps",
        client_help=Message(
            "create an app with 'API setup with Instagram login', and enter "
            "https://localhost/callback among the redirect addresses of its business "
            "login; the account must be a professional one"
        ),
        manage_url="https://www.instagram.com/accounts/manage_access/",
        scope_separator=",",
        challenge="none",
        needs_secret=True,
        exchange_url=f"{_INSTAGRAM}/access_token",
        renew_url=f"{_INSTAGRAM}/refresh_access_token",
        renew_after_s=24 * 3600,
        who_url=f"{_INSTAGRAM}/me?fields=username",
        who_path="username",
    ),
    OAuthProvider(
        name="tiktok",
        title="TikTok",
        authorize_url="https://www.tiktok.com/v2/auth/authorize/",
        token_url="https://open.tiktokapis.com/v2/oauth/token/",  # noqa: S106 - an address
        scopes=("user.info.basic", "video.upload", "video.publish"),
        redirect=f"http://127.0.0.1:{PORT}/callback/",
        client_page="https://developers.tiktok.com/apps",
        client_help=Message(
            "add Login Kit and the Content Posting API, choose the platform 'Desktop', "
            "and enter http://127.0.0.1:*/callback/ as the redirect address"
        ),
        manage_url="https://www.tiktok.com/setting",
        scope_separator=",",
        client_field="client_key",
        challenge="hex",
        needs_secret=True,
        who_url="https://open.tiktokapis.com/v2/user/info/?fields=display_name",
        who_path="data.user.display_name",
        revoke="form",
        revoke_url="https://open.tiktokapis.com/v2/oauth/revoke/",
    ),
    OAuthProvider(
        name="vimeo",
        title="Vimeo",
        authorize_url="https://api.vimeo.com/oauth/authorize",
        token_url="https://api.vimeo.com/oauth/access_token",  # noqa: S106 - an address
        scopes=("public", "private", "create", "edit", "upload"),
        # Vimeo compares it with the registered address, its port included.
        redirect="http://127.0.0.1:8917/callback",
        client_page="https://developer.vimeo.com/apps",
        client_help=Message(
            "create an app, and enter http://127.0.0.1:8917/callback among its "
            "callback addresses"
        ),
        manage_url="https://vimeo.com/settings/apps",
        challenge="none",
        client_auth="basic",
        needs_secret=True,
        device_url="https://api.vimeo.com/oauth/device",
        device_form="vimeo",
        device_poll_url="https://api.vimeo.com/oauth/device/authorize",
        who_path="user.name",
        revoke="delete",
        revoke_url="https://api.vimeo.com/tokens",
    ),
)
