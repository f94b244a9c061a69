"""Every attack of plugins, with its limit, what was measured, and what lived on.

python tests/attacks/plugin_limits.py            # all, and the table
python tests/attacks/plugin_limits.py network    # some of them
"""

import logging
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from attacks.hostile_web import hostile_web
from attacks.plugin_code import CODE, MODULES
from attacks.plugin_network import NETWORK
from attacks.plugin_scene import Attack, Figures, Scene, tried
from attacks.plugin_together import RENDERS, TOGETHER

GROUPS: dict[str, list[Attack]] = {
    "code": CODE,
    "modules": MODULES,
    "network": NETWORK,
    "together": TOGETHER,
    "renders": RENDERS,
}


def attacks_of_plugins(
    rounds: int = 1, seed: int = 0, names: list[str] | None = None
) -> Figures:
    """Try every attack, and measure it.

    Args:
        rounds: How often each is tried; the slowest one counts.
        seed: Nothing is drawn.
        names: Groups; all if not given.
    """
    del seed
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder, hostile_web() as port:
        for name in names or GROUPS:
            for number, attack in enumerate(GROUPS[name]):
                place = Path(folder).resolve() / f"{name}{number}"
                place.mkdir()
                outcomes = [
                    tried(attack, Scene(place, port), is_timed=True)
                    for _ in range(rounds)
                ]
                worst = max(outcomes, key=lambda one: (bool(one.fault), one.seconds))
                figures.outcomes.append(worst)
    return figures


if __name__ == "__main__":
    logging.disable()
    found = attacks_of_plugins(names=sys.argv[1:] or None)
    print(found)
    sys.exit(bool(found.faults))
