"""Japanese keyword search: which words of the request stand in a firm's own words."""

from matching.lexical.bm25 import LexicalIndex
from matching.lexical.tokens import lexical_tokens

__all__ = ["LexicalIndex", "lexical_tokens"]
