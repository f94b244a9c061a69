"""A strict authorization server on this machine, with the quirks of each provider.

It refuses what a real one refuses (RFC 6749, 7636, 8628, 7009): a wrong verifier,
another redirect address, a code that is used twice or too late, a refresh token that
was rotated away. What each provider does otherwise is written from its documentation,
not from the package.
"""

import base64
import hashlib
import http.server
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
Form = dict[str, str]
Reply = tuple[int, Any]


@dataclass
class Rules:
    """What a provider does in its own way."""

    client_field: str = "client_id"
    challenge: str = "base64url"
    separator: str = " "
    auth: str = "body"
    needs_secret: bool = True
    gives_refresh: str = "first"  # with the first tokens, "always" (rotated), "never"
    expires_in: Any = 3600
    token_type: str | None = "Bearer"  # noqa: S105 - a type
    redirect_hosts: tuple[str, ...] = ("127.0.0.1",)
    pending_status: int = 400
    renews_after_s: float = 0
    scope_field: str = "scope"


RULES: dict[str, Callable[[], Rules]] = {
    "youtube": lambda: Rules(expires_in=3599, pending_status=428),
    "tiktok": lambda: Rules(
        client_field="client_key",
        challenge="hex",
        separator=",",
        gives_refresh="always",
        expires_in=86_400,
    ),
    "vimeo": lambda: Rules(
        challenge="none",
        auth="basic",
        gives_refresh="never",
        expires_in=None,
        token_type="bearer",  # noqa: S106 - a type
    ),
    "instagram": lambda: Rules(
        challenge="none",
        separator=",",
        gives_refresh="never",
        expires_in=None,
        token_type=None,
        redirect_hosts=("localhost",),
        renews_after_s=86_400,
        scope_field="permissions",
    ),
}


@dataclass
class Log:
    """What happened, for tests."""

    grants: list[str] = field(default_factory=list)
    authorized: list[Form] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    polls: int = 0


class AuthorizationServer:
    """`with AuthorizationServer("tiktok") as server:`.

    Attributes:
        rules: The provider's ways; tests change them.
        log: What happened.
        denies: Whether the person says no.
        grants_only: The scopes that the person allows; all if None.
        fault: How it misbehaves: "", "slow", "drip", "huge", "broken", "list",
            "redirect", "busy", "echo", "deep", "end".
        now: Its clock.
        make_secret: Returns a new code or token, given its kind.
        pending_polls: So often a device is answered that the person has not typed yet.
    """

    client_id = "app-id"
    client_secret = "app-secret-0123456789"  # noqa: S105 - of the stand-in

    def __init__(self, provider: str = "youtube") -> None:
        self.rules = RULES[provider]()
        self.log = Log()
        self.denies = False
        self.grants_only: set[str] | None = None
        self.fault = ""
        self.now: Callable[[], float] = time.time
        self.make_secret: Callable[[str], str] = _random_secret
        self.code_lasts_s = 60.0
        self.pending_polls = 2
        self.device_error = ""
        self.device_interval: Any = 0.02
        self._lock = threading.Lock()
        self._codes: dict[str, Form] = {}
        self._refresh: dict[str, str] = {}  # token -> family
        self._used: dict[str, str] = {}
        self.access: dict[str, float] = {}  # token -> when it was given
        self._family: dict[str, str] = {}
        self._stop = threading.Event()
        outer = self

        class Handler(_Handler):
            server_of = outer

        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._http.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._http.shutdown()
        self._http.server_close()

    # The endpoints

    def authorize(self, query: Form) -> tuple[int, str]:
        """Answer a person's browser: a status, and where it goes."""
        rules = self.rules
        back = urlsplit(query.get("redirect_uri", ""))
        asked = query.get("scope", "").split(rules.separator)
        good = (
            query.get(rules.client_field) == self.client_id
            and back.hostname in rules.redirect_hosts
            and query.get("response_type") == "code"
            and all(asked)
            and self._has_good_challenge(query)
        )
        if not good:
            # Never to an address that is not known to be the client's.
            return 400, ""
        self.log.authorized.append(query)
        answer = {"state": query.get("state", "")}
        if self.denies:
            answer["error"] = "access_denied"
        else:
            code = self._new_secret("code")
            answer["code"] = code
            with self._lock:
                self._codes[code] = query | {"at": str(self.now())}
        tail = "#_" if rules.renews_after_s else ""
        return 302, f"{query['redirect_uri']}?{urlencode(answer)}{tail}"

    def _has_good_challenge(self, query: Form) -> bool:
        challenge = query.get("code_challenge", "")
        if self.rules.challenge == "none":
            return not challenge
        length = 64 if self.rules.challenge == "hex" else 43
        return query.get("code_challenge_method") == "S256" and len(challenge) == length

    def token(self, form: Form, basic: tuple[str, str] | None) -> Reply:
        """Answer the token endpoint."""
        grant = form.get("grant_type", "")
        with self._lock:
            self.log.grants.append(grant)
        if not self._knows(form, basic):
            return 401, {"error": "invalid_client"}
        if grant == "authorization_code":
            return self._redeem(form)
        if grant == "refresh_token":
            return self._refreshed(form.get("refresh_token", ""))
        if grant == DEVICE_GRANT:
            return self.poll(form)
        return 400, {"error": "unsupported_grant_type"}

    def _knows(self, form: Form, basic: tuple[str, str] | None) -> bool:
        rules = self.rules
        if rules.auth == "basic":
            return basic == (self.client_id, self.client_secret)
        is_known = form.get(rules.client_field) == self.client_id
        secret = form.get("client_secret")
        return is_known and (secret == self.client_secret or not rules.needs_secret)

    def _redeem(self, form: Form) -> Reply:
        code = form.get("code", "")
        with self._lock:
            asked = self._codes.pop(code, None)
            family = self._used.get(code, "")
        if asked is None:
            # Used twice: what it gave is taken back (RFC 6749, 4.1.2).
            self._end_family(family)
            return 400, {"error": "invalid_grant", "error_description": f"code {code}"}
        if self.now() - float(asked["at"]) > self.code_lasts_s:
            return 400, {"error": "invalid_grant"}
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if not self._is_verifier(form.get("code_verifier", ""), asked):
            return 400, {"error": "invalid_grant"}
        scopes = set(asked["scope"].split(self.rules.separator))
        family = secrets.token_hex(4)
        with self._lock:
            self._used[code] = family
        return 200, self.issue(family, scopes, is_first=True)

    def _is_verifier(self, verifier: str, asked: Form) -> bool:
        if self.rules.challenge == "none":
            return not verifier
        digest = hashlib.sha256(verifier.encode()).digest()
        due = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if self.rules.challenge == "hex":
            due = digest.hex()
        return 43 <= len(verifier) <= 128 and due == asked["code_challenge"]

    def _refreshed(self, token: str) -> Reply:
        with self._lock:
            family = self._refresh.get(token)
            if family is not None and self.rules.gives_refresh == "always":
                del self._refresh[token]
                self._used[token] = family
            reused = self._used.get(token, "") if family is None else ""
        if family is None:
            self._end_family(reused)
            return 400, {"error": "invalid_grant"}
        return 200, self.issue(family, set(), is_first=False)

    def _end_family(self, family: str) -> None:
        with self._lock:
            for token in [
                t for t, one in self._family.items() if family and one == family
            ]:
                self.access.pop(token, None)
                self._refresh.pop(token, None)

    def issue(self, family: str, scopes: set[str], *, is_first: bool) -> dict[str, Any]:
        """Return new tokens."""
        rules = self.rules
        access = self._new_secret("access")
        made: dict[str, Any] = {"access_token": access}
        with self._lock:
            self.access[access] = self.now()
            self._family[access] = family
        if rules.expires_in is not None:
            made["expires_in"] = rules.expires_in
        if rules.token_type is not None:
            made["token_type"] = rules.token_type
        if self.grants_only is not None:
            scopes &= self.grants_only
        if scopes and rules.scope_field == "permissions":
            made["permissions"] = sorted(scopes)
        elif scopes:
            made["scope"] = rules.separator.join(sorted(scopes))
        if rules.gives_refresh == "always" or (
            rules.gives_refresh == "first" and is_first
        ):
            refresh = self._new_secret("refresh")
            made["refresh_token"] = refresh
            with self._lock:
                self._refresh[refresh] = family
                self._family[refresh] = family
        if rules.auth == "basic":
            made["user"] = {"name": "A person of Vimeo"}
        return made

    def device(self, form: Form, basic: tuple[str, str] | None) -> Reply:
        """Begin the device flow."""
        is_vimeo = self.rules.auth == "basic"
        known = form.get("client_id") == self.client_id or self._knows(form, basic)
        if not known or (is_vimeo and form.get("grant_type") != "device_grant"):
            return 400, {"error": "invalid_client"}
        link = "activate_link" if is_vimeo else "verification_url"
        return 200, {
            "device_code": self._new_secret("device"),
            "user_code": "ABCD-EFGH",
            link: f"{self.url}/activate",
            "interval": self.device_interval,
            "expires_in": 60,
        }

    def poll(self, form: Form) -> Reply:
        """Answer a device that asks for its tokens."""
        if form.get("device_code") not in self.log.secrets:
            return 400, {"error": "invalid_grant"}
        if self.rules.auth == "basic" and form.get("user_code") != "ABCD-EFGH":
            return 400, {"error": "invalid_request"}
        with self._lock:
            self.log.polls += 1
            polls = self.log.polls
        if self.device_error:
            return 403, {"error": self.device_error}
        if polls <= self.pending_polls:
            return self.rules.pending_status, {"error": "authorization_pending"}
        return 200, self.issue(secrets.token_hex(4), set(), is_first=True)

    def long_lived(self, query: Form, *, renews: bool) -> Reply:
        """Exchange or renew a token by GET, as Instagram does."""
        token = query.get("access_token", "")
        with self._lock:
            self.log.grants.append(query.get("grant_type", ""))
            given_at = self.access.get(token)
        grant = "ig_refresh_token" if renews else "ig_exchange_token"
        is_young = (
            renews
            and given_at is not None
            and (self.now() - given_at < self.rules.renews_after_s)
        )
        is_known = renews or query.get("client_secret") == self.client_secret
        if given_at is None or is_young or not is_known or query["grant_type"] != grant:
            error = {"type": "OAuthException", "code": 190, "message": f"bad {token}"}
            return 400, {"error": error}
        made = self.issue("long", set(), is_first=False)
        return 200, made | {"expires_in": 60 * 86_400, "token_type": "bearer"}

    def revoke(self, token: str) -> Reply:
        """Revoke a token, and those of its family (RFC 7009)."""
        with self._lock:
            self.log.revoked.append(token)
            family = self._family.get(token, "")
        if not family:
            return 400, {"error": "invalid_token"}
        self._end_family(family)
        return 200, {}

    def who(self, token: str) -> Reply:
        """Return the name of a token's account, in each provider's shape."""
        if token not in self.access:
            return 401, {"error": "invalid_token"}
        return 200, {
            "items": [{"snippet": {"title": "A channel of bikes"}}],
            "username": "bikes_daily",
            "data": {"user": {"display_name": "Bikes"}},
            "error": {"code": "ok", "message": ""},
        }

    def is_valid(self, token: str) -> bool:
        """Return whether the platform takes an access token now."""
        lasts_s = self.rules.expires_in
        given_at = self.access.get(token)
        if given_at is None:
            return False
        return not isinstance(lasts_s, int) or self.now() < given_at + lasts_s

    def _new_secret(self, kind: str) -> str:
        made = self.make_secret(kind)
        with self._lock:
            self.log.secrets.append(made)
        return made

    def pause(self, seconds: float) -> None:
        """Wait, at most until the server stops."""
        self._stop.wait(seconds)


class _Handler(http.server.BaseHTTPRequestHandler):
    server_of: AuthorizationServer

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - its name
        pass

    def do_GET(self) -> None:
        server, parts = self.server_of, urlsplit(self.path)
        query = _fields(parts.query)
        if parts.path == "/authorize":
            status, place = server.authorize(query)
            self.send_response(status)
            if place:
                self.send_header("location", place)
            self.send_header("content-length", "0")
            self.end_headers()
        elif parts.path in {"/exchange", "/renew"}:
            self._answer(
                lambda: server.long_lived(query, renews=parts.path == "/renew")
            )
        elif parts.path == "/who":
            self._answer(lambda: server.who(self._bearer()))
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        server = self.server_of
        size = int(self.headers.get("content-length", 0))
        form = _fields(self.rfile.read(size).decode())
        calls: dict[str, Callable[[], Reply]] = {
            "/token": lambda: server.token(form, self._basic()),
            "/device": lambda: server.device(form, self._basic()),
            "/poll": lambda: server.poll(form),
            "/revoke": lambda: server.revoke(form.get("token", "")),
        }
        self._answer(calls[self.path], form)

    def do_DELETE(self) -> None:
        def delete() -> Reply:
            status, body = self.server_of.revoke(self._bearer())
            return (204, None) if status == 200 else (status, body)

        self._answer(delete)

    def _bearer(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    def _basic(self) -> tuple[str, str] | None:
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        if kind != "Basic":
            return None
        name, _, secret = base64.b64decode(value).decode().partition(":")
        return unquote_plus(name), unquote_plus(secret)

    def _answer(self, call: Callable[[], Reply], form: Form | None = None) -> None:
        fault = self.server_of.fault
        if fault:
            self._misbehave(fault, form or {})
            return
        status, body = call()
        self._send(status, b"" if body is None else json.dumps(body).encode())

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _misbehave(self, fault: str, form: Form) -> None:
        # A lying server sends back what it was sent, wherever it may be shown.
        sent = " ".join(form.values())
        echo = json.dumps({"error": sent, "error_description": sent}).encode()
        huge = b'{"access_token": "' + b"x" * 4_000_000 + b'"}'
        place = f"{self.server_of.url}/elsewhere"
        faults: dict[str, Callable[[], object]] = {
            "slow": lambda: self.server_of.pause(30),
            "drip": self._drip,
            "huge": lambda: self._send(200, huge),
            "broken": lambda: self._send(200, b'{"access_token": "abc'),
            "list": lambda: self._send(200, b"[1, 2]"),
            "deep": lambda: self._send(200, b"[" * 100_000),
            "redirect": lambda: self._send(307, b"", location=place),
            "busy": lambda: self._send(503, b"<html>busy</html>"),
            "end": lambda: setattr(self, "close_connection", True),
            "echo": lambda: self._send(400, echo),
        }
        faults[fault]()

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "1000")
        self.end_headers()
        try:
            for _ in range(300):
                self.wfile.write(b" ")
                self.wfile.flush()
                self.server_of.pause(0.05)
        except OSError:
            pass


def _fields(query: str) -> Form:
    return {name: texts[0] for name, texts in parse_qs(query).items()}


def _random_secret(kind: str) -> str:
    return f"{kind}-{secrets.token_urlsafe(18)}"
