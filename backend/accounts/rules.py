"""How many wrong passwords are too many.

Failures are counted for the pair of account and network address: somebody who guesses from elsewhere
cannot lock the owner out. A second, wider limit stops one address that tries many accounts.
"""

from datetime import timedelta

WINDOW = timedelta(minutes=15)
KEEP = timedelta(days=1)
PER_PAIR = 5
PER_ADDRESS = 50


def must_wait(pair_failures: int, address_failures: int) -> bool:
    """Whether the next try from this address has to wait for the window to pass."""
    return pair_failures >= PER_PAIR or address_failures >= PER_ADDRESS
