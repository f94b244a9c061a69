"""One plugin's panel: what was shown of it, and the command that a button started."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.access.use import use_scope
from timeline_nb.core.jobs import Job, JobStatus, Reporter
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import JobCancelledError, PluginError, TimelineNbError
from timeline_nb.i18n import Message, message_of
from timeline_nb.studio import Studio
from timeline_nb.wasm_plugins.denials import printable
from timeline_nb.widgets.plugin_answers import PanelItemView, PanelView
from timeline_nb.widgets.refusal import said

if TYPE_CHECKING:
    from timeline_nb.wasm_plugins.manifest import PluginManifest
    from timeline_nb.wasm_plugins.panels import Panel, PanelItem

__all__ = ["PluginPanel", "refusals_of"]

_log = logging.getLogger(__name__)
# A person may press a button of what was shown some moments ago.
_MOST_VERSIONS: Final = 8
# A plugin that asks to be asked again is asked five times a second at most.
_REST_S: Final = 0.2
_MOST_REFUSALS: Final = 5
_MOST_LETTERS: Final = 500


def refusals_of(studio: Studio, plugin: str) -> list[str]:
    """Return what a plugin was refused last, as lines of text."""
    shown: list[str] = []
    for one in studio.plugins.denials(plugin)[-_MOST_REFUSALS:]:
        line = Message("{what}: {why}", what=one.what, why=one.reason)
        if one.times > 1:
            line = Message("{line} ({count} times)", line=line, count=one.times)
        shown.append(line)
    return shown


class PluginPanel:
    """Asks a plugin for its panel on a thread, and runs the commands of its buttons.

    Args:
        studio: Whose plugin it is.
        manifest: The plugin's.
        changed: Called when there is something new to show.
    """

    def __init__(
        self,
        studio: Studio,
        manifest: "PluginManifest",
        changed: Callable[[], object],
    ) -> None:
        self.manifest = manifest
        self._studio, self._changed = studio, changed
        self._lock = new_lock("the panel of a plugin")
        self._version = 0
        self._shown: dict[int, Panel] = {}
        self._problem = ""
        self._job: Job[Any] | None = None
        self._running = ""
        self._is_loading = False
        self._ended = threading.Event()
        self._work: LatestQueue[str, bool] = LatestQueue(
            "timeline_nb panel", lambda _, restarts: self._load(restarts=restarts)
        )

    def refresh(self, *, restarts: bool = False) -> None:
        """Ask the plugin for its panel soon.

        Args:
            restarts: Whether a plugin that has failed is started again.
        """
        if not self._ended.is_set():
            self._work.put("restart" if restarts else "panel", [restarts])

    def on_request(self) -> None:
        """Refresh the panel as the plugin asks for it; not while it is being asked."""
        with self._lock:
            is_loading = self._is_loading
        if not is_loading:
            self.refresh()

    def end(self) -> None:
        """Ask no more; a command that a button has started goes on."""
        self._ended.set()
        self._work.clear()

    def view(self) -> PanelView:
        """Return what is shown of it."""
        with self._lock:
            version, problem, running = self._version, self._problem, self._running
            panel = self._shown.get(version)
        name = self.manifest.id
        return PanelView(
            plugin=name,
            name=self.manifest.name or name,
            title=panel.title if panel else "",
            version=version,
            items=[_item_view(one) for one in panel.items] if panel else [],
            left_out=panel.left_out if panel else 0,
            running=running,
            problem=said(problem),
            refused=list(map(said, refusals_of(self._studio, name))),
        )

    def press(
        self, version: int, number: int, values: Mapping[str, str | float | bool]
    ) -> None:
        """Run the command of a button.

        Args:
            version: Of the panel that the person saw.
            number: The button's, among its items.
            values: Of the fields, by name.

        Raises:
            PluginError: There is no such button any more, or a command runs.
        """
        from timeline_nb.wasm_plugins.panels import PanelButton, arguments_of

        with self._lock:
            panel = self._shown.get(version)
        items = panel.items if panel else []
        button = items[number] if number < len(items) else None
        if panel is None or not isinstance(button, PanelButton):
            raise PluginError(
                Message(
                    "the panel of {id} has changed: look at it again",
                    id=self.manifest.id,
                )
            )
        name = button.command
        command = next(one for one in self.manifest.commands if one.name == name)
        self._start(name, arguments_of(panel, button, command, values))

    def _start(self, name: str, args: dict[str, Any]) -> None:
        owner = self._studio

        def work(reporter: Reporter) -> object:
            with use_scope(owner.scope):
                return owner.plugins.call(
                    self.manifest.id, name, args, check=reporter.check
                )

        job: Job[Any] = Job(f"{name} of {self.manifest.id}", work)
        with self._lock:
            if self._job is not None and not self._job.done:
                raise PluginError(
                    Message(
                        "{name} runs: wait for it, or cancel it", name=self._job.name
                    )
                )
            self._job, self._running, self._problem = job, name, ""
        job.finished.connect(lambda status: self._end_command(job, status))
        self._changed()
        # A person waits for it, whatever else is rendered.
        owner.run(job, waits=True)

    def cancel(self) -> None:
        """Cancel the command that a button has started."""
        with self._lock:
            job = self._job
        if job is not None:
            job.cancel()

    def _end_command(self, job: Job[Any], status: JobStatus) -> None:
        problem = "" if status is JobStatus.COMPLETED else _reason(job)
        with self._lock:
            self._running, self._problem = "", problem
        self._changed()
        self.refresh()

    def _load(self, *, restarts: bool) -> None:
        from timeline_nb.wasm_plugins.panels import read_panel

        name, problem, panel = self.manifest.id, "", None
        with self._lock:
            self._is_loading = True
        try:
            plugin = self._studio.plugins.plugin(name)
            if restarts and plugin.state == "error":
                plugin.start()
            answer = plugin.call(self.manifest.panel, {}, check=self._check)
            panel = read_panel(self.manifest, answer)
        except JobCancelledError:
            return
        except TimelineNbError as error:
            problem = printable(message_of(error), _MOST_LETTERS)
        finally:
            with self._lock:
                self._is_loading = False
        self._keep(panel, problem, is_asked=restarts)
        self._changed()
        self._ended.wait(_REST_S)

    def _keep(self, panel: "Panel | None", problem: str, *, is_asked: bool) -> None:
        with self._lock:
            if panel is not None and panel != self._shown.get(self._version):
                self._version += 1
                self._shown[self._version] = panel
                self._shown.pop(self._version - _MOST_VERSIONS, None)
            # What a button's command said stays until the next one, or a refresh.
            if problem or is_asked:
                self._problem = problem

    def _check(self) -> None:
        if self._ended.is_set():
            raise JobCancelledError(Message("nobody sees the panel any more"))


def _reason(job: Job[Any]) -> str:
    try:
        job.wait(0)
    except JobCancelledError:
        return ""
    except TimelineNbError as error:
        return printable(message_of(error), _MOST_LETTERS)
    except Exception:  # noqa: BLE001 - the panel says that it failed, the log why
        _log.exception("%s failed", job.name)
        return Message("{job} failed: the log says why", job=job.name)
    return ""


def _item_view(item: "PanelItem") -> PanelItemView:
    from timeline_nb.wasm_plugins import panels as kinds

    match item:
        case kinds.PanelText(text=text):
            return PanelItemView(kind="text", text=text)
        case kinds.PanelValue(label=label, value=value):
            return PanelItemView(kind="value", label=label, text=str(value))
        case kinds.PanelProgress(label=label, fraction=fraction):
            return PanelItemView(kind="progress", label=label, fraction=fraction)
        case kinds.PanelTable(columns=columns, rows=rows):
            texts = [[str(cell) for cell in row] for row in rows]
            return PanelItemView(kind="table", columns=columns, rows=texts)
        case kinds.PanelButton(label=label):
            return PanelItemView(kind="button", label=label)
        case kinds.PanelField():
            return PanelItemView(
                kind="field",
                label=item.label,
                name=item.name,
                type=item.type,
                value=item.value,
                choices=item.choices,
                low=item.low,
                high=item.high,
            )
