"""English has one word for one thing, the one in docs/reference/glossary.md."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.repo import messages
from tests.repo.source import ROOT, files

PLACEHOLDER = re.compile(r"%\(\w+\)s")
OTHER_WORDS = re.compile(
    r"\b([Ff]irm|[Ss]upplier|[Vv]endor|[Ss]hop|[Ff]actory|[Ss]tep|[Oo]ffer|[Cc]apacity)s?\b|\bFAX\b"
)
HELD = {
    "幹事会社": "lead workshop",
    "依頼者": "client",
    "案件": "case",
    "台帳": "register",
    "道順": "route",
    "工程": "operation|process",
    "打診": "inquir|ask",
    "紹介": "introduc",
    "承諾": "consent|agree",
    "辞退": "drop",
    "見積": "quotation|quote",
    "引き渡し": "handover",
}
# Sentences whose English says it without the word, or where the Japanese word means something else.
SAID_OTHERWISE = {
    "打診した会社へ知らせる",
    "案件のページで、打診した会社へ知らせてください。",
    "新しい空きとして紹介に使います。",
    "自社の紹介",
    "工程は%(n)sつまで、それぞれ40字までにしてください。",
    "抜けた工場を外して、前後の工程ごと組み直すこともできます。",
    "頼める会社がない工程:%(names)s",
    "前後の工程",
    "工程と場所が合う",
    "となりの工程へ順に注文",
    "依頼者は幹事に注文し、そこから先は、となりの工程の会社が順に注文します。直すときの話は早く、幹事の目は届きにくくなります。",
    "依頼文から考えた道順です",
}


def _rows() -> list[tuple[list[str], list[str]]]:
    """The words of each row: the Japanese ones, and the English ones without "to" and what stands in brackets."""
    lines = (ROOT / "docs" / "reference" / "glossary.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| ")][1:]
    return [
        (ja.split("、"), [re.sub(r"\(.*\)|^to ", "", word.strip()).strip() for word in en.split(";")])
        for ja, en, _meaning in cells
    ]


def _phrases() -> Iterator[str]:
    """The English of the sentences that bring both languages along: Phrase("…", "…"), and `en: "…"` in the rules."""
    for path in files(".py"):
        if path.is_relative_to(ROOT / "matching") or path.is_relative_to(ROOT / "backend"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Phrase":
                    parts = (part for english in node.args[1:] for part in ast.walk(english))
                    yield "".join(p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str))
    rules = (ROOT / "matching" / "routing" / "data" / "rules.yaml").read_text()
    yield from (re.sub(r"{\w+}", "", english) for english in re.findall(r'\ben: "([^"]*)"', rules))


def test_no_phrase_has_another_word() -> None:
    found = list(_phrases())
    assert len(found) > 100
    assert [english for english in found if OTHER_WORDS.search(english)] == []


def test_no_sentence_has_another_word() -> None:
    said = {english for forms in messages.translated().values() for english in forms}
    assert sorted(english for english in said if OTHER_WORDS.search(PLACEHOLDER.sub("", english))) == []


@pytest.mark.parametrize("japanese", HELD)
def test_a_word_is_translated_by_its_own(japanese: str) -> None:
    own = re.compile(HELD[japanese], re.IGNORECASE)
    others = {
        sentence
        for sentence, forms in messages.translated().items()
        if japanese in sentence and not all(own.search(english) for english in forms)
    }
    assert others - SAID_OTHERWISE == set()


def test_no_exception_outlives_its_sentence() -> None:
    assert SAID_OTHERWISE - messages.translated().keys() == set()


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[1][0])
def test_the_glossary_says_what_the_pages_say(row: tuple[list[str], list[str]]) -> None:
    for word in row[0]:
        english = " ".join(form for key, forms in messages.translated().items() if word in key for form in forms)
        assert any(own.lower() in english.lower() for own in row[1]), word
