"""`python -m bench.worker --kills 500`: kill workers at random under load and say whether anything was lost."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench import databases
from bench.storm import storm


def main() -> int:
    """Run the storm on a fresh SQLite, or on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    databases.add_option(parser)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases.fresh_database(postgres=asked.postgres) as address:
        outcome = storm(address, Path(folder), kills=asked.kills, seed=asked.seed)
    sys.stdout.write(f"{outcome}\n{'sound' if outcome.is_sound else 'NOT SOUND'}\n")
    return 0 if outcome.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
