"""The stage of every test: a fresh data folder, a migrated database of its own, the application, named people.

Tests in tests/integration run on SQLite and on PostgreSQL; all others on SQLite.
The application's own encoder is the deterministic hashing one.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from backend.accounts import passwords
from backend.accounts.models import Role
from backend.app import create_app
from backend.core.db import Database
from backend.core.i18n import use_language
from backend.core.migrations import upgrade
from backend.core.settings import DEFAULT_MODEL, Environment, Settings
from bench import databases
from tests import factories

REPOSITORY = Path(__file__).resolve().parents[1]
ROOM = 4 * 1024**3
WAIT_SECONDS = 0.3


def _quick_folder() -> str | None:
    """A folder in memory where there is one with room: nobody needs the data of tests after a power cut."""
    found = Path("/dev/shm")  # noqa: S108 - only the folder in which unguessable ones are made
    return str(found) if found.is_dir() and shutil.disk_usage(found).free > ROOM else None


def pytest_configure() -> None:
    """Every tmp_path lies there too, so that no commit of SQLite waits for a disk."""
    if folder := _quick_folder():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Passwords are hashed with the least work: that it is slow on purpose has a test of its own."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", quick)
        yield


@pytest.fixture(autouse=True)
def _japanese() -> None:
    """Every test begins in Japanese, whatever the test before it spoke."""
    use_language("ja")


@pytest.fixture
def database_kind() -> str:
    """Which database a test runs on; tests/integration asks for both."""
    return "sqlite"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for each test."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.close()
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a throw-away PostgreSQL that this run starts and removes."""
    with databases.postgres_server(_quick_folder()) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """The name of a migrated database, copied for each test."""
    name = "migrated"
    databases.run_statement(postgres_server, f"CREATE DATABASE {name}")
    database = Database(databases.address_in(postgres_server, name))
    upgrade(database)
    database.close()
    return name


@pytest.fixture
def empty_database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with nothing in it, not even tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield from _throw_away(request.getfixturevalue("postgres_server"), "template0")


@pytest.fixture(scope="session")
def database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each test finds its own SQLite file: always the same address, so that statements stay compiled."""
    return tmp_path_factory.mktemp("database") / "nakamawa.db"


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database that belongs to this test alone."""
    if database_kind == "sqlite":
        file: Path = request.getfixturevalue("database_file")
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
        _close(f"sqlite:///{file}")
        for left in file.parent.glob(f"{file.name}*"):
            left.rmdir() if left.is_dir() else left.unlink()
        return
    template = request.getfixturevalue("migrated_postgres")
    yield from _throw_away(request.getfixturevalue("postgres_server"), template)


def _throw_away(server: str, template: str) -> Iterator[str]:
    name = f"copy_of_{template}"
    databases.run_statement(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    address = databases.address_in(server, name)
    yield address
    _close(address)
    databases.run_statement(server, f"DROP DATABASE {name} WITH (FORCE)")


def _close(address: str) -> None:
    """Let go of what a test left open: the next one finds another database at this address."""
    for opened in (Database(address), Database(address, wait_seconds=WAIT_SECONDS)):
        opened.engine.dispose()
        opened.close()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a test: an own folder, an own database, short waits, demo people off."""
    return Settings(
        environment=Environment.TEST,
        data_dir=tmp_path,
        database_url=database_url,
        database_wait_seconds=WAIT_SECONDS,
        encoder="hashing",
        # A walk over every page asks more in a second than people in a minute.
        stranger_per_minute=1_000_000,
    )


@pytest.fixture
def database(database_url: str) -> Database:
    """The database of this test, opened beside the application. It is closed after both."""
    return Database(database_url, wait_seconds=WAIT_SECONDS)


@pytest.fixture
def started(settings: Settings) -> Iterator[TestClient]:
    """The application, started in an event loop of its own."""
    application = create_app(settings)
    with TestClient(application) as running:
        application.state.portal = running.portal
        yield running


@pytest.fixture
def app(started: TestClient) -> FastAPI:
    """The running application."""
    application: FastAPI = started.app  # type: ignore[assignment]
    return application


NewBrowser = Callable[[], TestClient]


@pytest.fixture
def new_browser(app: FastAPI) -> NewBrowser:
    """A new browser of a stranger, see `factories.browser`."""
    return partial(factories.browser, app)


@pytest.fixture
def client(new_browser: NewBrowser) -> TestClient:
    """A stranger's browser."""
    return new_browser()


SignInAs = Callable[..., TestClient]


@pytest.fixture
def sign_in_as(new_browser: NewBrowser, database: Database, settings: Settings) -> SignInAs:
    """A browser signed in as a new person: `sign_in_as(Role.WORKSHOP, firm_id="f1")`."""

    def enter(role: Role, firm_id: str | None = None) -> TestClient:
        browser = new_browser()
        user = factories.person(database, role, firm_id=firm_id)
        browser.cookies.set(*factories.session_cookie(database, settings, user))
        return browser

    return enter


@pytest.fixture
def startup(sign_in_as: SignInAs) -> TestClient:
    """Somebody who wants something made."""
    return sign_in_as(Role.STARTUP)


@pytest.fixture
def shop(sign_in_as: SignInAs) -> TestClient:
    """Somebody of a workshop; `factories.FIRM_ID` is the firm they act for."""
    return sign_in_as(Role.WORKSHOP, firm_id=factories.FIRM_ID)


@pytest.fixture
def coordinator(sign_in_as: SignInAs) -> TestClient:
    """Somebody of the ward who brings both together."""
    return sign_in_as(Role.COORDINATOR)


@pytest.fixture
def admin(sign_in_as: SignInAs) -> TestClient:
    """Somebody who keeps the users."""
    return sign_in_as(Role.ADMIN)


@pytest.fixture
def outsider(sign_in_as: SignInAs) -> TestClient:
    """Another startup: signed in, but with no part in anybody's affairs."""
    return sign_in_as(Role.STARTUP)


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """Where `make model` built the real encoder, for the tests that need it."""
    data_dir = Path(os.environ.get("NAKAMAWA_DATA_DIR", "var"))
    return (REPOSITORY / data_dir / "models" / DEFAULT_MODEL).resolve()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: of several processes the one that is done takes over short tests from the others.

    Those with a browser last: its event loop stays in the process, and no other can be run in that thread.
    """
    items.sort(key=lambda item: (_marked(item, "browser"), not _marked(item, "slow")))


def _marked(item: pytest.Item, name: str) -> bool:
    return item.get_closest_marker(name) is not None
