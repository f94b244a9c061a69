"""Runs the attacks with their full numbers, and prints what each found.

python tests/attacks/run.py                      # all, some hours
python tests/attacks/run.py projects media       # some of them
python tests/attacks/run.py --share 0.1 --seed 7 # a tenth, drawn otherwise
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from attacks.editing_together import stress
from attacks.fonts import faults_of_fonts
from attacks.forks import forks_at_work
from attacks.interrupts import interrupted_calls, interrupted_lines
from attacks.key_answers import strange_answers
from attacks.killed_edits import killed_edits
from attacks.kills import kills_of
from attacks.media_files import faults_of_media
from attacks.messages import flood_of_messages
from attacks.model_mutations import mutations_of_models
from attacks.plugin_limits import attacks_of_plugins
from attacks.projects import projects_read
from attacks.scope import races
from attacks.side_files import faults_of_side_files
from attacks.stale_pictures import stale_identities
from attacks.token_answers import token_answers
from attacks.vault_writers import two_writers
from attacks.vaults import kills_of_vault, tampered_vaults
from references import allowed_folders

# What is called with a number and a seed, and the number that makes it whole.
ATTACKS: dict[str, tuple[Callable[[int, int], Any], int]] = {
    "saves": (lambda count, seed: kills_of("save", count, seed), 1_000),
    "journals": (lambda count, seed: kills_of("journal", count, seed), 500),
    "renders": (lambda count, seed: kills_of("render", count, seed), 200),
    "edits": (killed_edits, 1_000),
    "projects": (projects_read, 10_000),
    "media": (faults_of_media, 10_000),
    "sides": (faults_of_side_files, 500),
    "fonts": (faults_of_fonts, 600),
    "models": (mutations_of_models, 500),
    "messages": (flood_of_messages, 100_000),
    "races": (stress, 60),
    "calls": (interrupted_calls, 25),
    "lines": (interrupted_lines, 25),
    "forks": (forks_at_work, 30),
    "effects": (stale_identities, 500),
    "scope": (races, 60),
    "walk": (lambda seconds, seed: races(seconds, seed, walk=True), 60),
    "key answers": (strange_answers, 10_000),
    "token answers": (token_answers, 10_000),
    "vaults": (tampered_vaults, 1_000),
    "vault kills": (kills_of_vault, 200),
    "vault writers": (two_writers, 50),
    "plugins": (attacks_of_plugins, 3),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *ATTACKS], default=[])
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    # Attacks work in temporary folders.
    os.environ["TIMELINE_NB_ROOTS"] = allowed_folders(Path(tempfile.gettempdir()))
    found = 0
    for name in given.names or ATTACKS:
        attack, whole = ATTACKS[name]
        began = time.monotonic()
        figures = attack(max(1, round(given.share * whole)), given.seed)
        took_s = time.monotonic() - began
        faults = figures.faults
        print(f"{name}: {figures} ({took_s:.0f} s)", *faults, sep="\n  ", flush=True)
        found += len(faults)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
