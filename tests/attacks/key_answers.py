"""Answers of providers, mutated: a check says what it found, and never more."""

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from stand_ins.keys import BROKE, GOOD, KeyServer, Request, honest, sent_key

from timeline_nb.security.checks import KeyCheck, KeyChecks, Verdict
from timeline_nb.security.providers import BUILT_IN_PROVIDERS
from timeline_nb.security.secret import Secret

_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r\n]")
_AT_ONCE: Final = 8
# What is put into an answer.
_PARTS: Final = (
    b"\r\n",
    b"\r\n\r\n",
    b"\x00",
    b"\xff",
    b"{",
    b"}",
    b'"',
    b"content-length: 5\r\n",
    b"transfer-encoding: chunked\r\n",
    b"content-encoding: gzip\r\n",
    b"location: http://127.0.0.1:1/\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"API_KEY_INVALID",
    b"[" * 2_000,
    b"-1",
    b"200",
    b"401",
)


@dataclass
class AnswerFigures:
    """What became of many answers."""

    verdicts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def mutated(answer: bytes, chance: random.Random) -> bytes:
    """Return an answer with some of its bytes changed, cut, doubled or added."""
    changed = bytearray(answer)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(changed) + 1)
        end = min(len(changed), at + chance.choice((1, 4, 40)))
        match chance.randrange(5):
            case 0:
                changed[at:at] = chance.choice(_PARTS)
            case 1:
                del changed[at:end]
            case 2:
                changed[at:at] = changed[at:end]
            case 3:
                changed[at:end] = chance.randbytes(end - at)
            case _:
                status = chance.choice((200, 204, 301, 400, 401, 403, 404, 429, 500))
                changed[9:12] = str(status).encode()
    return bytes(changed)


def strange_answers(count: int, seed: int) -> AnswerFigures:
    """Check keys with answers that were changed.

    Args:
        count: How many answers.
        seed: Of chance.
    """
    chance, figures = random.Random(seed), AnswerFigures()
    sent: dict[str, bytes] = {}

    async def behave(request: Request) -> AsyncIterator[bytes]:
        number = re.findall(r"n(\d+)n", request.text)[0]
        plain = Request(request.line.replace(f"n{number}n", ""), {})
        plain.headers.update(
            (name, text.replace(f"n{number}n", ""))
            for name, text in request.headers.items()
        )
        answer = b"".join([part async for part in honest(plain)])
        sent[number] = mutated(answer, random.Random(f"{seed} {number}"))
        for at in range(0, len(sent[number]), 200):
            yield sent[number][at : at + 200]

    async def all_of() -> None:
        room = asyncio.Semaphore(_AT_ONCE)

        async def one(number: int, name: str, kind: str) -> None:
            key = f"{sent_key(name, kind)}n{number}n"
            async with room:
                result = await checks.check(name, Secret(key))
            figures.verdicts[str(result.verdict)] += 1
            if fault := _fault(result, sent.get(str(number), b""), key):
                figures.faults.append(f"{number}: {fault}")

        kinds = (GOOD, BROKE, "")
        names = [provider.name for provider in BUILT_IN_PROVIDERS]
        await asyncio.gather(
            *(
                one(number, chance.choice(names), chance.choice(kinds))
                for number in range(count)
            )
        )

    with KeyServer(behave) as server:
        checks = KeyChecks(server.providers(), timeout_s=10)
        asyncio.run(all_of())
    return figures


def _fault(result: KeyCheck, answer: bytes, key: str) -> str:
    """Return what is wrong with a verdict; empty if nothing is."""
    text = json.dumps([result.reason, result.host, str(result)])
    if key in text or key[:12] in text:
        return f"shows the key: {result.verdict}"
    codes = {int(code) for code in _STATUS.findall(answer)}
    if result.verdict is Verdict.VALID and not any(200 <= c < 300 for c in codes):
        return f"is valid by {answer[:60]!r}"
    if result.verdict is Verdict.INVALID and not any(400 <= c < 500 for c in codes):
        return f"is invalid by {answer[:60]!r}"
    return ""
