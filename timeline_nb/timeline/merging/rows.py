"""The order of a track's items: what two sides placed, moved and removed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Literal, TypeAlias

from timeline_nb.timeline.comparing.changes import quote
from timeline_nb.timeline.layout import duration_of
from timeline_nb.timeline.merging.questions import Ask
from timeline_nb.timeline.merging.sequences import Cluster, clusters, hunks
from timeline_nb.timeline.model import Clip, Gap, Item, Subtitle, Track, Transition

__all__ = ["Origin", "PlacedToken", "Row", "Token", "merge_rows", "row_of"]

# An item by its id; a transition by the items on both sides; a gap by the item before
# it and its length.
Token: TypeAlias = tuple[str, ...]
Origin: TypeAlias = Literal["base", "ours", "theirs"]


@dataclass(frozen=True)
class Row:
    """The items of a track by their tokens, in order.

    Args:
        tokens: In order.
        items: The items.
    """

    tokens: tuple[Token, ...]
    items: dict[Token, Item]

    @property
    def ids(self) -> set[str]:
        """The ids of its clips and subtitles."""
        return {token[1] for token in self.tokens if token[0] == "item"}


@dataclass(frozen=True)
class PlacedToken:
    """A token of a merged row.

    Args:
        token: The token.
        origin: Who placed it.
        was_asked: Whether a person could choose it.
    """

    token: Token
    origin: Origin
    was_asked: bool = False


def row_of(track: Track | None) -> Row:
    """Return the row of a track; an empty one of none."""
    items: dict[Token, Item] = {}
    before, gaps = "", 0
    all_items = track.items if track is not None else ()
    for number, item in enumerate(all_items):
        if isinstance(item, (Clip, Subtitle)):
            token: Token = ("item", item.id)
            before = item.id
        elif isinstance(item, Transition):
            following = all_items[number + 1] if number + 1 < len(all_items) else None
            token = ("joint", before, getattr(following, "id", ""))
        else:
            token = ("gap", before, str(item.duration))
        if token in items:
            # Two gaps beside each other, which no edit makes.
            gaps += 1
            token = (*token, str(gaps))
        items[token] = item
    return Row(tuple(items), items)


def merge_rows(
    ask: Ask,
    rows: tuple[Row, Row, Row],
    changed: tuple[Collection[str], Collection[str]],
    at: Callable[[Token], str],
) -> Iterator[PlacedToken]:
    """Yield the order of a track that three sides have.

    Args:
        ask: Asks what cannot be joined.
        rows: Of the base, ours and theirs.
        changed: The ids of items that each side changed, and the other may not remove
            without a question.
        at: Names the time of a token of the base.
    """
    base, ours, theirs = rows
    ours_hunks, theirs_hunks = (
        hunks(base.tokens, side.tokens, _touched(base, side, other, own))
        for side, other, own in ((ours, theirs, changed[0]), (theirs, ours, changed[1]))
    )
    place = 0
    for cluster in clusters(ours_hunks, theirs_hunks, matters=_matters):
        yield from _kept(base.tokens[place : cluster.first])
        yield from _cluster(ask, rows, cluster, at)
        place = cluster.last
    yield from _kept(base.tokens[place:])


def _kept(tokens: Iterable[Token]) -> Iterator[PlacedToken]:
    return (PlacedToken(token, "base") for token in tokens)


def _matters(token: Token) -> bool:
    return token[0] == "item"


def _touched(base: Row, side: Row, other: Row, changed: Collection[str]) -> set[Token]:
    """Return the tokens of the base that a side changed, and the other removed."""
    touched: set[Token] = {("item", one) for one in changed}
    for token in {*side.tokens, *base.tokens}:
        is_joint = token[0] == "joint"
        if is_joint and side.items.get(token) != base.items.get(token):
            # A transition needs the clips on both sides.
            touched |= {("item", one) for one in token[1:3]}
            touched.add(token)
    return {token for token in touched if token not in other.items}


def _cluster(
    ask: Ask,
    rows: tuple[Row, Row, Row],
    cluster: Cluster[Token],
    at: Callable[[Token], str],
) -> Iterator[PlacedToken]:
    base, ours, theirs = rows
    was = base.tokens[cluster.first : cluster.last]
    one = cluster.shown_by(base.tokens, cluster.ours)
    other = cluster.shown_by(base.tokens, cluster.theirs)
    if not cluster.theirs or one == other:
        yield from (PlacedToken(token, "ours") for token in one)
        return
    if not cluster.ours:
        yield from (PlacedToken(token, "theirs") for token in other)
        return
    joined = _joined_gaps(was, one, other)
    if joined is not None:
        yield from (PlacedToken(token, "ours") for token in joined)
        return
    is_end = cluster.last == len(base.tokens)
    filled = _filled(rows, was, one, other, is_end=is_end)
    if filled is None and not _settled(cluster) & set(was):
        filled = _lifted(rows, was, one, other, is_end=is_end)
    if filled is not None:
        yield from filled
        return
    first = base.tokens[cluster.first] if cluster.first < len(base.tokens) else ()
    key = f"items {cluster.first} to {cluster.last}"
    place = Ask(ask.decisions, f"{ask.key}/{key}", f"{ask.where} {at(first)}")
    sides = (base, was), (ours, one), (theirs, other)
    shown = [_shown(row, tokens) for row, tokens in sides]
    links = _links(row.items[token] for row, tokens in sides for token in tokens)
    if links:
        # One question stands for the tracks of picture and of sound.
        place = Ask(ask.decisions, ask.beside(links).key, place.where)
    side = place.side("items", *shown, can_join=not was)
    if side in {"ours", "both"}:
        yield from (PlacedToken(token, "ours", was_asked=True) for token in one)
    if side in {"theirs", "both"}:
        yield from (
            PlacedToken(token, "theirs", was_asked=True)
            for token in other
            if side == "theirs" or token not in one
        )


def _links(items: Iterable[Item]) -> str:
    """Name the links of items; empty if one of them is linked to none."""
    found = [getattr(item, "link", "") for item in items if _has_id(item)]
    return f"links {' '.join(sorted(set(found)))}" if found and all(found) else ""


def _has_id(item: Item) -> bool:
    return isinstance(item, (Clip, Subtitle))


def _joined_gaps(
    was: Sequence[Token], one: Sequence[Token], other: Sequence[Token]
) -> list[Token] | None:
    """Return a gap that both sides changed; None if there is more than gaps.

    Where one made it 12 frames longer and the other 5 shorter, it is 7 longer.
    """
    if any(token[0] != "gap" for side in (was, one, other) for token in side):
        return None
    before, ours, theirs = (
        sum((Fraction(token[2]) for token in side), Fraction(0))
        for side in (was, one, other)
    )
    length = ours + theirs - before
    if length < 0:
        return None
    owner = next(iter((*one, *other, *was)))[1]
    return [("gap", owner, str(length))] if length else []


@dataclass(frozen=True)
class _Block:
    """Items one after another that a side placed where nothing was.

    Args:
        start: Seconds from where the stretch begins.
        end: Seconds from there to where they end.
        tokens: The items, and who placed them.
    """

    start: Fraction
    end: Fraction
    tokens: tuple[PlacedToken, ...]


def _filled(
    rows: tuple[Row, Row, Row],
    was: Sequence[Token],
    one: Sequence[Token],
    other: Sequence[Token],
    *,
    is_end: bool,
) -> list[PlacedToken] | None:
    """Return what both sides placed in a gap, or at the end, at times of their own.

    None if something else was there, what they placed overlaps, or the gap has another
    length by now.
    """
    base, ours, theirs = rows
    if any(token[0] != "gap" for token in was) or set(_ids(one)) & set(_ids(other)):
        return None
    length = sum((_seconds(base, token) for token in was), Fraction(0))
    first, whole = _blocks(ours, one, "ours")
    second, other_whole = _blocks(theirs, other, "theirs")
    if not is_end and not whole == other_whole == length:
        return None
    blocks = sorted([*first, *second], key=lambda block: block.start)
    return _at_their_times(blocks, (*one, *other), None if is_end else length)


def _at_their_times(
    blocks: Iterable[_Block], tokens: Sequence[Token], length: Fraction | None
) -> list[PlacedToken] | None:
    """Return blocks with gaps between them, and behind them; None if they overlap.

    Args:
        blocks: The blocks, by their starts.
        tokens: Of the stretch; the first one names a gap before all blocks.
        length: Of the stretch; None at the end of a track.
    """
    made: list[PlacedToken] = []
    place, owner = Fraction(0), tokens[0][1]
    for block in blocks:
        if block.start < place:
            return None
        if block.start > place:
            gap = "gap", owner, str(block.start - place)
            made.append(PlacedToken(gap, "ours"))
        made += block.tokens
        place, owner = block.end, block.tokens[-1].token[1]
    if length is not None and place < length:
        made.append(PlacedToken(("gap", owner, str(length - place)), "ours"))
    return made


def _settled(cluster: Cluster[Token]) -> set[Token]:
    """Return the items that a side put in their places, or changed there."""
    hunks_of_both = (*cluster.ours, *cluster.theirs)
    return {token for hunk in hunks_of_both for token in hunk.tokens if _matters(token)}


def _lifted(
    rows: tuple[Row, Row, Row],
    was: Sequence[Token],
    one: Sequence[Token],
    other: Sequence[Token],
    *,
    is_end: bool,
) -> list[PlacedToken] | None:
    """Return what is left where a side lifted items, and the other filled a gap.

    None if items were moved, both removed one, what is left overlaps, or the stretch
    has another length by now.
    """
    sides = tuple(_spans(*side) for side in zip(rows, (was, one, other), strict=True))
    (before, length), (ours, whole), (theirs, other_whole) = sides
    has_joint = any(token[0] == "joint" for token in (*was, *one, *other))
    has_moved = any(
        side[token] != before[token]
        for side in (ours, theirs)
        for token in side
        if token in before
    )
    is_shared = ours.keys() & theirs.keys() - before.keys()
    is_doubly_gone = before.keys() - ours.keys() - theirs.keys()
    if has_joint or has_moved or is_shared or is_doubly_gone:
        return None
    if not is_end and not whole == other_whole == length:
        return None
    left: list[tuple[tuple[Fraction, Fraction], PlacedToken]] = []
    for token, span in before.items():
        if token in ours and token in theirs:
            left.append((span, PlacedToken(token, "base")))
    for token, span in ours.items() - before.items():
        left.append((span, PlacedToken(token, "ours")))
    for token, span in theirs.items() - before.items():
        left.append((span, PlacedToken(token, "theirs")))
    left.sort(key=lambda entry: entry[0])
    blocks = [_Block(start, end, (placed,)) for (start, end), placed in left]
    return _at_their_times(blocks, (*one, *other, *was), None if is_end else length)


def _spans(
    row: Row, tokens: Sequence[Token]
) -> tuple[dict[Token, tuple[Fraction, Fraction]], Fraction]:
    """Return from when to when items take of a stretch, and how long all of it is."""
    found: dict[Token, tuple[Fraction, Fraction]] = {}
    place = Fraction(0)
    for token in tokens:
        end = place + _seconds(row, token)
        if _matters(token):
            found[token] = place, end
        place = end
    return found, place


def _ids(tokens: Iterable[Token]) -> Iterator[str]:
    return (token[1] for token in tokens if token[0] == "item")


def _seconds(row: Row, token: Token) -> Fraction:
    return Fraction(0) if token[0] == "joint" else duration_of(row.items[token])


def _blocks(
    row: Row, tokens: Sequence[Token], origin: Origin
) -> tuple[list[_Block], Fraction]:
    """Return what stands between the gaps of a stretch, and how long all of it is."""
    found: list[_Block] = []
    place = Fraction(0)
    for is_gap, group in groupby(tokens, key=lambda token: token[0] == "gap"):
        own = tuple(group)
        end = place + sum((_seconds(row, token) for token in own), Fraction(0))
        if not is_gap:
            placed = tuple(PlacedToken(token, origin) for token in own)
            found.append(_Block(place, end, placed))
        place = end
    return found, place


def _shown(row: Row, tokens: Sequence[Token]) -> str:
    return ", ".join(_label(row.items[token]) for token in tokens)


def _label(item: Item) -> str:
    seconds = f"{float(duration_of(item)):.6g} s"
    if isinstance(item, Clip):
        return f"{quote(item.name)} {seconds}"
    if isinstance(item, Subtitle):
        return f"{quote(item.text)} {seconds}"
    if isinstance(item, Gap):
        return f"gap {seconds}"
    return item.kind
