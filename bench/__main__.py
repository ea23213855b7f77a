"""`python -m bench`: print a table of measured figures; 1 when one is above what the project asks."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench import answers, composition, desk, joint, search
from bench.measure import Row, resident_mb
from matching.encoders import Encoder, HashingEncoder, ModelMissing
from matching.encoders.e5 import NAME, default_encoder
from seed.generator import generate_firms

# Manufacturing establishments in the 23 wards, 2021.
ALL_WARDS = 14_249


def main() -> int:
    options = _options()
    try:
        encoder = _encoder(options)
        rows = _measure(options, encoder)
    except ModelMissing as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(row.line for row in rows) + "\n")
    return int(not all(row.ok for row in rows))


def _measure(options: argparse.Namespace, encoder: Encoder) -> list[Row]:
    firms = list(generate_firms(options.firms, options.seed, answers.FIRST_WEEK))
    with tempfile.TemporaryDirectory() as empty:
        cache = options.cache or Path(empty)
        index, rows = answers.build_rows(firms, encoder, cache, _tell)
        rows += answers.answer_rows(index)
        rows += search.query_rows(index.retrieval, encoder)
        rows += answers.change_rows(index, firms)
        rows.append(Row("memory held by this process", resident_mb(), "MB", 1500))
        rows += answers.stored_rows(index, firms, encoder)
        rows += answers.few_rows(firms, encoder)
        rows += search.exact_against_faiss(index.retrieval.vectors())
    if options.desk:
        for postgres in (False, True):
            rows += desk.rows(firms=options.firms, postgres=postgres)
    return rows + (composition.rows() + joint.rows(options.regions) if options.composition else [])


def _encoder(options: argparse.Namespace) -> Encoder:
    if options.hashing:
        return HashingEncoder()
    encoder = default_encoder(options.model)
    encoder.load()
    return encoder


def _options() -> argparse.Namespace:
    data = Path(os.environ.get("NAKAMAWA_DATA_DIR", "var"))
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--firms", type=int, default=ALL_WARDS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", type=Path, default=data / "models" / NAME)
    parser.add_argument("--cache", type=Path, help="keep embeddings here; without it every start is a cold one")
    parser.add_argument("--hashing", action="store_true", help="measure everything but the model")
    parser.add_argument("--regions", type=int, default=20, help="of the joint plan, a minute of CP-SAT each")
    parser.add_argument("--no-desk", dest="desk", action="store_false", help="leave the pages of coordinators out")
    parser.add_argument("--no-composition", dest="composition", action="store_false", help="leave the team solver out")
    return parser.parse_args()


def _tell(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done:,} of {total:,} phrases embedded")
    if done == total:
        sys.stderr.write("\n")


if __name__ == "__main__":
    sys.exit(main())
