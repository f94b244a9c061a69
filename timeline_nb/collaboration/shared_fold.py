"""The timeline that the steps of several people lead to: one pure function of them.

Steps stand in one order, which is the same for all who have them. A step that had seen
all before it is made as it is. Steps that were made apart are merged by the rules of
`merge`: independent changes join; of two that do not, the one that stands first in the
order holds, and a row tells of the other. Both stand where each added something.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from timeline_nb.errors import ProjectError
from timeline_nb.project.delta import applied
from timeline_nb.project.document import refuse_faults
from timeline_nb.project.shared_steps import MAX_SHARED_STEPS, SharedEntry, SharedStep
from timeline_nb.timeline.merging.questions import Ask, Conflict, Decisions
from timeline_nb.timeline.merging.timelines import merge_timelines
from timeline_nb.timeline.model import Timeline

__all__ = ["Fold", "RefusedStep", "Seen", "SharedState"]

Seen: TypeAlias = Mapping[str, int]
_Key: TypeAlias = tuple[tuple[str, int], ...]
_MOST_ROWS: Final = 1_000


@dataclass(frozen=True)
class RefusedStep:
    """A step that could not be made.

    Args:
        step: The step.
        why: What is wrong with it.
    """

    step: SharedStep
    why: str


@dataclass(frozen=True)
class SharedState:
    """What steps lead to.

    Args:
        timeline: The timeline, which is valid.
        seen: How many steps of each author are in it.
        conflicts: What several people changed, each in their way; ours is what holds.
        refused: Steps that could not be made, and changed nothing.
        saved: The digest of the newest file, and of how many steps of each author that
            has the result.
    """

    timeline: Timeline
    seen: Seen
    conflicts: tuple[Conflict, ...] = ()
    refused: tuple[RefusedStep, ...] = ()
    saved: tuple[str, Seen] = ("", {})


class Fold:
    """Folds steps into a timeline; what it found once is kept.

    Args:
        base: The timeline before the first step.
        digest: That of the file that holds it.
    """

    def __init__(self, base: Timeline, digest: str = "") -> None:
        self.base = base
        self._first = SharedState(base, {}, saved=(digest, {}))
        self._folded: dict[_Key, SharedState] = {(): self._first}
        # The timeline of its author after each step, and why it could not be made.
        self._after: dict[tuple[str, int], tuple[Timeline, str]] = {}

    def __call__(self, entries: Sequence[SharedEntry]) -> SharedState:
        """Return what steps lead to; those that lack others before them wait.

        Args:
            entries: The steps in their order.
        """
        return self._fold(list(_complete(entries)))

    def view(self, entries: Sequence[SharedEntry], seen: Seen) -> SharedState:
        """Return what the steps lead to that somebody had seen."""
        known = self._folded.get(_key(seen))
        if known is not None:
            return known
        some = [
            one for one in entries if one.step.number <= seen.get(one.step.author, 0)
        ]
        return self._fold(list(_complete(some)))

    def _fold(self, entries: Sequence[SharedEntry]) -> SharedState:
        state, place = self._first, 0
        while place < len(entries):
            end = _end_of_run(entries, place)
            run = entries[place:end]
            counted = dict(state.seen) | {run[-1].step.author: run[-1].step.number}
            key = _key(counted)
            known = self._folded.get(key)
            if known is None:
                known = self._folded[key] = self._with_run(
                    entries[:place], state, run, counted
                )
            state, place = known, end
        return state

    def _with_run(
        self,
        before: Sequence[SharedEntry],
        state: SharedState,
        run: Sequence[SharedEntry],
        seen: Seen,
    ) -> SharedState:
        """Return a state with steps that one author made in a row."""
        first = run[0].step
        is_next = _key(first.seen) == _key(state.seen)
        began = state if is_next else self.view(before, first.seen)
        refused, saved = list(state.refused), state.saved
        after = began.timeline
        for entry in run:
            after, why = self._made(entry, after)
            if why:
                refused.append(RefusedStep(entry.step, why))
            if entry.step.saved:
                own = {**entry.step.seen, entry.step.author: entry.step.number}
                saved = entry.step.saved, own
        conflicts = state.conflicts
        if not is_next:
            decisions = Decisions({}, "both")
            after = merge_timelines(
                Ask(decisions, "", ""), began.timeline, state.timeline, after
            )
            conflicts += tuple(decisions.found.values())
        return SharedState(
            after, seen, conflicts[-_MOST_ROWS:], tuple(refused[-_MOST_ROWS:]), saved
        )

    def _made(self, entry: SharedEntry, before: Timeline) -> tuple[Timeline, str]:
        """Return the author's timeline after a step, and why it could not be made."""
        key = entry.step.author, entry.step.number
        known = self._after.get(key)
        if known is None:
            known = self._after[key] = _applied(entry, before)
        return known


def _applied(entry: SharedEntry, before: Timeline) -> tuple[Timeline, str]:
    if entry.step.delta is None or entry.beside is None:
        return before, ""
    try:
        made = applied(entry.step.delta, entry.beside, before)
        refuse_faults(made, f"the step {entry.step.label!r}")
    except ProjectError as error:
        return before, str(error)
    return made, ""


def _complete(entries: Sequence[SharedEntry]) -> Iterator[SharedEntry]:
    """Yield the steps that have all that they follow before them, each once."""
    counted: dict[str, int] = {}
    for entry in entries[:MAX_SHARED_STEPS]:
        step = entry.step
        own = step.number - 1
        is_own = counted.get(step.author, 0) == own == step.seen.get(step.author, 0)
        if is_own and all(counted.get(who, 0) >= n for who, n in step.seen.items()):
            counted[step.author] = step.number
            yield entry


def _end_of_run(entries: Sequence[SharedEntry], first: int) -> int:
    """Return where the steps end that one author made with nothing seen in between."""
    end = first + 1
    while end < len(entries):
        last, step = entries[end - 1].step, entries[end].step
        if step.author != last.author:
            break
        if _key(step.seen) != _key({**last.seen, last.author: last.number}):
            break
        end += 1
    return end


def _key(seen: Seen) -> _Key:
    return tuple(sorted((who, number) for who, number in seen.items() if number))
