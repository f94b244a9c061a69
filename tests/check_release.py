"""Check that a commit is a release, and tag it: `python tests/check_release.py`.

The top section of the changelog has the package's version and a date, nothing is left
uncommitted, and the tag `vVERSION` is on this commit; where there is none yet, it is
made.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import timeline_nb

ROOT = Path(__file__).parents[1]
_SECTION = re.compile(r"^## \[([^\]]+)\](?: - (\S+))?$", re.MULTILINE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Section:
    """A release in the changelog.

    Args:
        version: As the package has it.
        date: Of the release; empty before it.
    """

    version: str
    date: str


def sections(changelog: str) -> list[Section]:
    """Return the releases of a changelog, the newest first."""
    return [
        Section(version, date if _DATE.fullmatch(date or "") else "")
        for version, date in _SECTION.findall(changelog)
    ]


def faults(changelog: str, version: str) -> list[str]:
    """Return why a version cannot be released with this changelog."""
    listed = sections(changelog)
    if not listed:
        return ["the changelog has no section such as '## [1.2.3] - 2026-01-31'"]
    newest = listed[0]
    found = []
    if newest.version != version:
        found.append(
            f"the changelog begins with {newest.version}, the package is {version}"
        )
    if not newest.date:
        found.append(f"give the section of {newest.version} the date of the release")
    return found


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout.strip()


def _tag_faults(tag: str) -> list[str]:
    if changed := _git("status", "--porcelain"):
        return [f"these are not committed:\n{changed}"]
    tagged, here = _git("rev-list", "-n", "1", tag), _git("rev-parse", "HEAD")
    if not tagged:
        _git("tag", "--annotate", tag, "--message", f"timeline_nb {tag[1:]}")
        print(f"{tag} is tagged; `git push origin {tag}` releases it")
        return []
    return [] if tagged == here else [f"the tag {tag} is on another commit, {tagged}"]


def main() -> None:
    version = timeline_nb.__version__
    found = faults((ROOT / "CHANGELOG.md").read_text("utf-8"), version)
    found = found or _tag_faults(f"v{version}")
    sys.exit("\n".join(found) or None)


if __name__ == "__main__":
    main()
