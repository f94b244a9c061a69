"""Providers and platforms on this machine, in place of the real ones, for a notebook.

They answer as the services' documentation has it; nothing leaves the machine.
"""

import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from stand_ins.authorization import AuthorizationServer
from stand_ins.keys import KeyServer
from stand_ins.signing_in import accounts_at, browse
from stand_ins.youtube import YouTubeStandIn

from timeline_nb.publishing.publisher import Publisher
from timeline_nb.publishing.tokens import authorizer
from timeline_nb.security.checks import KeyChecks
from timeline_nb.studio import default_studio
from timeline_nb.widgets.sign_in import SignInWidget

__all__ = ["practice", "sign_in_as_a_person"]

_open: Final = ExitStack()


def practice(folder: Path) -> YouTubeStandIn:
    """Let the notebook's studio use stand-ins, and a vault in a folder.

    Args:
        folder: For the vault, and what is kept of uploads.

    Returns:
        The platform, which shows what it received.
    """
    os.environ["TIMELINE_NB_DATA_DIR"] = str(folder.absolute())
    # In use, it is set before Jupyter starts, or typed when it is asked for.
    os.environ["TIMELINE_NB_VAULT_PASSPHRASE"] = "only for practice"  # noqa: S105
    studio = default_studio()
    keys = _open.enter_context(KeyServer())
    server = _open.enter_context(AuthorizationServer("youtube"))
    platform = _open.enter_context(YouTubeStandIn())
    # The platform takes the tokens that the sign-in gives out.
    platform.tokens = server.access  # type: ignore[assignment]
    studio.key_checks = KeyChecks(keys.providers())
    studio.accounts = accounts_at(server, "youtube", store=studio.vault)
    studio.publisher = Publisher(
        folder / "uploads",
        studio.library,
        authorizer(lambda: studio.vault, lambda: studio.accounts),
        bases={"youtube": platform.address},
    )
    return platform


def sign_in_as_a_person(widget: SignInWidget) -> None:
    """Open the link of a sign-in widget, and allow what it asks for."""
    while widget.prompt is None and not widget.job.done:
        time.sleep(0.01)
    if widget.prompt is not None:
        browse(widget.prompt)
