"""`python -m seed`: fill a fresh database with believable, clearly fictional firms, requests and people."""

import sys
from contextlib import closing

from rich.progress import Progress
from sqlalchemy.exc import DBAPIError

from backend.core.db import Database
from backend.core.migrations import upgrade
from backend.core.settings import Settings
from seed.loader import load


def main() -> int:
    """Migrate and load; refuse where real people work."""
    settings = Settings()
    if settings.production:
        sys.stderr.write("seed: demo data are not for production\n")
        return 2
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        added = _load(settings)
    except DBAPIError as error:
        sys.stderr.write(f"seed: the database does not take it ({error.orig}); is a server still at work?\n")
        return 2
    sys.stdout.write(f"Demo data: {added} records added\n" if added else "Demo data: all there\n")
    return 0


def _load(settings: Settings) -> int:
    address, wait = settings.database_address, settings.database_wait_seconds
    with closing(Database(address, wait_seconds=wait)) as database, Progress(transient=True) as bar:
        upgrade(database)
        tasks = {name: bar.add_task(name, total=None) for name in ("firms", "requests", "routes", "cases")}

        def tell(what: str, done: int, total: int) -> None:
            bar.update(tasks[what], completed=done, total=total)

        return load(database, tell, people=settings.demo)


if __name__ == "__main__":
    sys.exit(main())
