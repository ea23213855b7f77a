"""The XLM-RoBERTa tokenizer, put together from its pieces: normaliser, metaspace, unigram, sentence marks.

The model was trained behind SentencePiece's `nmt_nfkc` normaliser, which is NFKC over a cleaning of
control characters and blanks. Where today's Unicode tables differ from the trained ones, the trained ones
count: the wide tilde (U+FF5E, common in Japanese ranges) and U+1F23B are kept as they are. A kana and its
voicing mark in two code points (half-width ｶﾞ) become one, as in SentencePiece and in training; the
`tokenizers` port of the same table leaves them apart. A test holds the ids to those of the model's own
tokenizer on a list of sentences.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BEGIN, PAD, END, UNKNOWN, MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"
# Characters that NFKC would fold and the trained table keeps, each with a noncharacter to hide behind.
KEPT = {"～": "\ufdd0", "\U0001f23b": "\ufdd1"}


def build_tokenizer(pieces: list[tuple[str, float]]) -> "Tokenizer":
    """A `tokenizers.Tokenizer` over `pieces` (piece, log-probability), which frames a text as <s> … </s>."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers  # noqa: PLC0415
    from tokenizers import pre_tokenizers as pre  # noqa: PLC0415
    from tokenizers.processors import TemplateProcessing  # noqa: PLC0415

    ids = {piece: place for place, (piece, _) in enumerate(pieces)}
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=ids[UNKNOWN], byte_fallback=False))
    hide = [normalizers.Replace(character, cover) for character, cover in KEPT.items()]
    show = [normalizers.Replace(cover, character) for character, cover in KEPT.items()]
    blanks = normalizers.Replace(Regex(" {2,}"), " ")
    steps = [*hide, normalizers.Nmt(), normalizers.NFKC(), *show, blanks]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = TemplateProcessing(
        single=f"{BEGIN} $A {END}",
        pair=f"{BEGIN} $A {END} {END} $B {END}",
        special_tokens=[(BEGIN, ids[BEGIN]), (END, ids[END])],
    )
    marks = [AddedToken(mark, special=True, normalized=False) for mark in (BEGIN, PAD, END, UNKNOWN)]
    tokenizer.add_special_tokens([*marks, AddedToken(MASK, special=True, normalized=False, lstrip=True)])
    return tokenizer
