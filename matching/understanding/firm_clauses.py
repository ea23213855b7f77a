"""The clauses of a firm's own words, each with its stance: done here, refused, done reluctantly, or passed on.

Japanese negates at the end of a clause and what is negated stands before it, so the scope of a refusal is its own
segment up to the marker, and the bare noun lists right before it (「塗装、めっき、鏡面の仕上げは近所に外注します」).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matching.understanding.measures import plain


class Stance(StrEnum):
    """What a clause says about the things it names."""

    DONE = "done"
    REFUSED = "refused"
    RELUCTANT = "reluctant"
    PASSED_ON = "passed_on"


@dataclass(frozen=True, slots=True)
class Clause:
    """`scope` holds the words the stance is about, `text` the whole clause for people to read."""

    text: str
    scope: str
    stance: Stance


_SENTENCE = re.compile(r"[^。!?\n]+")
# A full stop ends an English sentence only when a blank follows; figures keep theirs.
_ENGLISH_STOP = re.compile(r"(?<=[a-z)])\.(?:\s+|$)")
_CUT = re.compile(r"[、;()「」]|,(?!\d{3})|(?<=ますが)|(?<=ですが)|(?<=ますけど)|(?<=けれど)|(?<=可能で)|\bbut\b")
_CLOSE = r"(?=です|でした|と(?:させて|なって)|ので|ため|から|が|けど|の(?:で|場合)|に(?:なり|つき)|ね|よ|[。、!)\s]|$)"
# Negative in form but not a refusal: 「断ったことがありません」「図面がなくても構いません」.
_FRIENDLY = re.compile(
    r"ことが?(?:は)?(?:ありません|ない)|必要(?:は|が)?(?:ありません|ない|なし)|(?:構|かま)いません|問題(?:は)?(?:ありません|ない)"
    r"|少なくありません|(?:すみ|差し支え(?:は)?あり)ません|なくて(?:も|結構)|なければ|ない(?:とき|場合|方|人|もの?で)|断られた"
    r"|不可能を|ませんか|no problem|no minimum|not only",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    rf"ません|マセン|オコトワリ|おことわり|(?:しない|できない|持たない|扱わない|受けない|やらない|いない|がない|はない){_CLOSE}|不可{_CLOSE}|できかね|しかね"
    rf"|遠慮|お断り|断って|辞退|対象外|専門外|畑違い|門外漢|範囲外|守備範囲では|未対応|非対応|対応外|勘弁|不向き|無理{_CLOSE}|(?:ダメ|駄目|NG){_CLOSE}"
    rf"|(?:設備|機械|炉|槽|機|窯)(?:は|が)?な(?:し|く){_CLOSE}|(?:以外|のみ)は不|やめ(?:ました|ています)"
    r"|\b(?:do|does|can|will|are|is)(?: not|n't)\b|\bcannot\b|\bno (?=\w)"
    r"|\bnot (?:handled|accepted|offered|possible)\b|\bunable to\b",
    re.IGNORECASE,
)
# Not selling stock says nothing about working it.
_TRADE = re.compile(r"(?:反|切り|小)売り|販売|卸(?:し|は)|\bsell", re.IGNORECASE)
_RELUCTANT = re.compile(
    r"苦手|不得手|不得意|割高|段取り負け|得意では(?:ない|ありません)|向いてい(?:ません|ない)|お時間を?いただ|要相談"
)
_PASSED_ON = re.compile(
    r"外注|外部に|委託|協力(?:先|会社|工場|業者|店)(?:で|に|へ|を|の)|提携[^、]{0,6}(?:へ|に|と|で)|橋渡し|手配"
    r"|仲間(?:うち)?(?:に|へ|の[^、]{0,8}(?:に|へ)|が)(?!も|多)"
    r"|(?:よそ|他所|他社(?:さん)?|別の[^、]{1,4}|ほかの[^、]{1,4})(?:へ|に(?!断|＿)|を|で)"
    r"|(?:屋|屋さん|業者(?:さん)?|職人さん|専門(?:店|家|業者)(?:さん)?|メーカーさん)(?:へ|に(?!も|は)|と組|を(?:ご)?紹介)|ご?紹介(?:します|して|いたし)"
    r"|(?:に|へ)(?:お)?回し(?:て(?:い|お)|ます)|\boutsourc|\bsubcontract|\bpartner",
    re.IGNORECASE,
)
_TOPIC_END = re.compile(r"(?:は|も|を|については|に関しては)(?:別途)?$")
_BARE_MAX = 14
_NOT_BARE = re.compile(r"[はがをもだでに](?:$|.)|まで|から|限定|専|可|\d|です|ます|たい|のみ|\b(?:we|our|is|are)\b")


def read_clauses(text: str) -> tuple[Clause, ...]:
    """Every clause of a text with its stance, in order. An empty text has none."""
    return tuple(clause for sentence in _sentences(plain(text)) for clause in _sentence_clauses(sentence))


def _sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(_ENGLISH_STOP.sub("。", text)):
        if match.group().strip():
            yield match.group().strip()


def _sentence_clauses(sentence: str) -> Iterator[Clause]:
    segments = [s.strip() for s in _CUT.split(sentence) if s and s.strip()]
    waiting: list[str] = []
    for segment in segments:
        stance, end = stance_of(segment)
        if stance is Stance.DONE and _may_wait(segment):
            waiting.append(segment)
            continue
        before = _carried(waiting, segment, stance)
        yield from (Clause(w, w, Stance.DONE) for w in waiting[: len(waiting) - len(before)])
        yield Clause("、".join([*before, segment]), "、".join([*before, segment[:end]]), stance)
        waiting = []
    yield from (Clause(w, w, Stance.DONE) for w in waiting)


def _may_wait(segment: str) -> bool:
    """Whether what a segment means may depend on the verb that follows: a bare list, or an open topic."""
    return bool(_TOPIC_END.search(segment)) or (len(segment) <= _BARE_MAX and not _NOT_BARE.search(segment))


def _carried(waiting: Sequence[str], segment: str, stance: Stance) -> list[str]:
    """The waiting segments a negative verb reaches back to. 「ゴムとシリコーン以外は」 names its own exceptions."""
    if stance is Stance.DONE or "以外" in segment:
        return []
    return list(waiting)


def stance_of(segment: str) -> tuple[Stance, int]:
    """The stance of one segment and where the words it is about end."""
    if _TRADE.search(segment):
        return Stance.DONE, len(segment)
    if exception := re.search(r"以外(?:は|なら|の)", segment):
        if not _REFUSED.search(segment):
            return Stance.REFUSED, exception.start()
        return Stance.DONE, len(segment)
    friendly = _FRIENDLY.sub(lambda m: "＿" * len(m.group()), segment)
    english = bool(re.search(r"\b(?:not|no|cannot|n't|unable)\b|n't", friendly, re.IGNORECASE))
    for stance, pattern in ((Stance.RELUCTANT, _RELUCTANT), (Stance.PASSED_ON, _PASSED_ON), (Stance.REFUSED, _REFUSED)):
        if match := pattern.search(friendly):
            return stance, len(segment) if english or match.start() == 0 else match.start()
    return Stance.DONE, len(segment)
