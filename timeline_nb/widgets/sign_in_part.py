"""Shows a sign-in, and takes the address that a browser elsewhere ended at."""

from typing import Any

from timeline_nb.core.jobs import Job, JobStatus
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import AccountError, JobCancelledError, TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.security.oauth.account import Account
from timeline_nb.security.oauth.sign_in import SignInPrompt
from timeline_nb.security.secret import Secret
from timeline_nb.widgets.answers import SignInState, SignInView
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.refusal import Text, said
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.sign_in_requests import (
    CancelSignInRequest,
    PasteAddressRequest,
)

__all__ = ["SignInPart"]


class SignInPart(Part):
    """Follows the job of a sign-in.

    Args:
        post: Sends an answer to the browser.
        title: Where a person signs in.
    """

    def __init__(self, post: SendAnswer, title: str) -> None:
        super().__init__(post)
        self._title = title
        self._lock = new_lock("a sign-in that is shown")
        self._prompt: SignInPrompt | None = None
        self._job: Job[Account] | None = None

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the function that handles each request."""
        return {PasteAddressRequest: self._paste, CancelSignInRequest: self._cancel}

    def on_view_opened(self, view: str) -> None:
        """Send a new view the sign-in as it is."""
        self._turns.run(("sign in", view), lambda: self._send(view))

    def show(self, prompt: SignInPrompt) -> None:
        """Show what the person opens."""
        with self._lock:
            self._prompt = prompt
        self._send_all()

    def follow(self, job: Job[Account]) -> None:
        """Show how a job ends."""
        with self._lock:
            self._job = job
        job.finished.connect(self._on_finished)
        if job.done:
            self._send_all()

    @property
    def prompt(self) -> SignInPrompt | None:
        """What the person opens; None before it is known."""
        with self._lock:
            return self._prompt

    def _on_finished(self, _: JobStatus) -> None:
        self._send_all()

    def _paste(self, request: PasteAddressRequest) -> None:
        address = Secret(request.address)
        del request
        with self._lock:
            prompt, job = self._prompt, self._job
        if prompt is None or (job is not None and job.done):
            raise AccountError(
                Message("this sign-in is over: run the cell again for a new one")
            )
        prompt.paste(address)

    def _cancel(self, _: CancelSignInRequest) -> None:
        with self._lock:
            job = self._job
        if job is not None:
            job.cancel()

    def _send_all(self) -> None:
        self._turns.run(("sign in", ""), lambda: self._send(""))

    def _send(self, view: str) -> None:
        with self._lock:
            job, prompt = self._job, self._prompt
        is_over = job is not None and job.done
        fields: dict[str, Any] = {"address": "", "user_code": ""}
        if prompt is not None and not is_over:
            fields = {
                "address": prompt.address,
                "user_code": prompt.user_code,
                "takes_address": prompt.takes_address,
                "is_received": prompt.is_received,
            }
        state: SignInState = "waiting" if prompt is not None else "opening"
        who, message = "", said("")
        if job is not None and job.done:
            state, who, message = _outcome(job)
        self._post(
            SignInView(
                title=self._title,
                state=state,
                who=who,
                message=message,
                view=view,
                **fields,
            )
        )


def _outcome(job: Job[Account]) -> tuple[SignInState, str, Text]:
    """Return how a job ended: its state, whose account it is, and why it failed."""
    try:
        return "connected", job.wait(0).who, ""
    except JobCancelledError:
        return "canceled", "", ""
    except TimelineNbError as error:
        return "failed", "", said(error)
