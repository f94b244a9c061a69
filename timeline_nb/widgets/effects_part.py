"""Send the catalog and the selection's effects, and handle changes of them."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from timeline_nb.access.scope import Scope
from timeline_nb.commands.session import EditSession
from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.favorites import Favorites
from timeline_nb.effects.labels import label_of, search_words
from timeline_nb.effects.provided import catalog_changed, is_provided
from timeline_nb.effects.takers import medium_of
from timeline_nb.effects.titles.templates import TEMPLATES
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import effects_of, find, linked
from timeline_nb.widgets import effect_requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.effect_answers import (
    CatalogView,
    EffectsView,
    EffectView,
    KindView,
)
from timeline_nb.widgets.effect_gestures import EffectGestures
from timeline_nb.widgets.effect_views import cut_view, effect_view, own_time_of
from timeline_nb.widgets.request import Request

__all__ = ["EffectsPart"]

_WITH_SAMPLE = frozenset({"picture", "transition", "generator", "template"})


class EffectsPart(Part):
    """Sends and changes the effects of the selected clips, or of the timeline.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        selected: Returns the ids of the selected items.
        playhead: Returns the timeline second at which values are sent.
        scope: The files that a view may name: tables, masks, fonts.
        favorites: The kinds that this person likes.
    """

    def __init__(  # noqa: PLR0913 - what it sends, of whom, and when
        self,
        post: SendAnswer,
        session: EditSession,
        selected: Callable[[], list[str]],
        playhead: Callable[[], float],
        *,
        scope: Scope,
        favorites: Favorites,
    ) -> None:
        super().__init__(post)
        self._session, self._selected, self._playhead = session, selected, playhead
        self._favorites = favorites
        self._gestures = EffectGestures(session, playhead, scope)

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers, each of which makes one step of the history."""
        gestures = self._gestures
        return {
            ask.AddEffectRequest: gestures.add,
            ask.RemoveEffectRequest: gestures.remove,
            ask.MoveEffectRequest: gestures.move,
            ask.ChangeEffectRequest: gestures.change,
            ask.KeyframeEffectRequest: gestures.key,
            ask.KeyframeClipRequest: gestures.key_clip,
            ask.EaseKeyframeRequest: gestures.ease,
            ask.SetTransitionRequest: gestures.set_transition,
            ask.AddGeneratorRequest: gestures.add_generated,
            ask.PasteAttributesRequest: gestures.paste_attributes,
            ask.SetFavoriteRequest: self._set_favorite,
        }

    def start(self) -> None:
        """Connect to the edit's changes."""
        self._session.changed.connect(self._follow)
        catalog_changed.connect(self._on_catalog)

    def stop(self) -> None:
        """Disconnect from the edit's changes."""
        self._session.changed.disconnect(self._follow)
        catalog_changed.disconnect(self._on_catalog)

    def on_view_opened(self, view: str) -> None:
        """Send a new view the catalog and the effects."""
        self._send_catalog(view)
        self.send_effects()

    def _on_catalog(self) -> None:
        """Send all views the catalog: a plugin was installed or removed."""
        self._turns.run(("catalog", ""), lambda: self._send_catalog(""))
        self.send_effects()

    def _send_catalog(self, view: str) -> None:
        kinds = [_kind(s.kind, s.medium, s.group, s.doc, s.origin) for s in catalog()]
        kinds += [
            _kind(name, "template", template.group, template.doc)
            for name, template in TEMPLATES.items()
        ]
        self._post(CatalogView(view=view, kinds=kinds, favorites=self._favorites.all()))

    def _set_favorite(self, request: ask.SetFavoriteRequest) -> None:
        self._favorites.set(request.kind_name, is_favorite=request.is_favorite)
        self._turns.run(("catalog", ""), lambda: self._send_catalog(""))

    def send_effects(self) -> None:
        """Send the effects of the one selected clip, or of the timeline."""
        self._turns.run(("effects", ""), self._send_effects)

    def _send_effects(self) -> None:
        timeline = self._session.timeline
        chosen = self._chosen(timeline)
        owners = self._owners(timeline, chosen)
        one = owners[0] if owners else ""
        media = [medium_of(timeline, owner) for owner in owners or chosen]
        time = own_time_of(timeline, one)
        effects: list[EffectView] = []
        if owners or not chosen:
            effects = [
                view
                for owner in owners or [""]
                for view in self._views(timeline, owner)
            ]
        self._post(
            EffectsView(
                owner=one,
                owners=chosen,
                media=list(dict.fromkeys(media or ["picture", "sound"])),
                start_s=float(time.start),
                duration_s=float(time.length),
                effects=effects,
                cut_in=cut_view(timeline, one, at_end=False) if one else None,
                cut_out=cut_view(timeline, one, at_end=True) if one else None,
            )
        )

    def _views(self, timeline: Timeline, owner: str) -> list[EffectView]:
        time = own_time_of(timeline, owner)
        at = Fraction(self._playhead()).limit_denominator(10_000)
        return [
            effect_view(owner, number, effect, time, at)
            for number, effect in enumerate(effects_of(timeline, owner))
        ]

    def _chosen(self, timeline: Timeline) -> list[str]:
        """Return the selected clips that are there: an undo may remove one."""
        found = []
        for item in self._selected():
            try:
                place = find(timeline, item)
            except TimelineError:
                continue
            if isinstance(timeline.tracks[place.track].items[place.item], Clip):
                found.append(item)
        # Pictures first, whichever of a linked pair was clicked.
        return sorted(found, key=lambda own: medium_of(timeline, own) == "sound")

    def _owners(self, timeline: Timeline, chosen: list[str]) -> list[str]:
        """Return the one selected clip and those linked to it; none of several."""
        if not chosen:
            return []
        places = linked(timeline, chosen[0])
        items: list[Any] = [timeline.tracks[p.track].items[p.item] for p in places]
        own = [item.id for item in items if isinstance(item, Clip)]
        own.sort(key=lambda item: medium_of(timeline, item) == "sound")
        return own if set(chosen) <= set(own) else []

    def send_animated(self) -> None:
        """Send the effects again if one has keyframes: the playhead moved."""
        timeline = self._session.timeline
        owners = self._owners(timeline, self._chosen(timeline)) or [""]
        if any(e.keyframes for owner in owners for e in effects_of(timeline, owner)):
            self.send_effects()

    def _follow(self, _old: Timeline, _new: Timeline) -> None:
        self.send_effects()


def _kind(kind: str, medium: str, group: str, doc: str, origin: str = "") -> KindView:
    # A function of a notebook may take for ever: no thread of ours tries it.
    is_safe = bool(origin) or not is_provided(kind)
    return KindView(
        kind=kind,
        medium=medium,
        group=group,
        doc=doc,
        label=label_of(kind),
        group_label=label_of(group),
        words=search_words(kind, doc),
        has_sample=medium in _WITH_SAMPLE and is_safe,
    )
