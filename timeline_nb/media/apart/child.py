"""Decode for another process: `python -m timeline_nb.media.apart.child`.

Its arguments are the descriptors of a socket, of a pipe that is closed when the other
process ends, and of shared memory (-1 for none), and the bytes of memory it may take.
"""

import pickle
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final, TypeAlias

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import use_scope
from timeline_nb.media.apart.channel import SocketMessages
from timeline_nb.media.apart.failures import failure
from timeline_nb.media.apart.limits import die_with_parent, take_limits
from timeline_nb.media.apart.messages import (
    AllSent,
    Answer,
    Close,
    Failed,
    Request,
    Took,
    UseScope,
    decode_request,
    encode,
)
from timeline_nb.media.apart.opened import Opened, opened_by
from timeline_nb.media.apart.region import SharedRegion
from timeline_nb.media.apart.whole_answers import whole_answer

_Call: TypeAlias = Callable[[], Answer]
_Numbered: TypeAlias = tuple[int, Request]
# Nothing is open, and nobody asks: another process is started when one is needed.
_IDLE_S: Final = 60.0


class Server:
    """Answers the requests of a channel, one after another.

    Args:
        channel: Where they come from.
        region: Memory for pictures and sound, or None.
    """

    def __init__(self, channel: SocketMessages, region: SharedRegion | None) -> None:
        self._channel, self._region = channel, region
        self._opened: Opened | None = None
        self._scope: Scope | None = None

    def serve(self) -> None:
        """Answer until nothing is asked for long, after a sign of life.

        Raises:
            EOFError: The other side is gone.
        """
        self._send(0, AllSent())
        message = self._next()
        while message is not None:
            message = self._served(*message) or self._next()

    def _next(self) -> _Numbered | None:
        wait_s = _IDLE_S if self._opened is None else None
        data = self._channel.receive(wait_s)
        return None if data is None else decode_request(data)

    def _served(self, number: int, asked: Request) -> _Numbered | None:
        """Answer a request; return the next one if it came meanwhile."""
        if isinstance(asked, Took):
            # Of answers that nobody waits for any more.
            return None
        if isinstance(asked, UseScope):
            self._scope = pickle.loads(asked.scope)  # noqa: S301 - of who is trusted
            return None
        with use_scope(self._scope):
            return self._answered(number, asked)

    def _answered(self, number: int, asked: Request) -> _Numbered | None:
        try:
            calls = self._calls(number, asked)
        except Exception as error:  # noqa: BLE001 - said to the other side
            self._send(number, failure(error))
            return None
        return self._run(number, calls)

    def _calls(self, number: int, asked: Request) -> Iterable[_Call]:
        """Return what gives the answers."""
        answer = whole_answer(asked, lambda part: self._send(number, part))
        if answer is not None:
            return [lambda: answer]
        opens = self._opened is None or type(asked).__name__.startswith("Open")
        if opens or isinstance(asked, Close):
            self._close()
            self._opened = opened_by(asked, self._region)
            return [AllSent]
        assert self._opened is not None  # noqa: S101 - else it would be opened
        return self._opened.calls(asked)

    def _run(self, number: int, calls: Iterable[_Call]) -> _Numbered | None:
        """Send the answers, as long as there is a slot for the next one."""
        free = 1 if self._opened is None else self._opened.ahead
        for call in calls:
            while not free or self._channel.is_waiting():
                message = self._next()
                if message is None or not isinstance(message[1], Took):
                    return message
                free += message[0] == number
            try:
                answer = call()
            except Exception as error:  # noqa: BLE001 - said to the other side
                answer = failure(error)
            self._send(number, answer)
            if isinstance(answer, AllSent) or _ends(answer):
                return None
            free -= 1
        return None

    def _send(self, number: int, answer: Answer) -> None:
        self._channel.send(encode(number, answer))

    def _close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()


def _ends(answer: Answer) -> bool:
    """Return whether nothing follows: of a frame that does not decode, others do."""
    return isinstance(answer, Failed) and answer.number < 0


def main() -> None:
    """Serve the process that started this one."""
    end, life, memory, memory_bytes = map(int, sys.argv[1:])
    die_with_parent(life)
    channel = SocketMessages(socket.socket(fileno=end))
    region = None if memory < 0 else SharedRegion(memory)
    take_limits(memory_bytes)
    with suppress(EOFError, OSError):
        Server(channel, region).serve()


if __name__ == "__main__":
    main()
