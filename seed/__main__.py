"""`python -m seed`: fill a fresh database with believable, clearly fictional firms, requests and people."""

import sys

from rich.progress import Progress

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
    database = Database(settings.database_address, wait_seconds=settings.database_wait_seconds)
    upgrade(database)
    with Progress(transient=True) as bar:
        tasks = {name: bar.add_task(name, total=None) for name in ("firms", "requests", "routes", "cases")}
        added = load(
            database,
            lambda what, done, total: bar.update(tasks[what], completed=done, total=total),
            people=settings.demo,
        )
    database.close()
    sys.stdout.write(f"Demo data: {added} records added\n" if added else "Demo data: all there\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
