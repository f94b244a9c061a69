"""A plugin at work: its states, its commands, effects and events."""

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.locks import new_condition
from timeline_nb.core.near_names import suggestion
from timeline_nb.core.telemetry.spans import spanned
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import PluginError
from timeline_nb.i18n import message_of
from timeline_nb.wasm_plugins.arguments import parameter_values, picture_size
from timeline_nb.wasm_plugins.calls import CallTurns, run_interruptibly
from timeline_nb.wasm_plugins.denials import Denials
from timeline_nb.wasm_plugins.exchange import Exchange, command_exchange
from timeline_nb.wasm_plugins.host import HostCalls
from timeline_nb.wasm_plugins.host_services import PluginCall, Services
from timeline_nb.wasm_plugins.levels import LEVELS, Limits, level_of
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.measuring import MeasuringSandbox
from timeline_nb.wasm_plugins.messages import check_answer, encoded
from timeline_nb.wasm_plugins.permissions import Permission
from timeline_nb.wasm_plugins.plugin_errors import not_called, not_in_use
from timeline_nb.wasm_plugins.rates import RateLimit
from timeline_nb.wasm_plugins.sandbox import Sandbox

__all__ = ["Plugin", "PluginState"]

T = TypeVar("T")
S = TypeVar("S", bound=Sandbox)
PluginState: TypeAlias = Literal[
    "loaded", "initializing", "active", "suspended", "stopping", "stopped", "error"
]
_log = logging.getLogger(__name__)
# A render that asks for 1,000 pictures does not wait for 1,000 time limits.
_MOST_FAILURES: Final = 3
_POLL_S: Final = 0.1


class Plugin:
    """A plugin that was installed. Its methods may be called in any thread.

    It starts with the first call. What fails in it is raised by the call, and the next
    call begins with a new instance; after three failures in a row it is in the state
    `error`, until it is started again. An effect begins anew with each picture, and its
    failures do not count: who composes pictures decides how often it is tried.

    Args:
        manifest: What it states.
        code: Returns its compiled code.
        granted: What a person granted it.
        services: What the host has for it.
        denials: Notes what it is refused.
        limits: What it may take; those of its level if not given.
    """

    def __init__(  # noqa: PLR0913 - what it is, may and has
        self,
        manifest: PluginManifest,
        code: Callable[[], bytes],
        granted: Sequence[Permission] = (),
        *,
        services: Services | None = None,
        denials: Denials | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.manifest = manifest
        self.granted = tuple(granted)
        self.level = level_of(self.granted)
        self.limits = limits or LEVELS[self.level]
        self._code_of, self._code = code, b""
        has = services or Services(), denials or Denials()
        self._host = HostCalls(manifest, self.granted, self.limits, *has)
        self._changed = new_condition("a plugin's state")
        self._state: PluginState = "loaded"
        self._reason, self._failures = "", 0
        self._turns = CallTurns(self.limits.operations)
        self._commands: Sandbox | None = None
        self._running: list[Sandbox] = []
        self._idle: list[Sandbox] = []
        self._events: deque[tuple[str, dict[str, Any]]] = deque()
        self._event_rate = RateLimit(self.limits.calls_per_s)
        self._dropped = 0
        self._thread = WorkerThreads(1, "timeline_nb_plugin_events")

    def __repr__(self) -> str:
        return f"<Plugin {self.manifest.id} {self.manifest.version}: {self.state}>"

    @property
    def state(self) -> PluginState:
        """What it does now."""
        with self._changed:
            return self._state

    @property
    def reason(self) -> str:
        """Why it is in the state `error`; empty in other states."""
        with self._changed:
            return self._reason

    @property
    def dropped_events(self) -> int:
        """How many events it was not sent, as there were too many."""
        with self._changed:
            return self._dropped

    def start(self) -> None:
        """Compile it, if need be, and make it active.

        Raises:
            PluginError: It cannot be started; the state is then `error`.
        """
        with self._changed:
            while self._state == "initializing":
                # In short waits, so that an interrupt is seen.
                self._changed.wait(_POLL_S)
            if self._state == "active":
                return
            self._state, self._reason, self._failures = "initializing", "", 0
        try:
            code = self._code_of()
            commands = Sandbox(code, self._name, self.limits, self._host)
        except BaseException as error:
            self._end_start("error", message_of(error))
            raise
        self._code, self._commands = code, commands
        self._end_start("active")

    def _end_start(self, state: PluginState, reason: str = "") -> None:
        with self._changed:
            # It may have been stopped meanwhile.
            if self._state == "initializing":
                self._state, self._reason = state, reason
            self._changed.notify_all()

    def suspend(self) -> None:
        """Refuse calls until `resume`; those that run go on."""
        self._move("active", "suspended")

    def resume(self) -> None:
        """Take calls again after `suspend`."""
        self._move("suspended", "active")

    def stop(self) -> None:
        """End what runs in it, and forget its memory."""
        with self._changed:
            self._state = "stopping"
            running = list(self._running)
            self._events.clear()
        for sandbox in running:
            sandbox.interrupt()
        with self._changed:
            self._commands, self._code = None, b""
            self._idle.clear()
            self._state = "stopped"

    @spanned("plugin.call")
    def call(
        self,
        command: str,
        args: Mapping[str, Any] | None = None,
        *,
        check: Callable[[], object] | None = None,
    ) -> dict[str, Any]:
        """Run a command and return its result.

        Args:
            command: One of the manifest's.
            args: As the command's schema has them. Paths of files (`"format": "file"`)
                are opened here, and reach the plugin as handles.
            check: Called several times a second meanwhile; what it raises ends the
                command.

        Raises:
            PluginError: There is no such command, its arguments do not fit, or it
                failed or was stopped.
        """
        own = command_exchange(self.manifest, command, args or {})
        result, _ = self.exchange(replace(own, check=check, check_turn=check))
        check_answer(self._name, command, result.get("error"))
        return result

    def call_from(self, call: PluginCall) -> tuple[dict[str, Any], float]:
        """Run a command for another plugin, within the time that it has left.

        Returns:
            The result, and the seconds in which it waited for others.
        """
        own = command_exchange(self.manifest, call.command, call.args)
        timed = replace(own, check=call.check, check_turn=call.check_turn)
        result, waited_s = self.exchange(replace(timed, left_s=lambda: call.left_s))
        check_answer(self._name, call.command, result.get("error"))
        return result, waited_s

    def exchange(self, one: Exchange[T]) -> tuple[T, float]:
        """Send a message, and return what is read of the answer.

        Returns:
            That, and the seconds in which the plugin waited for others.

        Raises:
            PluginError: It failed or was stopped.
        """
        self._check_active()
        turn = self._turns.turn(self._name, one.check_turn)
        with turn, self._host.begin() as files:
            given = one.message(files)

            def work(sandbox: Sandbox) -> T:
                most = one.most_bytes
                return one.read(sandbox.call(given, one.left_s(), most_bytes=most))

            result = self.run(self._command_sandbox(), work, one.check)
            return result, self._host.waited_s

    def measuring(self) -> MeasuringSandbox:
        """Return a sandbox for one analysis; it has no host calls.

        Raises:
            PluginError: The plugin cannot be started, or is not active.
        """
        self._check_active()
        return MeasuringSandbox(self._code, self._name, self.limits)

    def frame(
        self,
        effect: str,
        pictures: Sequence[NDArray[np.uint8]],
        parameters: Mapping[str, float | str] | None = None,
        *,
        size: tuple[int, int] | None = None,
    ) -> NDArray[np.uint8]:
        """Return the picture that an effect computes from others.

        The result depends on the arguments and the module alone.

        Args:
            effect: One of the manifest's.
            pictures: `(H, W, 3) uint8 RGB`, as many as the effect takes, all of one
                size; `(H, W, 4)` with opacity of an effect on `rgba`.
            parameters: Numbers, or the names of choices; defaults where left out. The
                host's own (`offers.GIVEN`) too, of any value.
            size: Width and height, for an effect that takes no pictures.

        Returns:
            `(H, W, 3) uint8 RGB`, or `(H, W, 4)`.

        Raises:
            PluginError: There is no such effect, the arguments do not fit, or it
                failed or was stopped.
        """
        names = [one.name for one in self.manifest.effects]
        if effect not in names:
            hint = suggestion(effect, names)
            raise PluginError(f"the plugin {self._name} has no effect {effect!r}{hint}")
        number = names.index(effect)
        entry = self.manifest.effects[number]
        values = parameter_values(entry, parameters or {})
        shape = picture_size(entry, pictures, size)
        self._check_active()
        sandbox = self._taken()
        try:
            return self.run(
                sandbox,
                lambda one: one.frame(number, pictures, shape, values, entry.channels),
                counts=False,
            )
        finally:
            with self._changed:
                if self._state == "active" and not sandbox.is_lost:
                    self._idle.append(sandbox)

    def post(self, event: str, data: Mapping[str, Any] | None = None) -> bool:
        """Send an event, without waiting; too many are dropped.

        Args:
            event: Its name; one that the manifest does not ask for is not sent.
            data: What it says.

        Returns:
            Whether it will be sent.
        """
        if event not in self.manifest.wants:
            return False
        if self.state not in {"loaded", "initializing", "active"}:
            return False
        is_full = len(self._events) >= self.limits.operations
        if is_full or not self._event_rate.take():
            with self._changed:
                self._dropped += 1
            return False
        self._events.append((event, dict(data or {})))
        self._thread.submit(self._send_events)
        return True

    def _send_events(self) -> None:
        try:
            event, data = self._events.popleft()
        except IndexError:
            return  # it was stopped

        try:
            self._check_active()
            message = encoded(self._name, event=event, data=data)
            with self._turns.turn(self._name), self._host.begin():
                self.run(self._command_sandbox(), lambda one: one.call(message))
        except PluginError as error:
            _log.warning("the event %s: %s", event, error)

    @property
    def _name(self) -> str:
        return self.manifest.id

    def run(
        self,
        sandbox: S,
        work: Callable[[S], T],
        check: Callable[[], object] | None = None,
        *,
        counts: bool = True,
    ) -> T:
        """Run work in a sandbox of this plugin.

        Three failures in a row that count are its end, until it is started again.

        Raises:
            PluginError: It failed or was stopped.
        """
        with self._changed:
            if self._state in {"stopping", "stopped"}:
                raise not_in_use(self._name, self._state)
            sandbox.allow_calls()
            self._running.append(sandbox)
        try:
            result = run_interruptibly(sandbox, lambda: work(sandbox), check)
        except PluginError as error:
            if counts:
                self._failed(error)
            raise
        finally:
            with self._changed:
                self._running.remove(sandbox)
        if counts:
            with self._changed:
                self._failures = 0
        return result

    def _failed(self, error: PluginError) -> None:
        with self._changed:
            self._failures += 1
            if self._state == "active" and self._failures >= _MOST_FAILURES:
                self._state, self._reason = "error", message_of(error)

    def _check_active(self) -> None:
        """Start it if it was not started yet, and refuse what it cannot do now.

        Raises:
            PluginError: It is not active.
        """
        if self.state in {"loaded", "initializing"}:
            self.start()
        state = self.state
        if state == "error":
            raise not_called(self._name, self.reason)
        if state != "active":
            raise not_in_use(self._name, state)

    def _command_sandbox(self) -> Sandbox:
        with self._changed:
            one = self._commands
            if one is None or one.is_lost:
                one = self._commands = self._made(self._host)
            return one

    def _taken(self) -> Sandbox:
        """Return a sandbox for pictures; each thread at work has its own."""
        with self._changed:
            return self._idle.pop() if self._idle else self._made(None)

    def _made(self, host: HostCalls | None) -> Sandbox:
        if not self._code:
            raise not_in_use(self._name, self._state)
        return Sandbox(self._code, self._name, self.limits, host)

    def _move(self, before: PluginState, after: PluginState) -> None:
        with self._changed:
            if self._state != before:
                raise PluginError(
                    f"the plugin {self._name} is {self._state}, not {before}"
                )
            self._state = after
