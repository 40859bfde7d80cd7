"""The app's entry, here and on a Hugging Face Space: `python app.py`.

Importing this module costs nothing: Gradio, the index and every model are loaded when
`launch` runs, the page first and the library behind it.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from cml_mm.errors import CmlError, SchemaMismatch, ServeError, StoreCorrupt, StoreMissing
from cml_mm.ports import Desk
from cml_mm.settings import Settings

if TYPE_CHECKING:
    import gradio as gr

    from cml_mm.ui import Opening
    from cml_mm.web import Behind
    from cml_mm.web.handouts import Handout

LONGEST_GOODBYE_SECONDS = 5.0
Opener = Callable[[Callable[[str], None]], AbstractContextManager[Desk]]


def build(asker: Desk | Opening) -> gr.Blocks:
    """The page over an engine, or over one that is being opened."""
    from cml_mm.ui import build as build_page

    return build_page(asker)


def launch(settings: Settings | None = None, opener: Opener | None = None) -> None:
    """Serves the page, opens the library behind it, and stays until told to stop.

    Args:
        settings: places and limits; read from the environment if not given.
        opener: opens the engine, telling its progress in words.

    Raises:
        ServeError: the address cannot be used.
        CmlError: the library cannot be opened.
    """
    from cml_mm.profiles import limits_of

    settings = settings or Settings.load()
    settings = replace(settings, limits=limits_of(settings))  # a wrong profile is the first thing to say
    host = _host(settings)
    _check_address(host, settings.port)
    _calm_gradio()
    from cml_mm.ui import Opening

    own = opener is None and settings.choose_profile
    opening = Opening(opener or _engine_opener(settings), _chooser(settings) if own else None)
    page = build(opening)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    _serve(page, opening, settings, host)
    opening.start()
    print(f"CML is at {page.local_url}", flush=True)
    try:
        while not stop.wait(0.2):
            if opening.error:
                raise opening.error
    finally:
        page.close(verbose=False)
        opening.close()


def _chooser(settings: Settings) -> Callable[[str], Opener]:
    """Gives the opener of an engine with another profile."""

    def choosing(name: str) -> Opener:
        from cml_mm.profiles import chosen

        return _engine_opener(chosen(settings, name), settings)

    return choosing


def _engine_opener(settings: Settings, started: Settings | None = None) -> Opener:
    """Opens the index, building it first where there is none that can be used, and keeps it up behind the open page.

    Args:
        settings: places, limits, and the profile.
        started: those that the app was started with, where another profile is chosen: then nothing is built, since
            others are asking the index that is there.
    """

    def telling(tell: Callable[[str], None]) -> Callable[[str, int, int], None]:
        def progress(what: str, done: int, of: int) -> None:
            share = f": {100 * done // of} %" if of else ""
            tell(f"Reading deeper{share}" if what == "sections" else f"Building the index{share}")

        return progress

    @contextmanager
    def opened(tell: Callable[[str], None]) -> Iterator[Desk]:
        from cml_mm.engine import Engine
        from cml_mm.engine.keeping import keep_up

        try:
            engine = Engine.open(settings, started)
        except (StoreMissing, StoreCorrupt, SchemaMismatch):  # derived from the library's files: made again
            if started is not None:
                raise
            tell("Building the index")
            Engine.build(settings, telling(tell), deep=False)
            engine = Engine.open(settings)
        closing = threading.Event()
        keeper = threading.Thread(target=keep_up, args=(engine, telling(tell), tell, closing), daemon=True)
        with engine:
            threading.Thread(target=engine.warm, daemon=True).start()
            keeper.start()
            try:
                yield engine
            finally:
                closing.set()
                keeper.join(LONGEST_GOODBYE_SECONDS)  # a build can be cut off at any moment without harm

    return opened


def _serve(page: gr.Blocks, opening: Opening, settings: Settings, host: str) -> None:
    from cml_mm.ui import launch_options
    from cml_mm.web import app_kwargs

    port = settings.port
    ours = app_kwargs(_behind(opening, settings), _on_space(), os.environ.get("SPACE_HOST", ""))
    look = launch_options()
    try:
        page.launch(
            server_name=host,
            server_port=port,
            app_kwargs=ours,
            prevent_thread_lock=True,
            share=False,
            show_error=False,
            quiet=True,
            enable_monitoring=False,
            run_history=False,
            ssr_mode=False,
            pwa=False,
            max_file_size="1mb",
            state_session_capacity=1000,
            **look,
        )
    except OSError as error:
        raise _in_use(host, port) from error


def _behind(opening: Opening, settings: Settings) -> Behind:
    """What our own routes reach for: nothing of it while the library is being opened."""
    from cml_mm import __version__
    from cml_mm.web import Behind

    def hand_out(visitor: str, talk: str, turn: int) -> Handout | None:
        from cml_mm.ui.handout import render

        return render(opening.asker(), visitor, talk, turn) if opening.ready else None

    return Behind(
        lambda: opening.ready,
        lambda: opening.asker().files if opening.ready else None,
        hand_out,
        __version__,
        settings.limits,
        settings.keep_files_seconds,
        settings.keep_talks_seconds,
    )


def _host(settings: Settings) -> str:
    """A Space is reached from outside its container; anywhere else the app stays on this machine."""
    return "0.0.0.0" if _on_space() and not os.environ.get("CML_HOST") else settings.host


def _on_space() -> bool:
    return bool(os.environ.get("SPACE_ID"))


def _check_address(host: str, port: int) -> None:
    """Tells at once what Gradio would tell after seconds of loading."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise ServeError(
                f"Port {port} may not be used by this account.",
                "Choose a port above 1023: CML_PORT=7861 python app.py",
            ) from error
        except socket.gaierror as error:
            raise ServeError(f"The address {host} is not known here.", "Set CML_HOST to 127.0.0.1.") from error
        except OSError as error:
            raise _in_use(host, port) from error


def _in_use(host: str, port: int) -> ServeError:
    free = port + 1 if port < 65535 else 7860
    return ServeError(
        f"Another program is using {host}:{port}, perhaps CML itself.",
        f"Stop it, or choose another port: CML_PORT={free} python app.py",
    )


def _calm_gradio() -> None:
    """No telemetry, and no proxy between the app and itself."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    for name in ("NO_PROXY", "no_proxy"):
        known = [part for part in os.environ.get(name, "").split(",") if part]
        os.environ[name] = ",".join(dict.fromkeys([*known, "127.0.0.1", "localhost", "0.0.0.0"]))


def main() -> int:
    """Returns: 0, or 1 after a sentence that says what happened and what to do."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.WARNING)  # libraries that lower their own logger's level stay quiet too
    try:
        launch()
    except CmlError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
