"""From the invitation to being signed in: written by an admin, carried by a real mail server, opened on a phone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from backend.accounts.models import Role
from backend.app import create_app
from backend.core.db import Database
from backend.core.migrations import upgrade
from backend.core.settings import Environment, Settings
from backend.worker import Worker, beside
from bench.mail_server import MailServer
from tests import factories
from tests.browser.site import _free_port, _wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
IsFine = Callable[[Page], None]
TO = "sakura@example.jp"


class Post:
    """A site with a worker and a mail server beside it."""

    def __init__(self, folder: Path, server: MailServer) -> None:
        self.server, port = server, _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.settings = Settings(
            environment=Environment.TEST,
            data_dir=folder,
            encoder="hashing",
            base_url=self.url,
            smtp_url=SecretStr(server.url),
        )
        self.database = Database(self.settings.database_address)
        upgrade(self.database)
        self.uvicorn = uvicorn.Server(uvicorn.Config(create_app(self.settings), port=port, log_level="warning"))

    def link(self, pattern: str) -> str:
        """The address in the newest mail, once it has come."""
        _wait_until(lambda: any(re.search(pattern, letter.text) for letter in self.server.box.to(TO)))
        found = [re.search(pattern, letter.text) for letter in self.server.box.to(TO)]
        return next(match.group() for match in reversed(found) if match)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with MailServer() as server:
        running = Post(tmp_path, server)
        thread = Thread(target=running.uvicorn.run, name="site")
        with beside(Worker(running.database, running.settings)):
            thread.start()
            _wait_until(lambda: running.uvicorn.started)
            yield running
            running.uvicorn.should_exit = True
            thread.join()
        running.database.close()


def _page(browser: Browser, post: Post, *, width: int, scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="ja-JP", base_url=post.url, java_script_enabled=scripts
    )
    return context.new_page()


def _invite(admin: Page) -> None:
    admin.goto("/organisations")
    admin.fill("#name", "合同会社ソラマメ配膳")
    admin.select_option("#kind", "startup")
    admin.get_by_role("button", name="加える").click()
    admin.fill("#email", TO)
    admin.get_by_role("button", name="招待する").click()
    expect(admin.get_by_text("返事待ち")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_invited_by_mail_and_signed_in(browser: Browser, post: Post, is_fine: IsFine, scripts: bool) -> None:
    """axe itself is a script, so it looks only where scripts run."""
    look = is_fine if scripts else _do_not_look
    admin, guest = _page(browser, post, width=1280, scripts=scripts), _page(browser, post, width=360, scripts=scripts)
    name, value = factories.session_cookie(post.database, post.settings, factories.person(post.database, Role.ADMIN))
    admin.context.add_cookies([{"name": name, "value": value, "url": post.url}])
    _invite(admin)
    look(admin)
    guest.goto(post.link(r"http://\S+/i/\S+"))
    look(guest)
    guest.fill("#name", "開発 さくら")
    guest.fill("#password", factories.PASSWORD)
    guest.get_by_role("button", name="招待を受ける").click()
    expect(guest.get_by_text("合同会社ソラマメ配膳")).to_be_visible()
    guest.get_by_role("button", name="ログアウト").click()
    guest.goto("/sign-in/link")
    guest.fill("#email", TO)
    guest.get_by_role("button", name="リンクを送ってもらう").click()
    guest.goto(post.link(r"http://\S+/sign-in/link/\S+"))
    look(guest)
    guest.get_by_role("button", name="入る", exact=True).click()
    guest.goto("/account")
    expect(guest.get_by_role("paragraph").filter(has_text=TO)).to_be_visible()
    for page in (admin, guest):
        page.context.close()


def _do_not_look(_page: Page) -> None:
    """Stands in for the axe check where no script runs."""
