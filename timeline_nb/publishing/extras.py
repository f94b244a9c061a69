"""What goes with a film after it was sent: it fails without failing the upload."""

from collections.abc import Awaitable, Callable
from typing import Final

from timeline_nb.errors import PublishError
from timeline_nb.publishing.answers import Dropped, PlatformAnswer, RefusedRequest
from timeline_nb.publishing.upload import Upload

__all__ = ["add", "warn_of_language"]

_PRONOUNS: Final = {"was": "it", "were": "them"}


async def add(
    upload: Upload,
    step: str,
    send: Callable[[], Awaitable[object]],
    explain: Callable[[PlatformAnswer], str],
) -> None:
    """Add a thumbnail or captions, unless it was done before a kill.

    The film is on the platform by then: what fails becomes a warning.

    Args:
        upload: The upload.
        step: What is added.
        send: Sends it.
        explain: Says why the platform refuses.
    """
    if step in upload.entry.done:
        return
    verb, fault = "were" if step.endswith("s") else "was", ""
    try:
        await send()
    except RefusedRequest as refusal:
        fault = f"refused: {explain(refusal.answer)}"
    except (Dropped, PublishError) as error:
        fault = f"not sent: {error}"
    if not fault:
        upload.entry.finish(step)
        return
    upload.is_complete = False
    upload.warnings.append(
        f"the {step} {verb} {fault}. Publish again to send {_PRONOUNS[verb]}: the film "
        "is not sent twice"
    )


def warn_of_language(upload: Upload) -> None:
    """Warn that captions are sent as English, if nobody said their language."""
    if not upload.settings.language:
        upload.warnings.append(
            "the captions were sent as English: say language= if they are of another"
        )
