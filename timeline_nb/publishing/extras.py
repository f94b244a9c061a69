"""What goes with a film after it was sent: it fails without failing the upload."""

from collections.abc import Awaitable, Callable
from typing import Final

from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.answers import Dropped, PlatformAnswer, RefusedRequest
from timeline_nb.publishing.upload import Upload

__all__ = ["add", "warn_of_language"]

_NOUNS: Final = {
    "captions": Message("captions"),
    "tags": Message("tags"),
    "thumbnail": Message("thumbnail"),
}


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
    what = _NOUNS[step]
    try:
        await send()
    except RefusedRequest as refusal:
        warning = _refused(what, explain(refusal.answer))
    except (Dropped, PublishError) as error:
        warning = _unsent(what, error)
    else:
        upload.entry.finish(step)
        return
    upload.is_complete = False
    upload.warnings.append(warning)


def _refused(what: Message, why: str) -> Message:
    if what.endswith("s"):
        return Message(
            "the {what} were refused: {why}. Publish again to send them: the film is "
            "not sent twice",
            what=what,
            why=why,
        )
    return Message(
        "the {what} was refused: {why}. Publish again to send it: the film is not sent "
        "twice",
        what=what,
        why=why,
    )


def _unsent(what: Message, why: Exception) -> Message:
    if what.endswith("s"):
        return Message(
            "the {what} were not sent: {why}. Publish again to send them: the film is "
            "not sent twice",
            what=what,
            why=why,
        )
    return Message(
        "the {what} was not sent: {why}. Publish again to send it: the film is not "
        "sent twice",
        what=what,
        why=why,
    )


def warn_of_language(upload: Upload) -> None:
    """Warn that captions are sent as English, if nobody said their language."""
    if not upload.settings.language:
        upload.warnings.append(
            Message(
                "the captions were sent as English: say language= if they are of "
                "another"
            )
        )
