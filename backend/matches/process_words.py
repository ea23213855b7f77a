"""Whether a wording of a process is known, and which known ones come near: asked when firms are imported."""

from difflib import get_close_matches
from functools import lru_cache

from matching.vocabulary.processes import find_processes, processes

NEAREST = 3
LEAST_LIKENESS = 0.3


def nearest_processes(wording: str) -> tuple[str, ...]:
    """Empty when the wording is known; otherwise the names of known processes that look most like it."""
    if not wording.strip() or find_processes(wording):
        return ()
    near = get_close_matches(wording, _names(), NEAREST, LEAST_LIKENESS)
    return tuple(near) or ("切削加工", "板金加工", "表面処理")


@lru_cache
def _names() -> tuple[str, ...]:
    return tuple(process.ja for process in processes().values() if not process.heading)
