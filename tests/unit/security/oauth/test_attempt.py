"""The address of a sign-in, and what is read of the one that it ends at."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from timeline_nb.errors import AccountError
from timeline_nb.security.oauth.attempt import (
    ForeignAnswerError,
    SignInAttempt,
    error_code_of,
)
from timeline_nb.security.oauth.client import OAuthClient
from timeline_nb.security.oauth.provider import BUILT_IN, OAuthProvider
from timeline_nb.security.secret import Secret

BACK = "http://127.0.0.1:4711/callback"
# RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
# The same digest: the 32 octets of appendix B, as sha256sum prints them.
HEX = "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"


def attempt(name: str = "youtube") -> SignInAttempt:
    provider = next(one for one in BUILT_IN if one.name == name)
    return SignInAttempt(provider, OAuthClient(client_id="me"), BACK, ("a", "b"))


def fields(one: SignInAttempt) -> dict[str, str]:
    query = parse_qs(urlsplit(one.address()).query, strict_parsing=True)
    return {name: value for name, (value,) in query.items()}


def state(one: SignInAttempt) -> str:
    return fields(one)["state"]


def ended_at(one: SignInAttempt, **more: str) -> Secret:
    query = "&".join(f"{name}={quote(text)}" for name, text in more.items())
    return Secret(f"{BACK}?state={state(one)}&{query}")


@pytest.mark.parametrize(("name", "due"), [("youtube", CHALLENGE), ("tiktok", HEX)])
def test_the_challenge_is_that_of_the_rfc(name: str, due: str) -> None:
    one = attempt(name)
    one._verifier = Secret(VERIFIER)
    assert fields(one)["code_challenge"] == due
    assert fields(one)["code_challenge_method"] == "S256"


def test_the_verifier_is_one_of_the_rfc_and_in_no_address() -> None:
    one = attempt()
    assert re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", one.verifier.reveal())
    assert one.verifier.reveal() not in one.address()
    assert one.verifier != attempt().verifier
    assert state(one) != state(attempt())


def test_each_provider_gets_its_own_fields() -> None:
    assert fields(attempt("youtube")) | {"state": "", "code_challenge": ""} == {
        "response_type": "code",
        "client_id": "me",
        "redirect_uri": BACK,
        "scope": "a b",
        "state": "",
        "access_type": "offline",
        "prompt": "consent",
        "code_challenge": "",
        "code_challenge_method": "S256",
    }
    tiktok = fields(attempt("tiktok"))
    assert (tiktok["client_key"], tiktok["scope"]) == ("me", "a,b")
    assert "client_id" not in tiktok
    for name in ("instagram", "vimeo"):
        assert not {"code_challenge", "code_challenge_method"} & set(
            fields(attempt(name))
        )


@pytest.mark.parametrize(
    "around",
    ["{}", "  {}\n", "<{}>", '"{}"', "{}#_", "{}&scope=a%20b&iss="],
)
def test_a_pasted_address_may_have_things_around_it(around: str) -> None:
    one = attempt()
    address = around.format(ended_at(one, code="4/0Ab-c").reveal())
    assert one.code_from(Secret(address)).reveal() == "4/0Ab-c"


def test_an_address_broken_over_lines_and_a_query_alone_are_read() -> None:
    one, two = attempt(), attempt()
    text = ended_at(one, code="abc").reveal()
    assert one.code_from(Secret(text[:30] + "\n" + text[30:])).reveal() == "abc"
    query = ended_at(two, code="abc").reveal().partition("?")[2]
    assert two.code_from(Secret(query)).reveal() == "abc"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "abc",
        f"{BACK}?code=x",
        f"{BACK}?code=x&state=",
        f"{BACK}?code=x&state=wrong",
        f"{BACK}?error=access_denied&state=wrong",
        f"{BACK}?code=x&state=\udcff",
        "http://[::1",
        "x" * 100_000,
        f"{BACK}?" + "&".join(f"a{n}=1" for n in range(1000)),
    ],
    ids=lambda text: repr(text[:40]),
)
def test_a_foreign_address_is_refused_and_the_attempt_goes_on(address: str) -> None:
    one = attempt()
    with pytest.raises(ForeignAnswerError, match="does not belong to this sign-in"):
        one.code_from(Secret(address))
    assert one.code_from(ended_at(one, code="abc")).reveal() == "abc"


def test_two_states_are_none() -> None:
    one = attempt()
    address = Secret(ended_at(one, code="abc").reveal() + f"&state={state(one)}")
    with pytest.raises(ForeignAnswerError):
        one.code_from(address)


def test_an_address_is_used_once() -> None:
    one = attempt()
    one.code_from(ended_at(one, code="abc"))
    with pytest.raises(ForeignAnswerError, match="used already"):
        one.code_from(ended_at(one, code="abc"))


def test_a_denied_access_and_a_missing_code_end_the_attempt() -> None:
    one, two, three = attempt(), attempt(), attempt()
    with pytest.raises(AccountError, match="YouTube did not sign in as the access"):
        one.code_from(ended_at(one, error="access_denied"))
    with pytest.raises(AccountError, match="without a code"):
        two.code_from(ended_at(two, foo="1"))
    # What is no error code is not shown: it may be anything.
    with pytest.raises(AccountError, match=r"\(without a reason\)") as caught:
        three.code_from(ended_at(three, error="<b>call 0900</b>"))
    assert "0900" not in str(caught.value)


def test_another_issuer_is_refused() -> None:
    one = attempt()
    with pytest.raises(AccountError, match="another issuer"):
        one.code_from(ended_at(one, code="abc", iss="https://evil.example"))
    two = attempt()
    issuer = "https://accounts.google.com"
    assert two.code_from(ended_at(two, code="abc", iss=issuer))


@pytest.mark.parametrize(
    "url",
    ["http://evil.example/token", "ftp://x/y", "https://", "javascript:alert(1)", "x"],
)
def test_a_provider_that_would_send_secrets_in_the_open_is_refused(url: str) -> None:
    with pytest.raises(AccountError, match="give an https address"):
        OAuthProvider(
            name="mine",
            title="Mine",
            authorize_url="https://video.example/authorize",
            token_url=url,
            scopes=("upload",),
        )


@pytest.mark.parametrize("name", ["", "A", "a/b", "a:b", "../x", "x" * 41])
def test_a_provider_has_a_plain_name(name: str) -> None:
    url = "https://video.example/"
    with pytest.raises(AccountError, match="is no provider's name"):
        OAuthProvider(name=name, title="X", authorize_url=url, token_url=url, scopes=())


def test_error_codes_of_the_rfcs_are_shown_and_what_may_be_a_token_is_not() -> None:
    # RFC 6749 (4.1.2.1, 5.2), 6750 (3.1), 7009 (2.2.1), 8628 (3.5); Google; Meta.
    codes = [
        *("invalid_request", "unauthorized_client", "access_denied", "invalid_scope"),
        *("unsupported_response_type", "server_error", "temporarily_unavailable"),
        *("invalid_client", "invalid_grant", "unsupported_grant_type", "slow_down"),
        *("invalid_token", "insufficient_scope", "unsupported_token_type"),
        *("authorization_pending", "expired_token", "redirect_uri_mismatch"),
        *("admin_policy_enforced", "OAuthException"),
    ]
    assert [error_code_of(code) for code in codes] == codes
    for other in (
        "ya29.a0AfH6SMBx",
        "1//0gdLMtkYuYN",
        "act.example12345",
        "GOCSPX-abcdef",
        "abc" * 10,
        "a b",
        "",
        None,
        7,
    ):
        assert error_code_of(other) == ""
