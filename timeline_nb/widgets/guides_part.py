"""Send the guides over the picture, and keep them with the project."""

from timeline_nb.commands.session import EditSession
from timeline_nb.project.editor_state import Guides, editor_state_of, with_field
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.guide_requests import GuidesView, SetGuidesRequest
from timeline_nb.widgets.request import Request

__all__ = ["GuidesPart"]


class GuidesPart(Part):
    """Sends the guides that the edit's project keeps, and changes them.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
    """

    def __init__(self, post: SendAnswer, session: EditSession) -> None:
        super().__init__(post)
        self._session = session

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handler of guides."""
        return {SetGuidesRequest: self._set}

    def start(self) -> None:
        """Follow what the project keeps."""
        self._session.kept.connect(self._follow)

    def stop(self) -> None:
        """Follow it no longer."""
        self._session.kept.disconnect(self._follow)

    def on_view_opened(self, view: str) -> None:
        """Send a new view the guides."""
        self._turns.run(("guides", view), lambda: self._send(view))

    def _follow(self) -> None:
        self._turns.run(("guides", ""), lambda: self._send(""))

    def _send(self, view: str) -> None:
        guides = editor_state_of(self._session.editor_state).guides
        self._post(GuidesView(view=view, x=list(guides.x), y=list(guides.y)))

    def _set(self, request: SetGuidesRequest) -> None:
        guides = Guides(x=tuple(request.x), y=tuple(request.y))
        self._session.keep(lambda state: with_field(state, "guides", guides))
