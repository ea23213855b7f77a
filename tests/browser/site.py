"""A whole site for the browser: served on a port of its own, with the real language model and some eighty firms."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Thread

import uvicorn
from pydantic import SecretStr

from backend.accounts import service as accounts
from backend.accounts.forms import NewUser
from backend.accounts.models import Role
from backend.app import create_app
from backend.core import clock
from backend.core.db import Database
from backend.core.migrations import upgrade
from backend.core.settings import DEFAULT_MODEL, Environment, Settings
from backend.firms import service as firms
from backend.worker import Worker, beside
from bench.mail_server import MailServer
from seed.loader import coming_monday, demo_firms, load
from tests import factories

FIRMS = 81
SECONDS_TO_START = 180


@dataclass(frozen=True)
class Site:
    """Where the site answers, the cookie of a coordinator who is signed in, and the server that gets its mails."""

    url: str
    coordinator: tuple[str, str]
    post: MailServer


@contextmanager
def serve(folder: Path, *, demo: bool = False) -> Iterator[Site]:
    """The site with its worker, for as long as the block lasts; as a demo with all its people and cases."""
    with MailServer() as post:
        port = _free_port()
        settings = Settings(
            environment=Environment.TEST,
            data_dir=folder,
            encoder=str(_model()),
            base_url=f"http://127.0.0.1:{port}",
            smtp_url=SecretStr(post.url),
            demo=demo,
            # All people of all journeys sit at one address.
            stranger_per_minute=1_000_000,
        )
        database = Database(settings.database_address)
        cookie = _fill(database, settings)
        if demo:
            load(database, lambda *_: None, people=True)
        app = create_app(settings)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        thread = Thread(target=server.run, name="site")
        with beside(Worker(database, settings)):
            thread.start()
            _wait_until(
                lambda: server.started and app.state.matches.ready() is None, SECONDS_TO_START * (4 if demo else 1)
            )
            yield Site(settings.base_url, cookie, post)
            server.should_exit = True
            thread.join()
        database.close()


def _fill(database: Database, settings: Settings) -> tuple[str, str]:
    upgrade(database)
    with database.writing() as session:
        for draft in islice(demo_firms(coming_monday(clock.today())), FIRMS):
            firms.create_firm(session, None, draft)
        new = NewUser(email="sakai@example.jp", name="坂井", password=factories.PASSWORD, role=Role.COORDINATOR)
        user = accounts.create_user(session, new)
    return factories.session_cookie(database, settings, user)


def _model() -> Path:
    """The model that `make model` built; the tests never fetch one."""
    folder = Path(os.environ.get("NAKAMAWA_DATA_DIR", "var")) / "models" / DEFAULT_MODEL
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is missing: run `make model`")
    return folder.absolute()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_until(ready: Callable[[], bool], seconds: float = SECONDS_TO_START) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError("the site did not become ready")
        time.sleep(0.1)
