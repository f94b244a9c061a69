"""The providers of API keys that are known, and those that are declared later.

Each of the addresses below is free to ask: it lists models or languages, or says whose
key it is. They were read in the providers' API references in November 2026; YouTube
counts one unit of the 10,000 of a day.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.locks import new_lock
from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.core.structs import from_json
from timeline_nb.errors import VaultError
from timeline_nb.security.provider import KeyProvider

__all__ = ["BUILT_IN_PROVIDERS", "KeyProviders", "declare_file"]

_MOST_FILE_BYTES: Final = 1 << 20

BUILT_IN_PROVIDERS: Final = (
    KeyProvider(
        name="openai",
        label="OpenAI",
        address="https://api.openai.com/v1/models",
        proof="data",
        variables=(
            "OPENAI_API_KEY*",
            "OPENAI_API_TOKEN",
            "OPENAI_KEY",
            "OPENAI_SECRET_KEY",
            "OPENAI_TOKEN",
        ),
        page="https://platform.openai.com/api-keys",
    ),
    KeyProvider(
        name="anthropic",
        label="Anthropic",
        address="https://api.anthropic.com/v1/models?limit=1",
        header="x-api-key",
        scheme="",
        headers=(("anthropic-version", "2023-06-01"),),
        proof="data",
        variables=(
            "ANTHROPIC_API_KEY*",
            "ANTHROPIC_KEY",
            "ANTHROPIC_TOKEN",
            "CLAUDE_API_KEY*",
            "CLAUDE_KEY",
        ),
        page="https://platform.claude.com/settings/keys",
    ),
    # Google answers 400 to a key that it does not know, and 403 to one that was found
    # in public.
    KeyProvider(
        name="gemini",
        label="Google Gemini",
        address="https://generativelanguage.googleapis.com/v1beta/models?pageSize=1",
        header="x-goog-api-key",
        scheme="",
        proof="models",
        invalid_texts=("API_KEY_INVALID", "API key was reported as leaked"),
        variables=(
            "GEMINI_API_KEY*",
            "GEMINI_KEY",
            "GOOGLE_AI_API_KEY",
            "GOOGLE_API_KEY",
            "GOOGLE_GEMINI_API_KEY",
            "GOOGLE_GENAI_API_KEY",
            "GOOGLE_GENERATIVE_AI_API_KEY",
        ),
        page="https://aistudio.google.com/apikey",
    ),
    KeyProvider(
        name="deepseek",
        label="DeepSeek",
        address="https://api.deepseek.com/models",
        proof="data",
        variables=("DEEPSEEK_API_KEY*", "DEEPSEEK_KEY", "DEEPSEEK_TOKEN"),
        page="https://platform.deepseek.com/api_keys",
    ),
    KeyProvider(
        name="youtube",
        label="YouTube",
        address="https://www.googleapis.com/youtube/v3/i18nLanguages?part=snippet",
        header="x-goog-api-key",
        scheme="",
        proof="items",
        invalid_texts=("API_KEY_INVALID",),
        variables=(
            "GOOGLE_YOUTUBE_API_KEY",
            "YOUTUBE_API_KEY*",
            "YOUTUBE_DATA_API_KEY",
            "YOUTUBE_KEY",
            "YT_API_KEY",
        ),
        page="https://console.cloud.google.com/apis/credentials",
    ),
    KeyProvider(
        name="vimeo",
        label="Vimeo",
        address="https://api.vimeo.com/oauth/verify",
        headers=(("accept", "application/vnd.vimeo.*+json;version=3.4"),),
        proof="scope",
        variables=(
            "VIMEO_ACCESS_TOKEN",
            "VIMEO_API_KEY",
            "VIMEO_API_TOKEN",
            "VIMEO_TOKEN",
        ),
        page="https://developer.vimeo.com/apps",
    ),
    # The token is a part of the path. 401: no such bot; 404: no form of a token.
    KeyProvider(
        name="telegram",
        label="Telegram",
        address="https://api.telegram.org/bot{key}/getMe",
        proof="result",
        invalid=(401, 404),
        variables=(
            "TELEGRAM_API_TOKEN",
            "TELEGRAM_BOT_API_TOKEN",
            "TELEGRAM_BOT_TOKEN",
            "TELEGRAM_TOKEN",
            "TG_BOT_TOKEN",
        ),
        page="https://t.me/BotFather",
    ),
)


class KeyProviders:
    """The providers that a studio knows, by name; thread-safe.

    Args:
        providers: Those to begin with.

    Example:
        >>> from timeline_nb.security.provider import KeyProvider
        >>> from timeline_nb.security.providers import KeyProviders
        >>> known = KeyProviders()
        >>> known.declare(KeyProvider(name="acme", address="https://acme.example/me"))
        >>> known.get("acme").title
        'acme'
    """

    def __init__(self, providers: Iterable[KeyProvider] | None = None) -> None:
        chosen = BUILT_IN_PROVIDERS if providers is None else tuple(providers)
        self._lock = new_lock("providers of keys")
        self._providers = {provider.name: provider for provider in chosen}

    def __repr__(self) -> str:
        return f"KeyProviders({', '.join(self.names())})"

    def __iter__(self) -> Iterator[KeyProvider]:
        with self._lock:
            return iter(list(self._providers.values()))

    def names(self) -> list[str]:
        """Return the names, sorted."""
        return sorted(provider.name for provider in self)

    def declare(self, provider: KeyProvider) -> None:
        """Add a provider.

        Args:
            provider: One whose name is new. A known one is never replaced: its key
                would go to another address.

        Raises:
            VaultError: The name belongs to another provider.
        """
        with self._lock:
            known = self._providers.setdefault(provider.name, provider)
        if known != provider:
            raise VaultError(
                f"the provider {provider.name!r} is known already, and asks "
                f"{known.host}: choose another name"
            )

    def get(self, name: str) -> KeyProvider | None:
        """Return the provider of a name, or None if none is known."""
        with self._lock:
            return self._providers.get(name)

    def named(self, name: str) -> KeyProvider:
        """Return the provider of a name.

        Raises:
            VaultError: None is known; the message has the nearest names.
        """
        found = self.get(name)
        if found is None:
            hint = suggestion(name, self.names())
            raise VaultError(f"no provider {quoted(name)} is known{hint}")
        return found

    def of_variable(self, variable: str) -> KeyProvider | None:
        """Return the provider whose key a variable holds, by its name; None if none."""
        return next((one for one in self if one.matches(variable)), None)


def declare_file(providers: KeyProviders, path: Path) -> None:
    """Declare the providers of a JSON file, which a person names.

    Args:
        providers: Where they are added.
        path: A list of objects with the fields of `KeyProvider`.

    Raises:
        VaultError: The file cannot be read, or a provider cannot be used.
    """
    with file_errors(path, VaultError, verb="read"), path.open("rb") as file:
        data = file.read(_MOST_FILE_BYTES + 1)
    if len(data) > _MOST_FILE_BYTES:
        raise VaultError(f"{path} has more than 1 MB: it is no list of providers")
    try:
        found = from_json(data, list[KeyProvider])
    except msgspec.DecodeError as error:
        raise VaultError(f"{path} is no list of providers: {error}") from None
    for provider in found:
        providers.declare(provider)
