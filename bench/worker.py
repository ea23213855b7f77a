"""`python -m bench.worker --kills 500`: kill workers at random under load and say whether anything was lost."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.storm import storm


def main() -> int:
    """Run the storm on a fresh SQLite, or on the empty database named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="address of an empty database; default: a fresh SQLite file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = asked.database or f"sqlite:///{folder}/storm.db"
        outcome = storm(address, Path(folder), kills=asked.kills, seed=asked.seed)
    sys.stdout.write(f"{outcome}\n{'sound' if outcome.is_sound else 'NOT SOUND'}\n")
    return 0 if outcome.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
