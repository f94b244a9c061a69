"""Requests to a platform: with a token, within time limits, and tried again."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import httpx

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import PublishError, TimelineNbError
from timeline_nb.i18n import Message, message_of
from timeline_nb.publishing.answers import (
    Dropped,
    PlatformAnswer,
    RefusedRequest,
    spoken,
)
from timeline_nb.publishing.patience import Patience, retry_after_s
from timeline_nb.security.secret import Secret
from timeline_nb.security.web import SecretHeader

__all__ = ["Authorize", "Caller", "SecretAddress", "check_base", "is_safe_address"]

# Returns a token; given one that was refused, a fresh one.
Authorize: TypeAlias = Callable[[Secret | None], Secret]
_MOST_ANSWER_BYTES: Final = 1_000_000
_PAUSE_S: Final = 0.1
# Statuses that pass: time-outs, floods, and what servers and proxies have.
_PASSING: Final = {408, 425, 429, 500, 502, 503, 504}
# What a proxy answers while the server behind it may have done its work.
_UNCLEAR: Final = {500, 502, 504}
_UNAUTHORIZED: Final = 401
# Stands where an address is a secret, until the request leaves.
_NOWHERE: Final = "https://address.invalid/"


class SecretAddress(httpx.Auth):
    """Gives a request an address that nobody else may see, just before it leaves.

    Args:
        address: Of the request.
        then: What else it is given, such as a token.
    """

    def __init__(self, address: Secret, then: httpx.Auth | None = None) -> None:
        self._address, self._then = address, then

    def __repr__(self) -> str:
        return "SecretAddress()"

    def auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the request with the address."""
        request.url = httpx.URL(self._address.reveal())
        request.headers["host"] = request.url.netloc.decode("ascii")
        if self._then is not None:
            yield from self._then.auth_flow(request)
        else:
            yield request


class Caller:
    """Sends requests of one upload.

    Args:
        client: What sends them.
        title: The platform's name for people.
        authorize: Returns tokens; called from this thread.
        reporter: Of the job; pauses and cancels.
        patience: How often, and how long.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        title: str,
        authorize: Authorize,
        *,
        reporter: Reporter,
        patience: Patience,
    ) -> None:
        self.title, self.patience, self.reporter = title, patience, reporter
        self._client, self._authorize = client, authorize
        self._token: Secret | None = None
        self.stage, self.done, self.total = "connect", 0, 1

    @property
    def token(self) -> Secret:
        """The token, asked for at first use."""
        if self._token is None:
            self._token = self._authorize(None)
        return self._token

    def renew(self) -> None:
        """Ask for a fresh token, as this one was refused."""
        self._token = self._authorize(self._token)

    async def call(
        self,
        method: str,
        address: str | Secret,
        *,
        is_authorized: bool = True,
        is_repeatable: bool = True,
        **options: Any,
    ) -> PlatformAnswer:
        """Send a small request, again where that helps, and return what is answered.

        Args:
            method: Of HTTP.
            address: Where to; a secret one is shown nowhere.
            is_authorized: Whether the token goes with it.
            is_repeatable: False where a second one would do something twice: it is
                sent again only if it did not leave whole.
            options: More of `httpx.AsyncClient.stream`, such as `json`.

        Raises:
            RefusedRequest: The server refuses it.
            PublishError: It did not answer in any attempt.
        """
        failures = 0
        while True:
            try:
                return await self.once(
                    method, address, is_authorized=is_authorized, **options
                )
            except Dropped as drop:
                if drop.was_sent and not is_repeatable:
                    raise
                failures += 1
                last = drop
            await self.rest(last, failures)

    async def rest(self, drop: Dropped, failures: int) -> None:
        """Wait before the next attempt.

        Raises:
            PublishError: There were enough, or the server asks for too long a time.
        """
        patience, reason = self.patience, message_of(drop)
        asked = drop.wait_s
        if asked is not None and asked > patience.longest_asked_s:
            raise PublishError(
                Message(
                    "{title} asks to wait {asked} minutes ({reason}): publish "
                    "again then; what was sent is kept",
                    title=self.title,
                    asked=f"{asked / 60:.0f}",
                    reason=reason,
                )
            )
        if failures >= patience.attempts:
            raise PublishError(
                Message(
                    "{title} cannot be reached: {reason}, {failures} times in a "
                    "row; publish again later: what was sent is kept",
                    title=self.title,
                    reason=reason,
                    failures=failures,
                )
            )
        # A server that asks for 0 s is not asked again at once by every client.
        wait_s = max(asked or 0.0, patience.wait_s(failures))
        self.reporter.report(
            self.stage,
            self.done,
            self.total,
            unit="B",
            message=Message(
                "{why}: waiting {wait_s} s", why=reason, wait_s=f"{wait_s:.0f}"
            ),
        )
        await asyncio.sleep(wait_s)

    async def once(
        self,
        method: str,
        address: str | Secret,
        *,
        is_authorized: bool = True,
        scheme: str = "Bearer ",
        is_answered: Callable[[int], bool] = lambda _: False,
        **options: Any,
    ) -> PlatformAnswer:
        """Send a request once, or twice if the token has to be renewed.

        Args:
            method: Of HTTP.
            address: Where to.
            is_authorized: Whether the token goes with it.
            scheme: What stands before the token in its header.
            is_answered: Whether a status other than 2xx is an answer, too.
            options: More of `httpx.AsyncClient.stream`. Content that is a function is
                called for each attempt.

        Raises:
            Dropped: The connection broke, or the server is busy.
            RefusedRequest: The server refuses it.
        """
        before = scheme if is_authorized else None
        answer = await self._send(method, address, before, options)
        if answer.status == _UNAUTHORIZED and is_authorized:
            self.renew()
            answer = await self._send(method, address, before, options)
        if answer.is_good or is_answered(answer.status):
            return answer
        if answer.status in _PASSING:
            asked = retry_after_s(answer.headers.get("retry-after"))
            raise Dropped(
                Message("it answered {status}", status=answer.status),
                wait_s=asked,
                was_sent=answer.status in _UNCLEAR,
            )
        raise RefusedRequest(answer)

    async def _send(
        self,
        method: str,
        address: str | Secret,
        scheme: str | None,
        options: Mapping[str, Any],
    ) -> PlatformAnswer:
        """Send a request once, with the token after a scheme, or without it."""
        auth: httpx.Auth | None = (
            None if scheme is None else SecretHeader(self.token, scheme=scheme)
        )
        shown = address if isinstance(address, str) else _NOWHERE
        if isinstance(address, Secret):
            auth = SecretAddress(address, auth)
        given = dict(options)
        content = given.pop("content", None)
        clock = _Clock(self.patience.silence_s)
        body = clock.watched(content()) if callable(content) else content
        fault, stopped = "", None
        try:
            async with (
                clock.running(),
                self._client.stream(
                    method, shown, auth=auth, content=body, **given
                ) as response,
            ):
                clock.was_sent = True
                return await _read(response, clock)
        # The first two may be kinds of OSError.
        except TimelineNbError as error:
            # Of the body: a film that changed, a job that was cancelled.
            stopped = error
        except TimeoutError:
            clock.was_sent |= not callable(content)
            silence_s = f"{self.patience.silence_s:g}"
            fault = Message("it was silent for {silence_s} s", silence_s=silence_s)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            fault = _words(error)
            # Only a body that is a function says when it left.
            is_unsent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
            clock.was_sent |= not callable(content) and not is_unsent
        # Not in the blocks above, and without the frames of httpx: they hold the
        # request, with its address and the token.
        if stopped is not None:
            raise stopped.with_traceback(None)
        raise Dropped(fault, was_sent=clock.was_sent)


class _Clock:
    """Ends a request in which nothing happens.

    httpx counts anew with each byte that comes: a server that drips one a minute would
    hold an upload for ever. Here sending counts, and an answer has one time as a whole.

    Args:
        silence_s: The longest time without progress.
    """

    def __init__(self, silence_s: float) -> None:
        self._silence_s = silence_s
        self._timeout = asyncio.timeout(silence_s)
        self.was_sent = False

    def running(self) -> asyncio.Timeout:
        return self._timeout

    def tick(self) -> None:
        """Count the time from now."""
        if not self._timeout.expired():
            self._timeout.reschedule(
                asyncio.get_running_loop().time() + self._silence_s
            )

    async def watched(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield the pieces of a body, and count the time from each."""
        async for piece in pieces:
            yield piece
            self.tick()
        self.was_sent = True


async def _read(response: httpx.Response, clock: _Clock) -> PlatformAnswer:
    """Return an answer; a longer one than any platform sends is cut."""
    clock.tick()
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > _MOST_ANSWER_BYTES:
            break
    headers = {name.lower(): value for name, value in response.headers.items()}
    return PlatformAnswer(response.status_code, headers, bytes(body))


def _words(error: Exception) -> str:
    """Return what broke, without the error's own text, which may hold an address."""
    if isinstance(error, httpx.ConnectError):
        return Message("no connection was made")
    if isinstance(error, httpx.TimeoutException):
        return Message("it was silent")
    kind = type(error).__name__
    return Message("the connection broke ({kind})", kind=kind)


def check_base(base: str) -> str:
    """Return the address of a platform's interface, without a slash at its end.

    Raises:
        PublishError: It is neither https nor on this machine.
    """
    if not is_safe_address(base):
        raise PublishError(
            Message(
                "{spoken} is no address of a platform: give one that begins with "
                "https://, or http:// on this machine",
                spoken=spoken(base),
            )
        )
    return base.rstrip("/")


def is_safe_address(address: str, *, beside: str = "") -> bool:
    """Return whether bytes may be sent to an address: https, or on this machine.

    Args:
        address: An address, perhaps of a server's answer.
        beside: The platform's own; one on this machine allows others on it, and no
            platform may name an address on this machine.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if parts.username is not None or not host:
        return False
    is_local = _is_local(host)
    if beside and is_local != _is_local(urlsplit(beside).hostname or ""):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_local)


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
