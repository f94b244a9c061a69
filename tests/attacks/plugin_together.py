"""What plugins do together, with files, and while they are stopped or removed."""

import _thread
import os
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from attacks.plugin_code import _large_function
from attacks.plugin_scene import (
    COPY,
    FRAME,
    LOOKS,
    Attack,
    Scene,
    called,
    plugin_of,
    prepared,
    short,
)
from plugins_factory import ASK, ASKING, BODY, ECHO, HOST, effects_plugin, wasm_of

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.host_services import Services
from timeline_nb.wasm_plugins.plugin_store import PluginStore
from timeline_nb.wasm_plugins.plugins import Plugins

LIMIT_S = 0.5
LOOP = called("(loop $l (br $l))")


def calling(other: str, command: str = "run", *, again: bool = False) -> str:
    """A plugin that calls another one, once or for ever."""
    request = f'{{"call":"plugin","id":"{other}","command":"{command}"}}'
    data = "".join(f"\\{byte:02x}" for byte in request.encode())
    ask = f"(call $host (i32.const 1024) (i32.const {len(request)}))"
    body = f"(loop $l (drop {ask}) (br $l))" if again else f"(drop {ask})"
    return HOST + BODY + f'(data (i32.const 1024) "{data}")' + called(body)


def _chain(scene: Scene, last: str, *, again: bool = False) -> Plugins:
    """Three plugins, each of which calls the next one; the first is `org.a`."""
    plugins = scene.plugins()
    names = ("org.a", "org.b", "org.c")
    for name, after in pairwise(names):
        wasm = wasm_of(calling(after, again=again))
        path = scene.written(wasm, id=name, requires={after: "1.0.0"})
        plugins.install(path)
    plugins.install(scene.written(wasm_of(BODY + last), id="org.c"))
    for name in names:
        one = plugins.plugin(name)
        one.limits = short(LIMIT_S if name == "org.a" else 20, "full")
        one._host._limits = one.limits
        one.start()
    return plugins


def _nested(last: str, *, again: bool = False) -> Callable[[Scene], object]:
    def run(scene: Scene) -> object:
        plugins = _chain(scene, last, again=again)
        began = time.monotonic()
        try:
            return plugins.call("org.a", "run")
        finally:
            scene.began = began
            plugins.close()

    return run


def _circle(scene: Scene) -> object:
    plugins = scene.plugins()
    for name, after in (("org.a", "org.b"), ("org.b", "org.a")):
        wasm = wasm_of(calling(after))
        plugins.install(scene.written(wasm, id=name, requires={after: "1.0.0"}))
    return plugins.call("org.a", "run")


def _meanwhile(act: Callable[[Plugins], object]) -> Callable[[Scene], object]:
    """Do something to plugins of which one runs for ever."""

    def run(scene: Scene) -> object:
        plugins = scene.plugins()
        plugins.install(scene.written(wasm_of(BODY + LOOP), id="org.a"))
        plugins.plugin("org.a").start()
        errors: list[str] = []
        begun = threading.Event()

        def call() -> None:
            try:
                plugins.call("org.a", "run", check=begun.set)
            except PluginError as error:
                errors.append(str(error))

        thread = threading.Thread(target=call)
        thread.start()
        begun.wait(200)
        scene.began = time.monotonic()
        act(plugins)
        thread.join(200)
        scene.ended = time.monotonic()
        raise PluginError(errors[0] if errors else "it runs still")

    return run


def _remove(plugins: Plugins) -> None:
    plugins.remove("org.a")
    left = [one.name for one in plugins.folder.glob("*.wasm")]
    assert not left, left


def _interrupted_compile(scene: Scene) -> object:
    wasm = _large_function(1.9)
    timer = threading.Timer(0.2, _thread.interrupt_main)
    try:
        timer.start()
        scene.compile(wasm)
    except KeyboardInterrupt:
        return "interrupted"
    finally:
        timer.cancel()
    return "it was compiled before"


def _fork_in_a_compile(scene: Scene) -> object:
    if not hasattr(os, "fork"):
        return "no forks here"
    compiling = threading.Thread(target=scene.compile, args=(_large_function(1.5),))
    compiling.start()
    time.sleep(0.1)
    scene.began = time.monotonic()
    with warnings.catch_warnings():
        # Of Python 3.12: a fork while threads run.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        code = 1
        try:
            plugin = plugin_of(BODY + ECHO)
            code = 0 if plugin.call("run", {"n": 1})["args"] == {"n": 1} else 2
        finally:
            os._exit(code)
    until = time.monotonic() + 120
    ended, status = 0, 0
    while not ended and time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.01)
    scene.ended = time.monotonic()
    if not ended:
        os.kill(child, 9)
        os.waitpid(child, 0)
        raise PluginError("the forked process hangs")
    compiling.join(120)
    if status:
        raise PluginError(f"the forked process ended with {status}")
    return "the forked process called a plugin"


def _events(_: Scene) -> object:
    plugin = plugin_of(BODY + ECHO, events=["timeline_changed"])
    sent = 0
    until = time.monotonic() + 0.5
    count = 0
    while time.monotonic() < until and count < 10_000:
        count += 1
        sent += plugin.post("timeline_changed", {"n": count})
    plugin.stop()
    if plugin.dropped_events != count - sent or sent > 100:
        raise PluginError(f"{sent} of {count} events were sent")
    return f"{sent} of {count} events were sent"


def _in_parallel(_: Scene) -> object:  # noqa: C901 - one thread's work
    """Call, compute, stop and start one plugin in ten threads at once."""
    plugin = plugin_of(BODY + ECHO + FRAME + COPY + "i32.const 0)", effects=LOOKS)
    picture = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)
    wrong: list[object] = []
    until = time.monotonic() + 0.6

    def work(number: int) -> None:
        while time.monotonic() < until:
            try:
                if number == 0:
                    plugin.stop()
                    plugin.start()
                    time.sleep(0.02)
                elif number < 4:
                    answer = plugin.call("run", {"n": number})
                    if answer["args"] != {"n": number}:
                        wrong.append(answer)
                elif not np.array_equal(plugin.frame("look", [picture]), picture):
                    wrong.append("another picture")
            except PluginError as error:
                known = ("is stopp", "is initial", "interrupted", "calls wait")
                if not any(word in str(error) for word in known):
                    wrong.append(str(error))
            except BaseException as error:
                wrong.append(repr(error))
                raise

    threads = [threading.Thread(target=work, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    plugin.stop()
    if wrong:
        raise PluginError(f"wrong answers: {wrong[:3]}")
    return "no wrong answers"


def _escape(path: str) -> Attack:
    def run(scene: Scene) -> object:
        inside = scene.folder / "in"
        inside.mkdir(exist_ok=True)
        (scene.folder / "secret.txt").write_text("secret")
        for name, place in (("link", "../secret.txt"), ("up", ".."), ("loop", "loop")):
            if not (inside / name).is_symlink():
                (inside / name).symlink_to(place)
        granted = (f"read:{inside}", f"write:{inside}")
        with prepared(plugin_of(ASKING, None, *granted, commands=[ASK])) as plugin:
            place = path.replace("IN", str(inside))
            return plugin.call("ask", {"request": {"call": "open", "path": place}})

    return Attack(f"opens {path!r}", "refused", run, "")


PATHS = (
    "IN/../secret.txt",
    "IN/link",
    "IN/up/secret.txt",
    "IN/loop",
    "/etc/passwd",
    "/proc/self/environ",
    "/dev/zero",
    "IN/./../in/../secret.txt",
    "INside/secret.txt",
    "file:///etc/passwd",
    "IN/a\0b",
    "secret.txt",
)


def _store_bomb(scene: Scene) -> object:
    plugin = plugin_of(ASKING, None, commands=[ASK])
    plugin._host._services = replace(
        Services(), store=lambda name: PluginStore(scene.folder / "stores", name)
    )
    with prepared(plugin):
        text = "x" * 200_000
        for key in "ab":
            request = {"call": "store_put", "key": key, "text": text}
            plugin.call("ask", {"request": request})
    return "both are kept"


def _render(kind: str, *, is_preview: bool) -> Callable[[Scene], object]:
    """Show, or render, an edit with an effect that crashes or never ends."""

    def run(scene: Scene) -> object:
        import timeline_nb as tl
        from timeline_nb.commands import titles

        scene.plugins()
        folder = scene.folder / f"studio{scene._plugins}"
        settings = tl.Settings(cache_dir=folder / "cache", data_dir=folder / "data")
        with tl.open_studio(settings) as studio:
            studio.plugins.install(effects_plugin(folder / "download"))
            plugin = studio.plugins.plugin("org.example.test")
            plugin.limits = short(LIMIT_S)
            cut = tl.Edit("gray", rate=25, size=(64, 48), studio=studio)
            cut.perform(
                titles.AddGenerator(
                    kind="solid",
                    start=Fraction(0),
                    end=Fraction(1),
                    parameters={"color": "#646464"},
                )
            )
            before = cut.frame(0)
            cut.effects.add(cut.clips[0].id, f"org.example.test/{kind}")
            if not is_preview:
                return str(cut.render(folder / "film.mp4").wait())
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                shown = cut.frame(0)
            if not np.array_equal(shown, before):
                raise PluginError("the frame is not the one without the effect")
            return "the frame without the effect"

    return run


TOGETHER = [
    Attack("a plugin in a plugin that never ends", f"{LIMIT_S} s of the first",
           _nested(LOOP), "longer than", LIMIT_S),
    Attack("plugins that call each other for ever", f"{LIMIT_S} s of the first",
           _nested(ECHO, again=True), "longer than", LIMIT_S),
    Attack("plugins that require each other", "refused", _circle, "in a circle"),
    Attack("stopped while it runs", "at once", _meanwhile(
        lambda plugins: plugins.plugin("org.a").stop()), "interrupted"),
    Attack("removed while it runs", "at once", _meanwhile(_remove), "interrupted"),
    Attack("an interrupt while it is compiled", "at once", _interrupted_compile, None),
    Attack("a fork while it is compiled", "20 s", _fork_in_a_compile, None),
    Attack("10,000 events", "10 a second, others are dropped", _events, None),
    Attack("ten threads, stops and starts", "no wrong answer", _in_parallel, None,
           most_bytes=256 << 20),
    *map(_escape, PATHS),
    Attack("keeps 400 KB", "256 KiB", _store_bomb, "256 KiB together"),
]  # fmt: skip
RENDERS = [
    Attack(f"an effect that {does} in a {where}", limit,
           _render(kind, is_preview=where == "frame"), message,
           most_bytes=512 << 20)
    for kind, does in (("crash", "crashes"), ("hang", "never ends"))
    for where, limit, message in (
        ("frame", "the frame without it", None),
        ("render", "an error with its name", "org.example.test"),
    )
]  # fmt: skip
