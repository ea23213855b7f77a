"""The whole answer, as a person waits for it: a text read, all firms searched, the best ones checked with reasons."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from statistics import mean

from bench.measure import Row, milliseconds, percentile, resident_mb, seconds
from bench.search import questions
from matching.api import MatchIndex, leave_out_of_collection
from matching.encoders import CachedEncoder, Encoder, Progress
from matching.retrieval import RetrievalIndex, passages
from matching.types import FirmProfile
from matching.understanding.firm import read_firm
from matching.understanding.offer import Offer
from matching.understanding.request import read

TODAY = date(2026, 11, 25)
FIRST_WEEK = date(2026, 11, 23)
FEW_FIRMS = 100


def build_rows(
    firms: Sequence[FirmProfile], encoder: Encoder, cache: Path, progress: Progress
) -> tuple[MatchIndex, list[Row]]:
    """Build from what is in `cache` (nothing, for a cold start), with the time of each stage."""
    cached = CachedEncoder(encoder, cache)
    held = resident_mb()
    retrieval = RetrievalIndex(cached)
    searching = seconds(lambda: retrieval.sync(firms, progress))
    offers: list[Offer] = []
    reading = seconds(lambda: offers.extend(map(read_firm, firms)))
    index = MatchIndex(retrieval, offers)
    leave_out_of_collection()
    return index, [
        Row("firms", len(firms), ""),
        Row("distinct phrases", len({phrase for firm in firms for phrase in passages(firm)}), ""),
        Row("  embedded and laid out for search in", searching, "s"),
        Row("  firms read in", reading, "s"),
        Row("index built in", searching + reading, "s", 600),
        Row("memory that the index added", resident_mb() - held, "MB"),
    ]


def stored_rows(index: MatchIndex, firms: Sequence[FirmProfile], encoder: Encoder) -> list[Row]:
    """Saved and loaded again; two indexes are held meanwhile, so memory is to be measured before."""
    with tempfile.TemporaryDirectory() as folder:
        saved = seconds(lambda: index.save(Path(folder)))
        loaded = seconds(lambda: MatchIndex.load(Path(folder), firms, encoder))
    return [Row("saved in", saved, "s"), Row("loaded, and firms read again, in", loaded, "s")]


def ask(index: MatchIndex, text: str) -> None:
    """What happens between a text and its candidates with checks, reasons and questions."""
    index.answer(read(text, TODAY))


def answer_rows(index: MatchIndex) -> list[Row]:
    """Questions that nobody asked before, so that each is encoded anew."""
    ask(index, "最初の質問は数えない")
    reading = milliseconds(lambda text: read(text, TODAY), [f"{text} 読" for text in questions()])
    whole = milliseconds(partial(ask, index), [f"{text} 答" for text in questions()])
    return [
        Row("request read, 95th percentile", percentile(reading, 0.95), "ms"),
        Row("request answered, median", percentile(whole, 0.5), "ms"),
        Row("request answered, 95th percentile", percentile(whole, 0.95), "ms", 150),
        Row("request answered, slowest", max(whole), "ms"),
    ]


def change_rows(index: MatchIndex, firms: Sequence[FirmProfile]) -> list[Row]:
    """One firm's words change; the time until a whole answer has seen it."""

    def change(firm: FirmProfile) -> None:
        index.upsert(firm)
        ask(index, "新しい機械でアルミを削れますか。")

    changed = [replace(f, text=f"{f.text}新しく{n}番の機械を入れました。") for n, f in enumerate(firms[:20])]
    took = [seconds(partial(change, firm)) for firm in changed]
    return [Row("a change seen by the next answer, slowest of 20", max(took), "s", 1)]


def few_rows(firms: Sequence[FirmProfile], encoder: Encoder) -> list[Row]:
    """The same for a small register, as `nakamawa rank` has it."""
    index = MatchIndex.build(firms[:FEW_FIRMS], encoder)
    ask(index, "最初の質問は数えない")
    whole = milliseconds(partial(ask, index), questions())
    return [Row(f"request answered from {FEW_FIRMS} firms, mean", mean(whole), "ms", 60)]
