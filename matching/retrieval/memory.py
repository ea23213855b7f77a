"""Memory that was needed to build and is not needed to answer."""

import ctypes


def give_back_memory() -> None:
    """Return freed memory to the system. The C library keeps it otherwise: a hundred megabytes after embedding.

    Only glibc has a way to say so; elsewhere nothing happens.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
