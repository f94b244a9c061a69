"""A page's conversation with its widget, without a socket."""

import json
from pathlib import Path
from typing import Any

import pytest
from media_factory import Recipe, make

import timeline_nb as tl
from timeline_nb.errors import ServerError
from timeline_nb.widgets.conversation import Conversation


class Moved(tl.Player):
    """A player whose playhead moves while its state is read."""

    def get_state(self, *args: Any, **options: Any) -> Any:
        """Return the state of before."""
        state = super().get_state(*args, **options)
        if args and isinstance(args[0], list):
            self.playhead = 0.4
        return state


def test_what_changes_while_a_page_opens_comes_after_its_state(tmp_path: Path) -> None:
    film = make(tmp_path, Recipe("film.mp4", frames=25, size=(64, 48)))
    sent: list[dict[str, Any]] = []

    def send(frame: bytes) -> None:
        length = int.from_bytes(frame[:4], "big")
        sent.append(json.loads(frame[4 : 4 + length])["message"])

    with tl.open_studio(tl.Settings(roots=(tmp_path,))) as studio:
        page = Conversation(
            send, lambda: Moved(film, studio=studio), title="film.mp4", save=None
        )
        page.close()
        with pytest.raises(ServerError, match="the page was closed"):
            page.receive(b'{"method": "save"}')
    assert [one["method"] for one in sent[:2]] == ["open", "update"]
    assert sent[0]["state"]["playhead"] == 0
    assert sent[1]["state"]["playhead"] == 0.4
