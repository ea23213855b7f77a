"""Memory that was needed to build and is not needed to answer."""

import ctypes
from collections.abc import Iterator
from pathlib import Path

MAPS = Path("/proc/self/maps")
WEIGHTS = ".safetensors"
# Linux 5.4 and newer: let go of these pages now. They are read from the file again when somebody touches them.
MADV_PAGEOUT = 21


def give_back_memory() -> None:
    """Return freed memory to the system, and the pages of a model's file that many texts have touched.

    The C library keeps what was freed: a hundred megabytes after embedding. Of the model's table of words, mapped from
    its file, embedding a whole register touches nearly all and a question hardly any. Elsewhere than on Linux with
    glibc nothing happens.
    """
    system = ctypes.CDLL(None)
    trim = getattr(system, "malloc_trim", None)
    if trim is not None:
        trim(0)
    advise = getattr(system, "madvise", None)
    if advise is not None:
        for start, end in _mapped_weights():
            advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_PAGEOUT)


def _mapped_weights() -> Iterator[tuple[int, int]]:
    """Where in memory the files of models lie."""
    for line in MAPS.read_text().splitlines() if MAPS.exists() else ():
        if line.endswith(WEIGHTS):
            start, end = line.split(" ", 1)[0].split("-")
            yield int(start, 16), int(end, 16)
