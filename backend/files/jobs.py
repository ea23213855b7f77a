"""Content that no version names goes: soon after a document was taken away, and every night whatever was left over."""

from datetime import timedelta

from backend.core.jobs import Errand, errand, every
from backend.files import queries, storage
from backend.files.service import SWEEP


@errand(SWEEP)
def sweep(work: Errand) -> None:
    """May be repeated after a crash: what is gone is gone."""
    store = storage.store_of(work.settings.data_dir)

    def is_named(digest: str) -> bool:
        with work.database.reading() as session:
            return queries.is_named(session, digest)

    with work.database.reading() as session:
        named = queries.named_contents(session)
    # Asked once more under the lock, because somebody may have brought the same content meanwhile.
    for digest in set(storage.contents(store)) - named:
        storage.let_go(store, digest, is_named)
    storage.clear_waiting(store)


every(SWEEP, timedelta(days=1), at=timedelta(hours=3, minutes=30))
