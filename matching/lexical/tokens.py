"""Text into search tokens: dictionary words and character bigrams side by side.

Words alone miss what the dictionary splits in another way (平研, SUS304); bigrams alone miss spellings that
the dictionary knows to be one word (メッキ, めっき, 鍍金). Together they found more than either in trials.
"""

import re
import unicodedata
from functools import lru_cache
from threading import local
from typing import TYPE_CHECKING

from matching.vocabulary.normalise import normalise

if TYPE_CHECKING:
    from sudachipy import Tokenizer

# Sudachi refuses more than 49,149 bytes at once; a sentence is far shorter.
LONGEST_PIECE = 4000
# Particles, auxiliaries, symbols and spaces say nothing about what a workshop can do.
SILENT_POS = frozenset({"助詞", "助動詞", "補助記号", "空白", "感動詞", "接続詞"})
_RUNS = re.compile(r"[a-z0-9.\-]+|[぀-ヿ㐀-鿿々ー]+")
_BREAKS = re.compile(r"(?<=[。！？!?\n])")
_per_thread = local()


def lexical_tokens(text: str) -> tuple[str, ...]:
    """Tokens of `text` in order, repeats kept. Bigrams carry a mark, so that they never meet a word."""
    return tuple(token for piece in _pieces(unicodedata.normalize("NFKC", text)) for token in _tokens(piece))


@lru_cache(maxsize=4096)
def _tokens(piece: str) -> tuple[str, ...]:
    words = [
        m.normalized_form().casefold() for m in _sudachi().tokenize(piece) if m.part_of_speech()[0] not in SILENT_POS
    ]
    # Sudachi folds spellings by itself and needs the dictionary's; bigrams need ours.
    return (*words, *_bigrams(normalise(piece).text))


def _pieces(text: str) -> list[str]:
    sentences = [part.strip() for part in _BREAKS.split(text)]
    return [part[at : at + LONGEST_PIECE] for part in sentences for at in range(0, len(part), LONGEST_PIECE)]


def _bigrams(piece: str) -> list[str]:
    return [f"#{run[at : at + 2]}" for run in _RUNS.findall(piece) for at in range(max(len(run) - 1, 1))]


def _sudachi() -> "Tokenizer":
    # A Sudachi tokenizer may not be shared between threads, and its dictionary takes a moment to open.
    if not hasattr(_per_thread, "tokenizer"):
        from sudachipy import Dictionary, SplitMode  # noqa: PLC0415

        _per_thread.tokenizer = Dictionary(dict="core").tokenizer(mode=SplitMode.A)
    tokenizer: Tokenizer = _per_thread.tokenizer
    return tokenizer
