"""Asks PyPI and npm for known vulnerabilities of what is installed.

python tests/audit_dependencies.py [--strict]

Where an index cannot be reached (npm's mirrors often refuse the question), the lock
files with their hashes are all that is left: what is installed is compared with them.
Findings are listed; with `--strict`, as for a release, they fail.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / ".ci" / "requirements.txt"
_LIMIT_S = 300


def main() -> None:
    findings = [*_npm(), *_pypi()]
    for finding in findings:
        print(f"vulnerable: {finding}")
    if findings and "--strict" in sys.argv:
        sys.exit(1)
    off = list(_off_the_lock())
    if off:
        sys.exit(f"not what {LOCK.name} says: {', '.join(off)}; run `make lock`")
    print("all that is installed is of the lock's releases")


def _npm() -> Iterator[str]:
    run = _run("npm", "audit", "--json", folder=ROOT / "widgets-js")
    report = json.loads(run.stdout) if run and run.stdout else {}
    if "vulnerabilities" not in report:
        print("npm cannot be asked about vulnerabilities; package-lock.json holds")
        return
    for name, fault in report["vulnerabilities"].items():
        yield f"npm {name} {fault['range']} ({fault['severity']})"


def _pypi() -> Iterator[str]:
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--disable-pip"]
    run = _run(*command, "--require-hashes", "--requirement", str(LOCK), folder=ROOT)
    report = json.loads(run.stdout) if run and run.stdout.startswith("{") else {}
    parts = report.get("dependencies", [])
    asked = [part for part in parts if "skip_reason" not in part]
    if not asked:
        print("PyPI cannot be asked about vulnerabilities; the lock's hashes hold")
        return
    for part in asked:
        for fault in part["vulns"]:
            fixed = ", ".join(fault["fix_versions"]) or "no release"
            yield f"{part['name']} {part['version']}: {fault['id']}, fixed in {fixed}"


def _run(*command: str, folder: Path) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
    except (subprocess.TimeoutExpired, FileNotFoundError):
        return None


def _off_the_lock() -> Iterator[str]:
    """Yield the distributions that are installed in another version than locked."""
    locked: dict[str, set[str]] = {}
    pins = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
    for name, version in pins.findall(LOCK.read_text()):
        locked.setdefault(_plain(name), set()).add(version)
    for found in distributions():
        name = _plain(found.name)
        if name in locked and found.version not in locked[name]:
            yield f"{found.name} {found.version}"


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


if __name__ == "__main__":
    main()
