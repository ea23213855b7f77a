"""How long the search underneath takes, with every workshop of the 23 wards in it, and beside faiss."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from bench.measure import Row, milliseconds, percentile, seconds
from matching.encoders import Encoder, Vectors
from matching.indexes import ExactIndex, FaissIndex
from matching.retrieval import RetrievalIndex

QUERIES = (
    "アルミの箱を10個、角を丸くして黒くしたい。来月末まで",
    "SUS304の板金筐体を20台。TIG溶接と曲げ、寸法は400×300×150くらい。",
    "φ20のシャフトを焼入れして円筒研削、公差は±0.005でお願いします。",
    "革の名刺入れを50個、箔押しでロゴを入れたいです。",
    "3Dプリントの試作を金型にする前に、真空注型で20個つくりたい。",
    "無電解ニッケルめっきだけをお願いできる工場を探しています。",
    "We need five brackets milled from A7075, 320×250×180 mm, ±0.05, before Christmas.",
    "基板の実装とハーネス加工をまとめてお願いしたい。数は30セット、部品は支給します。",
    "ガラスの覗き窓を磨いてほしい。直径80ミリ、厚さ10ミリ、2枚。",
    "図面はありません。壊れたギヤの現物から同じものを1個作れますか。",
)
ROUNDS = 12


def questions() -> list[str]:
    """Questions that differ, so that no cache answers them."""
    return [f"{query} その{number}" for number in range(ROUNDS) for query in QUERIES]


def query_rows(index: RetrievalIndex, encoder: Encoder) -> list[Row]:
    """Answering: the encoding alone, the whole of it, and so what dense and lexical search take."""
    index.signals("最初の質問は数えない")
    asked = questions()
    encoding = milliseconds(lambda text: encoder.encode_queries([text]), asked)
    whole = milliseconds(index.signals, asked)
    return [
        Row("question encoded, median", percentile(encoding, 0.5), "ms"),
        Row("question encoded, 95th percentile", percentile(encoding, 0.95), "ms"),
        Row("answered with encoding, median", percentile(whole, 0.5), "ms"),
        Row("answered with encoding, 95th percentile", percentile(whole, 0.95), "ms", 150),
        Row("dense + lexical alone, 95th percentile", percentile(_again(index, asked), 0.95), "ms", 40),
    ]


def exact_against_faiss(vectors: Vectors, rounds: int = 30) -> list[Row]:
    """The two exact indexes side by side on the same vectors."""
    ids = [f"{row:07}" for row in range(len(vectors))]
    asked = vectors[np.random.default_rng(0).integers(0, len(vectors), rounds)]
    medians, answers = [], []
    for kind in (ExactIndex, FaissIndex):
        index = kind(vectors.shape[1], "bench")
        index.add(ids, vectors)
        medians.append(1000 * percentile([seconds(partial(index.search, query, 20)) for query in asked], 0.5))
        answers.append([[hit.id for hit in index.search(query, 20)] for query in asked])
    alike = float(np.mean([one == other for one, other in zip(*answers, strict=True)]))
    return [
        Row(f"best 20 of {len(vectors):,} vectors, exact", medians[0], "ms"),
        Row(f"best 20 of {len(vectors):,} vectors, faiss", medians[1], "ms"),
        Row("exact / faiss", medians[0] / medians[1], "×"),
        Row("share of questions with the same 20 ids", alike, ""),
    ]


def _again(index: RetrievalIndex, asked: Sequence[str]) -> list[float]:
    """The questions once more: now the cache has their vectors, and what is left is the search itself."""
    times = []
    for text in asked:
        index.signals(text)
        times += milliseconds(index.signals, [text])
    return times
