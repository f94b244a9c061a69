"""Texts of `.env` files, read here and by python-dotenv, which must agree.

python-dotenv is installed by hand for this (`pip install python-dotenv==1.2.4`); its
answers to `SAMPLES` and to the first random texts are kept in
`tests/unit/security/env_answers.json`, which this module writes when it is run.
"""

import json
import random
from io import StringIO
from pathlib import Path
from typing import Final

from timeline_nb.security.env_text import assignments

ANSWERS: Final = Path(__file__).parents[1] / "unit" / "security" / "env_answers.json"
Pairs = list[list[str]]

SAMPLES: Final = (
    "",
    "A=b",
    "A=b\n",
    "A=b\r\nC=d\r\n",
    "A=b\rC=d\r",
    "export A=b",
    "export   A=b",
    "  export A=b",
    "export\tA=b",
    "export A",
    "export",
    "exported=b",
    " A = b ",
    "A =b",
    "A= b",
    "A=",
    "A=\nB=c",
    "A",
    "A\nB=c",
    "=b",
    "# A=b",
    "#A=b\nC=d # e",
    "A=b#c",
    "A=b #c",
    "A=b  #c # d",
    "A=#b",
    "A= #b",
    "A= # b",
    "A='b'",
    "A='b' # c",
    "A='b'#c",
    "A='b' c",
    "A=' b '",
    'A="b"',
    'A="b # c"',
    "A='b # c'",
    "A='b\nc'",
    'A="b\nc"\nD=e',
    'A="b\r\nc"\r\nD=e',
    "A='b\\nc'",
    'A="b\\nc"',
    'A="b\\tc\\\\d\\"e"',
    "A='b\\'c'",
    "A='b\\\\'",
    'A="b\\\\"',
    'A="b\\u00e9"',
    "A='b",
    "A='b\nC=d",
    'A="b\nC="d"',
    "A='b\\'",
    "A=b'c'",
    'A=b"c',
    "A=b=c",
    "A==b",
    "'A'=b",
    "'A B'=c",
    "'A=b",
    '"A"=b',
    "A.b-c=d",
    "A B=c",
    "A: b",
    "A=${B}\nB=c",
    "A=$B",
    "A=`id`",
    "A=$(id)",
    "\n\n  \nA=b\n\n",
    "A=b\n  C=d\n\tE=f",
    "A=b\x0bC=d",
    "A=b\x0c",
    "A=\u00e9\u4e16",
    "A=b\u00a0# c",
    "\u00a0A=b",
    "A=b\u2028C=d",
    "A=b\\",
    "A=b\\\nC=d",
    "A=b;C=d",
    "A='b'\\\nC=d",
    "A=''",
    'A=""',
    "A='' # b",
    "A=b\nA=c",
    "[section]\nA=b",
    'A={"b": 1}',
    "A=[1, 2]",
    'KEY="-----BEGIN KEY-----\nMIIB\n-----END KEY-----"\nA=b',
    "A=sk-abc_DEF-123.456~7",
    "A=1:AAb-c_d",
)
# What random texts are made of.
_PARTS: Final = (
    *"AB=#'\"\\ \t\n\r$",
    "export ",
    "A=",
    "='",
    '="',
    "' ",
    "\\'",
    '\\"',
    "\\\\",
    "\\n",
    "\r\n",
    " #",
    "# ",
    "\u00a0",
    "\x0b",
    "value",
    "\nKEY=",
    "\nKEY='",
    '\nKEY="',
)


def random_text(seed: int) -> str:
    """Return a text that is made of what the grammar has."""
    chance = random.Random(seed)
    return "".join(chance.choices(_PARTS, k=chance.randint(1, 40)))


def read_here(text: str) -> Pairs:
    return [[found.name, found.value.reveal()] for found in assignments(text)]


def read_by_dotenv(text: str) -> Pairs:
    from dotenv.parser import parse_stream

    found = parse_stream(StringIO(text, newline=""))
    return [
        [binding.key, binding.value]
        for binding in found
        if binding.key is not None and binding.value is not None
    ]


def differences(texts: int, *, seed: int = 0) -> list[str]:
    """Return the random texts that python-dotenv reads in another way."""
    tried = (random_text(seed + number) for number in range(texts))
    return [text for text in tried if read_here(text) != read_by_dotenv(text)]


def write_answers(texts: int = 300) -> None:
    """Write what python-dotenv reads in the samples and in random texts."""
    tried = [*SAMPLES, *map(random_text, range(texts))]
    rows = [[text, read_by_dotenv(text)] for text in tried]
    lines = ",\n".join(json.dumps(row) for row in rows)
    ANSWERS.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    write_answers()
    print(len(differences(100_000)), "of 100,000 random texts differ")
