"""Programs of custom effects, changed in one place: is the change noticed?

Whether a change is one is told by running both programs, not by reading them.
"""

import random
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from timeline_nb.effects.code_digest import identify

# Each takes a value that stands in it, and gives the function `effect`.
PROGRAMS = (
    # A global, by its value.
    "GAIN = {0}\ndef effect(x):\n    return x + GAIN\n",
    # A constant.
    "def effect(x):\n    return x + {0}\n",
    # A default.
    "def effect(x, by={0}):\n    return x + by\n",
    "def effect(x, *, by={0}):\n    return x + by\n",
    # A closure.
    (
        "def make(by):\n    def effect(x):\n        return x + by\n    return effect\n"
        "effect = make({0})\n"
    ),
    # A helper, and the helper's helper.
    (
        "def inner(x):\n    return x + {0}\ndef helper(x):\n    return inner(x)\n"
        "def effect(x):\n    return helper(x)\n"
    ),
    # Code within code.
    "def effect(x):\n    return sum(n for n in [x, {0}])\n",
    "def effect(x):\n    return (lambda y: y + {0})(x)\n",
    # Two on one line.
    "other, effect = (lambda x: x), (lambda x: x + {0})\n",
    # Containers.
    "LIST = [1, [2, {{'a': {0}}}]]\ndef effect(x):\n    return x + LIST[1][1]['a']\n",
    "SET = {{1, 2, {0}}}\ndef effect(x):\n    return x + len(SET) + max(SET)\n",
    "PAIR = (1, {0})\ndef effect(x):\n    return x + PAIR[1]\n",
    (
        "TABLE = {{'first': 1, 'second': {0}}}\ndef effect(x):\n"
        "    return x + list(TABLE.values())[-1]\n"
    ),
    # Arrays, of one element changed.
    (
        "import numpy as np\nTABLE = np.arange(4096.0)\nTABLE[4095] = {0}\n"
        "def effect(x):\n    return x + float(TABLE[4095])\n"
    ),
    # Objects, and the code of their class.
    (
        "class Look:\n    def __init__(self):\n        self.by = {0}\nLOOK = Look()\n"
        "def effect(x):\n    return x + LOOK.by\n"
    ),
    (
        "class Look:\n    def apply(self, x):\n        return x + {0}\nLOOK = Look()\n"
        "def effect(x):\n    return LOOK.apply(x)\n"
    ),
    (
        "class Base:\n    by = {0}\nclass Look(Base):\n    pass\n"
        "def effect(x):\n    return x + Look().by\n"
    ),
    (
        "import dataclasses\n@dataclasses.dataclass\nclass Look:\n    by: float = {0}\n"
        "def effect(x):\n    return x + Look().by\n"
    ),
    (
        "import enum\nclass Mode(enum.Enum):\n    A = {0}\ndef effect(x):\n"
        "    return x + Mode.A.value\n"
    ),
    (
        "class Look:\n    @property\n    def by(self):\n        return {0}\n"
        "    @staticmethod\n    def one():\n        return 1\n"
        "def effect(x):\n    return x + Look().by + Look.one()\n"
    ),
    # Wrappers.
    (
        "import functools\n@functools.lru_cache\ndef helper(x):\n    return x + {0}\n"
        "def effect(x):\n    return helper(x)\n"
    ),
    (
        "import functools\ndef add(a, b):\n    return a + b\n"
        "helper = functools.partial(add, {0})\ndef effect(x):\n    return helper(x)\n"
    ),
    (
        "def shout(function):\n    def inner(x):\n        return function(x)\n"
        "    return inner\n@shout\ndef effect(x):\n    return x + {0}\n"
    ),
    # Circles.
    (
        "def even(n, x):\n    return x + {0} if n < 1 else odd(n - 1, x)\n"
        "def odd(n, x):\n    return even(n - 1, x)\n"
        "def effect(x):\n    return even(2, x)\n"
    ),
    "RING = [{0}]\nRING.append(RING)\ndef effect(x):\n    return x + RING[1][0]\n",
    # What is set later.
    "def effect(x):\n    return x + effect.by\neffect.by = {0}\n",
)
_VALUES = (0, 1, -1, 2, 7, 255, 256, True, False, 0.0, -0.0, 1.0, 0.5, 1e9, 3, 4)


@dataclass
class Figures:
    """What a campaign counted.

    Args:
        pairs: Pairs of programs.
        differing: Those that do something else.
        stale: Those of them that were taken for the same.
        missed: Programs that were run again and not recognized.
        uncached: Programs refused though all that they use can be compared.
    """

    pairs: int = 0
    differing: int = 0
    stale: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    uncached: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """All that is wrong."""
        return [*self.stale, *self.missed, *self.uncached]


def stale_identities(count: int, seed: int) -> Figures:
    """Change programs in one place each, and run them again elsewhere.

    Args:
        count: Pairs of programs.
        seed: Of the draws.
    """
    draw = random.Random(seed)
    figures = Figures()
    for number in range(count):
        program = PROGRAMS[number % len(PROGRAMS)]
        old, new = draw.choice(_VALUES), draw.choice(_VALUES)
        before, after = _run(program, old), _run(program, new)
        again = _run("\n" * draw.randrange(1, 9) + "# moved\n" + program, old)
        one, other, same = (identify(f) for f in (before, after, again))
        figures.pairs += 1
        told = f"{program!r} with {old!r} and {new!r}"
        if _results(before) != _results(after):
            figures.differing += 1
            if one.digest == other.digest:
                figures.stale.append(told)
        if one.digest != same.digest:
            figures.missed.append(told)
        if one.why:
            figures.uncached.append(f"{told}: {one.why}")
    return figures


def _run(program: str, value: object) -> Any:
    names: dict[str, Any] = {"__name__": "__main__"}
    code = compile(program.format(repr(value)), f"<cell {id(names)}>", "exec")
    exec(code, names)  # noqa: S102 - it is ours
    return names["effect"]


def _results(function: Any) -> str:
    return repr([np.float64(function(x)) for x in (0, 1.5, 12)])
