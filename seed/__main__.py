"""`python -m seed`: fill a fresh database with believable, clearly fictional firms, requests and people."""

import sys
from contextlib import closing

from rich.progress import Progress
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from backend.core.db import Database
from backend.core.migrations import is_migrated, upgrade
from backend.core.settings import Settings
from backend.introductions.models import Case
from backend.introductions.states import CaseState


def main() -> int:
    """Migrate and load; refuse where real people work."""
    settings = Settings()
    if settings.production:
        sys.stderr.write("seed: demo data are not for production\n")
        return 2
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    address, wait = settings.database_address, settings.database_wait_seconds
    try:
        with closing(Database(address, wait_seconds=wait)) as database:
            added = 0 if _is_full(database) else _load(database, people=settings.demo)
    except DBAPIError as error:
        sys.stderr.write(f"seed: the database does not take it ({error.orig}); is a server still at work?\n")
        return 2
    sys.stdout.write(f"Demo data: {added} records added\n" if added else "Demo data: all there\n")
    return 0


def _is_full(database: Database) -> bool:
    """Whether there are cases on their way, which come last."""
    if not is_migrated(database):
        return False
    with database.reading() as session:
        return session.exec(select(Case.id).where(col(Case.state) != CaseState.RECEIVED)).first() is not None


def _load(database: Database, *, people: bool) -> int:
    # Imported here because it takes seconds, which nobody should wait for whose data are all there.
    from seed.loader import load  # noqa: PLC0415

    upgrade(database)
    with Progress(transient=True) as bar:
        tasks = {name: bar.add_task(name, total=None) for name in ("firms", "requests", "routes", "cases")}

        def tell(what: str, done: int, total: int) -> None:
            bar.update(tasks[what], completed=done, total=total)

        return load(database, tell, people=people)


if __name__ == "__main__":
    sys.exit(main())
