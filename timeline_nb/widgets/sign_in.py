"""The sign-in widget: a link to a platform's page, and a field for the address back."""

from collections.abc import Callable

from timeline_nb.core.jobs import Job
from timeline_nb.security.oauth.account import Account
from timeline_nb.security.oauth.sign_in import SignInPrompt
from timeline_nb.widgets.channel import Channel
from timeline_nb.widgets.sign_in_part import SignInPart

__all__ = ["SignInWidget"]


class SignInWidget(Channel):
    """Signs in a person: a link to open, the state, and a field for the address back.

    It holds no secret: the address that is pasted is sent once, and is no trait.

    Args:
        title: Where a person signs in.
        start: Starts the sign-in, with a function that shows its address.

    Attributes:
        job: The sign-in; `await view.job` returns the account.

    Raises:
        FileNotFoundError: The front end was not built.
    """

    front_end = "signIn"

    def __init__(
        self,
        title: str,
        start: Callable[[Callable[[SignInPrompt], None]], Job[Account]],
        *,
        language: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._part = SignInPart(self.post, title)
        self._assemble(self._part, language=language)
        self.job: Job[Account] = start(self._part.show)
        self._part.follow(self.job)

    @property
    def prompt(self) -> SignInPrompt | None:
        """What the person opens; None before it is known, a moment after the start."""
        return self._part.prompt

    def __repr__(self) -> str:
        prompt = self.prompt
        if prompt is None or self.job.done:
            return f"<Sign in to {self._title}: {self.job.status.value}>"
        return repr(prompt)
