"""A sign-in from its address to the account's tokens."""

import asyncio
from collections.abc import Callable
from typing import Final

from timeline_nb.errors import AccountError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.attempt import (
    ForeignAnswerError,
    SignInAttempt,
    sign_in_again,
)
from timeline_nb.security.oauth.calls import ProviderCalls
from timeline_nb.security.oauth.client import OAuthClient, is_loopback
from timeline_nb.security.oauth.device import begin_device_flow, wait_for_device
from timeline_nb.security.oauth.grants import exchange_code, finish_tokens
from timeline_nb.security.oauth.loopback import LoopbackReceiver
from timeline_nb.security.oauth.provider import OAuthProvider
from timeline_nb.security.oauth.tokens import Tokens
from timeline_nb.security.secret import Secret, secret_of

__all__ = ["SignIn", "SignInPrompt"]

_LEAST_S: Final = 1.0


class SignInPrompt:
    """What a person is shown, and how they hand back an address.

    Args:
        provider: The provider.
        address: What the person opens.
        user_code: What they type there; empty if nothing is.
        is_received: Whether the browser is received if it runs on this machine.
        paste: Takes the address that the browser ended at.

    Attributes:
        provider: The provider's name.
        title: The name that people know.
        address: What the person opens.
        user_code: What they type there; empty if nothing is.
        is_received: Whether the browser is received if it runs on this machine.
        takes_address: Whether an address may be pasted.
    """

    def __init__(
        self,
        provider: OAuthProvider,
        address: str,
        *,
        user_code: str = "",
        is_received: bool = False,
        paste: Callable[[Secret], None] | None = None,
    ) -> None:
        self.provider, self.title = provider.name, provider.title
        self.address, self.user_code = address, user_code
        self.is_received = is_received
        self.takes_address = paste is not None
        self._paste = paste

    def __repr__(self) -> str:
        code = f", and type {self.user_code} there" if self.user_code else ""
        return f"<Sign in to {self.title}: open {self.address}{code}>"

    def paste(self, address: Secret | str) -> None:
        """Hand in the address that the browser ended at; thread-safe.

        Args:
            address: The whole address; it holds a code that is used once.

        Raises:
            AccountError: It does not belong to this sign-in, which goes on.
        """
        held = secret_of(address)
        # What an error shows of this call is then masked.
        del address
        if held is None:
            raise AccountError(
                Message("the address is no text: paste the whole address")
            )
        if self._paste is None:
            raise AccountError(
                Message("this sign-in takes no address: type the code instead")
            )
        self._paste(held)


class SignIn:
    """Signs in a person once.

    Args:
        provider: Where.
        client: The client id.
        calls: Calls the provider.
        clock: Returns the seconds since 1970.
        scopes: What is asked for; what an upload needs if empty.
    """

    def __init__(
        self,
        provider: OAuthProvider,
        client: OAuthClient,
        calls: ProviderCalls,
        clock: Callable[[], float],
        scopes: tuple[str, ...],
    ) -> None:
        self._provider, self._client = provider, client
        self._calls, self._clock, self._scopes = calls, clock, scopes

    async def run(
        self, show: Callable[[SignInPrompt], object], *, device: bool, timeout_s: float
    ) -> Tokens:
        """Return the tokens of the person who signs in.

        Args:
            show: Called with what the person is shown.
            device: Whether by the device flow.
            timeout_s: How long the person may take, seconds.

        Raises:
            AccountError: The sign-in was refused, or not finished in time.
        """
        provider = self._provider
        if device and not provider.has_device_flow:
            raise AccountError(
                Message(
                    "{title} has no device flow: sign in without it",
                    title=provider.title,
                )
            )
        usual = (provider.device_scopes if device else ()) or provider.scopes
        scopes = self._scopes or usual
        work = self._by_device if device else self._by_address
        is_late = False
        try:
            async with asyncio.timeout(max(timeout_s, _LEAST_S)):
                tokens = await work(show, scopes)
        except TimeoutError:
            is_late = True
        if is_late:
            raise AccountError(
                Message(
                    "the sign-in to {title} was not finished within {timeout_s} s: "
                    "{sign_in_again}",
                    title=provider.title,
                    timeout_s=f"{timeout_s:g}",
                    sign_in_again=sign_in_again(provider.name),
                )
            )
        return await finish_tokens(
            self._calls,
            tokens,
            self._client,
            asked=scopes,
            now=self._clock(),
        )

    async def _by_device(
        self, show: Callable[[SignInPrompt], object], scopes: tuple[str, ...]
    ) -> Tokens:
        code = await begin_device_flow(self._calls, self._provider, scopes)
        show(SignInPrompt(self._provider, code.address, user_code=code.user_code))
        return await wait_for_device(self._calls, self._provider, code, self._clock)

    async def _by_address(
        self, show: Callable[[SignInPrompt], object], scopes: tuple[str, ...]
    ) -> Tokens:
        answer = _SignInAnswer()
        redirect = self._client.redirect_of(self._provider)
        if not is_loopback(redirect):
            attempt = self._attempt(redirect, scopes, answer)
            self._show(attempt, answer, show, is_received=False)
            code = await answer.code()
        else:
            receiver = LoopbackReceiver(redirect, answer.offer)
            try:
                attempt = self._attempt(receiver.redirect_uri, scopes, answer)
                async with receiver:
                    self._show(attempt, answer, show, is_received=True)
                    code = await answer.code()
            finally:
                receiver.close()
        return await exchange_code(self._calls, attempt, code, self._clock())

    def _attempt(
        self, redirect_uri: str, scopes: tuple[str, ...], answer: "_SignInAnswer"
    ) -> SignInAttempt:
        attempt = SignInAttempt(self._provider, self._client, redirect_uri, scopes)
        answer.attempt = attempt
        return attempt

    def _show(
        self,
        attempt: SignInAttempt,
        answer: "_SignInAnswer",
        show: Callable[[SignInPrompt], object],
        *,
        is_received: bool,
    ) -> None:
        show(
            SignInPrompt(
                self._provider,
                attempt.address(),
                is_received=is_received,
                paste=answer.paste,
            )
        )


class _SignInAnswer:
    """The first address that belongs to a sign-in, received or pasted."""

    attempt: SignInAttempt

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._code: asyncio.Future[Secret] = self._loop.create_future()

    async def code(self) -> Secret:
        return await self._code

    def offer(self, address: Secret) -> bool:
        """Take an address that the browser opened; return whether it is ours."""
        try:
            self.paste(address)
        except ForeignAnswerError:
            return False
        return True

    def paste(self, address: Secret) -> None:
        """Take an address, on any thread.

        Raises:
            ForeignAnswerError: It does not belong to the sign-in.
        """
        refused = None
        try:
            code = self.attempt.code_from(address)
        except ForeignAnswerError:
            raise
        except AccountError as error:
            refused = error
        if refused is not None:
            self._loop.call_soon_threadsafe(self._end, None, refused)
        else:
            self._loop.call_soon_threadsafe(self._end, code, None)

    def _end(self, code: Secret | None, error: AccountError | None) -> None:
        if self._code.done():
            return
        if error is not None:
            self._code.set_exception(error)
        elif code is not None:
            self._code.set_result(code)
