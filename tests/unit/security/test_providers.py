"""Providers that a plugin or a person declares are checked at the call."""

from typing import Any

import pytest

from timeline_nb.errors import VaultError
from timeline_nb.security.provider import KeyProvider
from timeline_nb.security.providers import BUILT_IN_PROVIDERS, KeyProviders

ADDRESS = "https://api.acme.example/v1/me"


def acme(**fields: Any) -> KeyProvider:
    return KeyProvider(**({"name": "acme", "address": ADDRESS} | fields))


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://api.acme.example/me", "unencrypted"),
        ("http://127.0.0.1.acme.example/", "unencrypted"),
        ("http://localhost.acme.example/", "unencrypted"),
        ("ftp://acme.example/", "is no address"),
        ("file:///etc/passwd", "is no address"),
        ("javascript:alert(1)", "is no address"),
        ("//acme.example", "is no address"),
        ("https://", "is no address"),
        ("https:///path", "is no address"),
        ("https://acme.example:port/", "is no address"),
        ("https://[::1/", "is no address"),
        ("https://acme.example/a b", "is no address"),
        ("https://acme.example/\r\nx: 1", "is no address"),
        ("https://evil.example\\@acme.example/", "is no address"),
        ("https://user:pass@acme.example/", "leave it out"),
        ("https://acme.example/#part", "leave it out"),
        ("https://acme.example/?key={key}", "in the path"),
        ("https://{key}.acme.example/", "in the path"),
        ("https://acme.example/{key}/{key}", "in the path"),
        ("https://acme.example/{name}", "in the path"),
        ("", "is no address"),
    ],
)
def test_an_address_that_would_lose_the_key_is_refused(
    address: str, reason: str
) -> None:
    with pytest.raises(VaultError, match=reason) as caught:
        acme(address=address)
    assert "the provider 'acme'" in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        "https://acme.example:8443/x?limit=1",
        "http://127.0.0.1:8000/me",
        "http://localhost/me",
        "http://[::1]:8000/me",
        "https://acme.example/bot{key}/me",
    ],
)
def test_good_addresses_are_taken(address: str) -> None:
    assert acme(address=address).address == address


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "Acme"}, "small letters"),
        ({"name": ""}, "small letters"),
        ({"name": 5}, "name: Expected `str`"),
        ({"variables": "ACME_KEY"}, "variables: Expected `array`"),
        ({"headers": ("x-a: 1",)}, "headers: Expected `array`"),
        ({"invalid": ("401",)}, "invalid: Expected `int`"),
        ({"name": "account:acme"}, "small letters"),
        ({"header": "x key"}, "none of HTTP"),
        ({"header": "host"}, "set by HTTP itself"),
        ({"scheme": "Bearer\r\nx: "}, "none of HTTP"),
        ({"headers": (("x-a", "1\n"),)}, "none of HTTP"),
        ({"headers": (("Content-Length", "1"),)}, "set by HTTP itself"),
        ({"headers": (("Authorization", "Basic"),)}, "has one value"),
        ({"invalid": (200,)}, "from 400 to 499"),
        ({"limited": (500,)}, "from 400 to 499"),
        ({"invalid": (401, 403)}, "403 cannot mean both"),
        ({"invalid_texts": ("a",)}, "in every answer"),
        ({"variables": ("*",)}, "is no name"),
        ({"variables": ("acme_key",)}, "is no name"),
        ({"variables": ("A*B*C*D",)}, "is no name"),
    ],
)
def test_other_fields_are_checked(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(VaultError, match=reason):
        acme(**fields)


def test_a_declared_provider_is_known_and_found_by_its_variables() -> None:
    providers = KeyProviders()
    mine = acme(variables=("ACME_API_KEY*",))
    providers.declare(mine)
    providers.declare(mine)
    assert providers.named("acme") == mine
    assert providers.of_variable("acme_api_key_test") == mine
    assert providers.of_variable("MY_ACME") is None
    assert len(list(providers)) == len(BUILT_IN_PROVIDERS) + 1
    # Nobody else has it: there is no global list.
    assert KeyProviders().get("acme") is None


def test_a_known_provider_cannot_be_sent_elsewhere() -> None:
    providers = KeyProviders()
    with pytest.raises(VaultError, match=r"known already, and asks api\.openai\.com"):
        providers.declare(acme(name="openai"))
    assert providers.named("openai").host == "api.openai.com"


def test_a_name_that_is_not_known_has_near_ones() -> None:
    with pytest.raises(VaultError, match="did you mean 'openai'"):
        KeyProviders().named("open-ai")


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("OPENAI_API_KEY", "openai"),
        ("OPENAI_API_KEY_DEV", "openai"),
        ("ANTHROPIC_API_KEY", "anthropic"),
        ("GEMINI_API_KEY", "gemini"),
        ("GOOGLE_GENERATIVE_AI_API_KEY", "gemini"),
        ("DEEPSEEK_API_KEY", "deepseek"),
        ("YOUTUBE_API_KEY", "youtube"),
        ("VIMEO_ACCESS_TOKEN", "vimeo"),
        ("TELEGRAM_BOT_TOKEN", "telegram"),
    ],
)
def test_usual_names_of_variables_are_known(variable: str, name: str) -> None:
    provider = KeyProviders().of_variable(variable)
    assert provider is not None
    assert provider.name == name
