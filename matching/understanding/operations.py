"""The operations a text wants, in the order of the route, those it rules out, and those its product implies."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from matching.types import ProcessMention, Span
from matching.understanding.finishes import Finish, closer, finishes
from matching.understanding.products import implied, phrased
from matching.understanding.source import Source
from matching.vocabulary.processes import find_processes, is_a, lineage, processes

_NOT_JA = (
    r"なし|無し|ナシ|不要|不可|いらない|要らない|要りません|いりません|ありません|無い|ないです|"
    r"ございません|省(?:いて|略)|結構です|ng|しません|しない(?!よう|ため|と)|せず|"
    r"行わ(?:ない|ず)|ではなく|じゃなく|でなく|ではない|以外|済んで|済み?(?![まん])|したくない|"
    r"したくありません|(?:まだ)?作りたくない|起こさず|起こさない|作らず|作らない|使わず|"
    r"使わない|"
    r"使いたくない|抜きで|対象外|範囲外|別途|別手配|手配済|できない"
)
_REFUSED_AFTER = re.compile(
    rf"^(?:した|し)?たくな|^くな[いく]|^(?:した|し)?たくありません|^(?:加工|処理|工程|仕上げ?|屋さん)?(?:など|等)?(?:は|も|を|が|の|代を|代は|で)?(?:一切|"
    rf"特に|まだ|全く|まったく)?(?:{_NOT_JA})"
)
# Wider: the words between may say more about the operation, as in 「溶接でつなぐ作り方は不可」.
_REFUSED_FAR = re.compile(
    r"^[^。、\n]{0,8}?(?:たく(?:は)?(?:な[いく]|ありません)|わけでは(?:な[いく]|ありません)|のではな[いく])|"
    r"^[^。、\n]{1,16}(?:は|も)(?:不可|ng|だめ|ダメ|駄目|避け|やめ|不要|なし|いりません|"
    r"要りません|したくない|作りたくない)|^(?:は|を)?(?:できるだけ|なるべく)?避け"
)
_BY_OTHERS_AFTER = re.compile(
    r"^(?:[^。、\n]{0,6}の(?=は|も))?(?:加工|処理|工程|仕上げ?|組付け?)?(?:[・と][^。、\n・はを]{1,6})?(?:だけ)?(?:は|を|も|まで|までは|"
    r"については)[^。、\n]{0,8}?(?:別の|他の|他社|よそ|別会社|自社|当社|弊社|当方|うちで|こちらで|"
    r"仲間|みんなで|内職|自前|自分(?:たち)?で|社内|客先|後で|後日|別途|別に|外注先|知り合いの|済ませ|終わ|終っ|終え|完了|任せ|"
    r"(?:[一-龥ァ-ヶ]{0,6}(?:屋|業者|師|大工|職人|工房|作業所))(?:が|に(?:頼|任|お願い|出)))|"
    r"^(?:所|会社|屋|工場)に[^。、\n]{0,6}(?:頼|任|依頼|発注)|^まで(?:済|終)|"
    r"^[るうくすつむぶぐ]?(?:の|作業|こと)?(?:は|も|と[^。、\n]{1,10}のは)[^。、\n]{1,10}(?:が(?:や[りる]|行[いう]|担当|し(?:ます|てくれ))|"
    r"(?:店|園|学校|会社|現地|自宅|会場|事務局|運営|会|部|班|施設|病院|研究室|大学|教室|家)で(?:や|行|し(?:ま|て)))|"
    r"^(?:加工|処理)?(?:は|を)?[^。、\n]{0,6}(?:こちらで(?:行|や|し|手配)|自社で(?:行|や|し))|"
    r"^(?:加工|処理|作業)?は(?:こちら|うち|私(?:たち|ども)?|自分(?:たち)?)(?:です)?(?=[。、\n]|$)"
)
_DONE_BY_US_BEFORE = re.compile(
    r"(?:自社|うち|こちら|当社|弊社|自分(?:たち)?|社内|他社|別の会社|別会社|よそ|ほか|既に|"
    r"すでに|もう|以前)(?:で|に)?[^。、\n]{0,8}$"
)
_DONE_AFTER = re.compile(r"^[^。、\n]{0,5}(?:った|いた|した|済|ました|ます|てある|てあり|でき(?:て|上が))")
_PAST_AFTER = re.compile(
    r"^(?:加工|処理)?(?:を|で|まで|は|も)?(?:し|作り|削り|行い|済ませ|終え|いれ|出力し|"
    r"印刷し)?(?:ました(?!が、?また)|てあり(?:ます)?|てある|済み?(?:の|で|を|は|が|品|材))"
)
# 「鋳物素材を持ち込み」: the stock is there.
_BROUGHT_AFTER = re.compile(
    r"^(?:上が|あが)って(?:い|お|る)|^(?:の?(?:素材|品|材|物|粗材|ブランク))?(?:は|を|が)?(?:こちらから|弊社から|当社から)?(?:持ち?込|支給|お?送り(?:し|ます)|お渡し|預け)"
)
_NO_WISH_AFTER = re.compile(
    r"^(?:(?:加工)?機(?!械加工)|器|装置|ロガー|ボックス|(?:の)?(?:とき|時|際)に使"
    r"|部(?!品|材)|跡|痕|ビード|会社(?:です|を営|をし)|屋(?:です|を営)|工場(?:です|を営)|"
    r"業を営|メーカーです|機を(?:持|買|使)|で(?:は|も)?(?:届か|断ら|無理|折れ)|"
    r"さん(?:たち|方)?(?:が|に)(?:や|し|頼|任|お願い|行)|"
    r"だと[^。\n]{0,18}(?:合い?(?:ませ|わ)|高|折れ|間に合わ|無理|反|割|届か)|"
    # What the person does next, what the part shall look like, and one way among others are no wish either.
    r"(?:を|に)(?:始め|開始|着手|使(?:う|い|用))|(?:品)?(?:みたいな|のような|っぽい|風の)|"
    r"(?:品)?でも(?:何でも|いい|良い|よい|可|構|かま|結構))"
)
_LIKENESS_BEFORE_EN = re.compile(r"\b(?:like|as if|resembling|similar to)(?: an| a| it were)? ?$")
# 「脈拍を測る腕輪」: what the thing is for, not what is asked; 「測る所」「削る仕事」 is asked.
_PLAIN_VERB = re.compile(r"[ぁ-ん][るくすむぐうつぶ]$|[一-龥][るくすむぐうつぶ]$")
_FOR_A_THING = re.compile(
    r"^(?:ため|為)?の?(?!こと|ところ|もの|仕事|作業|工程|加工|工場|会社|所|人|方|技術|必要|予定|設備|機械|屋|お店|だけ|のみ|時|際|前|後|場合|以外)[一-龥ァ-ヶ]"
)
# A thing that is named to say what the job is about: 「治具にタップが折れ込んだ」「レンズ台のカバー」.
_THING = re.compile(r"(?:治具|ゲージ|レンズ|ばね|バネ|スプリング)$")
_THING_AFTER = re.compile(
    r"^(?:[((][^))]*[))])?(?:\d*[個つ本枚]の|に(?!し)|台|用|カバー|ケース|の(?:真円|平面|寸法|座標))"
)
_REFUSED_BEFORE_EN = re.compile(
    r"\b(?:not|no|without|never|don't (?:need|want)(?: any)?|do not (?:need|want)(?: any)?|"
    r"no need (?:for|of|to)|instead of|rather than|already(?: been)?|other than|except(?: for)?|"
    r"excluding|"
    r"avoid(?:ing)?|isn't|nothing to|need not be|not be|won't need|previously|"
    r"we(?: will| shall|'ll)? do the(?: final)?)\b"
    r"(?: be| have| do|"
    r" any| a| an| the)* ?(?:[a-z-]+ )?$"
)
# "We assemble."; but "can we anodise it?" asks.
_BY_US_BEFORE_EN = re.compile(r"(?<!can )(?<!could )(?<!should )(?<!shall )(?<!if )\bwe(?: will| shall|'ll)? $")
_REFUSED_AFTER_EN = re.compile(
    r"^(?:ing|ed)?[ ,]?(?:is |are |will be |can be |has been |have been |was |"
    r"being )?(?:work )?(?:done |handled |arranged |taken care of |ordered )?(?:separately|"
    r"elsewhere|in-house|by (?:us|ourselves|others|another|a different|someone else)|ourselves|"
    r"not (?:needed|required|necessary|wanted)|unnecessary|excluded|already|on our side)"
)
_STATE_EN = re.compile(
    r"\b(?:arrives?|arriving|already|supplied|we supply|we'll supply|we provide|we will provide|provided by us|kitted|"
    r"from our stock|our own)\b"
)
_PARTICIPLE = re.compile(
    r"(?:hardened|tempered|annealed|pre-hardened|quenched|heat-treated|machined|welded|anodi[sz]ed|die-cast|cast)$"
)
# 「金型部品」 is the part itself; nobody asks for the mould.
_TOOL_PART = re.compile(r"^の?(?:部品|入れ子|入子|プレート|ダイ|コア|キャビ|ピン)")
_GAP_AND = re.compile(r"^(?:加工|処理|工程)?(?:も|や|と|・|、|,|/|\s|or|nor|and|および|及び|または|やら)*$")
_AND = re.compile(r"[もやと・/]|or|and|および|及び|または")
_BEFORE_JA = re.compile(r"^(?:加工|処理)?(?:する|の|を?(?:する|かける|入れる))?前に")
_AFTER_EN = re.compile(r"\bafter(?: the| it is| being)? ?$")
_BEFORE_EN = re.compile(r"\bbefore(?: the)? ?$")
_APPLIED = re.compile(r"^[^。\n→]{1,60}に[^。に、\n→]{0,12}$")
_THEN = re.compile(
    r"(?:削|作|曲げ|切|つく|加工|成形|鋳|打)[^。、\n]{0,4}(?:て|して|し、|り、)|から、|のあと|"
    r"後に|最後に|→|それに|そして"
)
_DRAWING_UP_TO, _SHAPING_UP_TO, _FINISHING_FROM = 10, 55, 60
# From here on in a route a step gives a part its properties or looks; what comes before makes it.
_TREATING_FROM = 40
_TELLS_MORE = 2
# 「パネルを黒くしたい」 treats a panel that is there; 「箱を10個、黒くしたい」 wants boxes.
_EXISTING_BEFORE = re.compile(r"(?<![角色面])を(?:[^。、]{0,4}に)?$|表面(?:だけ|のみ|を|も)?$")
_DYED_AFTER = re.compile(r"染|塗|めっき|メッキ")
_EXISTING = re.compile(
    r"済みの|支給|手持ち|持ち込|既製|市販|出来上がった|できあがった|supplied|existing|off[- ]the[- ]shelf"
)
# 「射出成形機のカバー」, 「試験機に載せる」: the machine is the place, not the operation.
_MACHINE = re.compile(r"(?:機|装置|槽|炉|ロボット|マシン|盤)$")
_MACHINE_PART = re.compile(
    r"^(?:機|装置|槽|炉)?(?:の(?!加工|仕事|方|工程|作業|順)|に(?!て|よ|かけ|は?無理)|用|が(?!必要)|を(?!使|用い)|へ|本体)"
)


@dataclass(slots=True)
class _Hit:
    process_id: str
    span: Span
    cue: bool
    start: int
    end: int
    refused: bool = False
    dropped: bool = False
    order: float = 0
    finish: bool = False


def read_operations(
    source: Source, size: tuple[float, ...] = (), material: str = ""
) -> tuple[tuple[ProcessMention, ...], tuple[ProcessMention, ...]]:
    """The operations wanted, in route order, and those ruled out or left to others, in text order."""
    hits = _hits(source, material)
    _judge(source, hits)
    _spread(source, hits)
    _drop_states(source, hits)
    wanted = _mentions(_ordered(source, [h for h in hits if not h.refused and not h.dropped]))
    refused = _mentions([h for h in hits if h.refused and not h.dropped])
    wanted = _without_overruled(wanted, refused, hits)
    wished = _looks_of_new_parts(source, hits)
    extra = implied(
        source,
        frozenset(m.process_id for m in wanted if m.process_id not in wished),
        frozenset(m.process_id for m in refused),
        size,
        material,
    )
    more = [ProcessMention(id_, spans, implied=True, guessed=True) for id_, spans in extra]
    joined = _drawn_first(_joined(wanted, more) if wished else _renumbered([*wanted, *more]))
    return joined, tuple(m for m in refused if m.process_id not in {w.process_id for w in wanted})


def _joined(wanted: tuple[ProcessMention, ...], more: list[ProcessMention]) -> tuple[ProcessMention, ...]:
    """The steps that make the part stand before those that treat it."""
    known = processes()
    treating = [m for m in wanted if known[m.process_id].stage >= _TREATING_FROM]
    makes = all(known[m.process_id].stage < known[t.process_id].stage for m in more for t in treating)
    return _renumbered([*more, *wanted] if makes and len(treating) == len(wanted) else [*wanted, *more])


def _drawn_first(mentions: tuple[ProcessMention, ...]) -> tuple[ProcessMention, ...]:
    """「切削で10個。図面は描けません」: a text tells last that there is no drawing, and yet it is drawn first."""
    known = processes()
    return _renumbered(sorted(mentions, key=lambda m: known[m.process_id].stage > _DRAWING_UP_TO))


def _renumbered(mentions: list[ProcessMention]) -> tuple[ProcessMention, ...]:
    return tuple(replace(m, order=i) for i, m in enumerate(mentions))


def _looks_of_new_parts(source: Source, hits: list[_Hit]) -> frozenset[str]:
    """The finishes of things that are still to be made; these leave open how they are made."""
    if _EXISTING.search(source.text):
        return frozenset()
    return frozenset(h.process_id for h in hits if h.finish)


def _hits(source: Source, material: str) -> list[_Hit]:
    """The vocabulary's words and the phrases, in text order; a phrase outdoes the vaguer words within it."""
    phrases = [_Hit(p, source.span(a, b), cue=True, start=a, end=b) for p, a, b in phrased(source)]
    kept = [w for w in _words(source) if not any(_outdoes(p, w) for p in phrases)]
    meant = [replace(h, process_id=closer(h.process_id, material)) for h in kept + phrases]
    hits = _with_finishes(source, [h for h in meant if h.process_id], finishes(source, material))
    hits.sort(key=lambda h: h.start)
    for order, hit in enumerate(hits):
        hit.order = order
    return hits


def _words(source: Source) -> list[_Hit]:
    return [
        _Hit(h.process_id, source.as_typed(h.span), h.cue, source.place(h.span.start), source.place(h.span.end))
        for h in find_processes(source.repaired)
    ]


def _with_finishes(source: Source, hits: list[_Hit], wishes: tuple[Finish, ...]) -> list[_Hit]:
    """A wish for looks takes the place of the vocabulary's guess at it, unless a step that is named fulfils it."""
    kept = [h for h in hits if not any(_guesses(h, wish) for wish in wishes)]
    colours = {w.process_id for w in wishes if w.process_id and not w.yields_to}
    for wish in wishes:
        others = {h.process_id for h in kept if not h.finish} | colours
        if wish.process_id and not any(wish.yields(o) for o in others) and not _is_named(wish, kept):
            span = source.span(wish.start, wish.end)
            kept.append(_Hit(wish.process_id, span, cue=True, start=wish.start, end=wish.end, finish=True))
    for hit in kept:
        told_by = [wish for wish in wishes if hit.cue and _overlap(hit, wish)]
        hit.finish = any(not _treats_what_is_there(source, wish) for wish in told_by)
    return kept


def _treats_what_is_there(source: Source, wish: Finish) -> bool:
    """「パネルを黒く」 and 「ピンクに染めて」 speak of the treatment alone."""
    return bool(_EXISTING_BEFORE.search(source.before(wish.start, 12)) or _DYED_AFTER.match(source.after(wish.end, 3)))


def _guesses(hit: _Hit, wish: Finish) -> bool:
    """A longer wording (「外周だけ硬く」) tells more than the wish, unless the text around decides that one."""
    longer = wish.start - hit.start >= _TELLS_MORE
    return hit.cue and _overlap(hit, wish) and (wish.sure or not longer)


def _overlap(hit: _Hit, wish: Finish) -> bool:
    """Whether the words of a treatment and of a wish run into each other."""
    treats = processes()[hit.process_id].stage >= _FINISHING_FROM or lineage(hit.process_id)[-1] == "heat_treatment"
    return treats and hit.start < wish.end and wish.start < hit.end


def _is_named(wish: Finish, hits: list[_Hit]) -> bool:
    """Whether the text tells another way to the same end: 「黒く塗装」 is no anodising."""
    group = lineage(wish.process_id)[-1]
    rivals = [h for h in hits if not h.finish and (lineage(h.process_id)[-1] == group or _overlap(h, wish))]
    return any(not is_a(wish.process_id, h.process_id) for h in rivals)


def _outdoes(phrase: _Hit, word: _Hit) -> bool:
    overlaps = phrase.start < word.end and word.start < phrase.end
    return overlaps and (word.cue or is_a(phrase.process_id, word.process_id))


def _judge(source: Source, hits: list[_Hit]) -> None:
    for hit in hits:
        before, after = source.before(hit.start, 30), source.after(hit.end, 30)
        word = source.text[hit.start : hit.end]
        tool_part = re.search("型(?:部品)?$", word) and (word.endswith("部品") or _TOOL_PART.match(after))
        thing = _THING.search(word) and _THING_AFTER.match(after)
        likeness = _LIKENESS_BEFORE_EN.search(before)
        machine = _MACHINE.search(word) and _MACHINE_PART.match(after)
        purpose = hit.cue and _PLAIN_VERB.search(word) and _FOR_A_THING.match(after)
        hit.dropped = bool(_NO_WISH_AFTER.search(after) or tool_part or thing or likeness or machine or purpose)
        hit.dropped = hit.dropped and not after.startswith("だと")
        hit.refused = (
            _is_refused(before, after)
            or _is_done(source, hit, before, after)
            or (after.startswith("だと") and bool(_NO_WISH_AFTER.search(after)))
        )


def _is_refused(before: str, after: str) -> bool:
    return bool(
        _REFUSED_AFTER.search(after)
        or _REFUSED_FAR.search(after)
        or _BY_OTHERS_AFTER.search(after)
        or _REFUSED_BEFORE_EN.search(before)
        or _BY_US_BEFORE_EN.search(before)
        or _REFUSED_AFTER_EN.search(after)
    )


def _is_done(source: Source, hit: _Hit, before: str, after: str) -> bool:
    """Steps that lie behind the part when it arrives, or that the asking firm does itself."""
    if _DONE_BY_US_BEFORE.search(before) and _DONE_AFTER.search(after):
        return True
    words = source.text[hit.start : hit.end]
    start, end = source.sentence(hit.start)
    if _PARTICIPLE.search(words) and _STATE_EN.search(source.text[start:end]):
        return bool(re.match(r" [a-z0-9]", after))
    return bool(_PAST_AFTER.search(after) or _BROUGHT_AFTER.search(after))


def _spread(source: Source, hits: list[_Hit]) -> None:
    """「曲げも溶接もなし」 rules out both; so does "no bending or welding"."""
    for one, two in reversed([*pairwise(hits)]):
        if two.refused and _negated_after(source, two) and _are_one_list(source, one, two):
            one.refused = True
    for one, two in pairwise(hits):
        gap = source.text[one.end : two.start]
        if (
            one.refused
            and _REFUSED_BEFORE_EN.search(source.before(one.start, 30))
            and re.fullmatch(r"(?:,? ?(?:or|nor|and|/)?\s?)", gap)
        ):
            two.refused = True


def _are_one_list(source: Source, one: _Hit, two: _Hit) -> bool:
    """「曲げも溶接もなし」; but of 「黒アルマイト、検査なし」 only the inspection is ruled out."""
    gap = source.text[one.end : two.start]
    alike = lineage(one.process_id)[-1] == lineage(two.process_id)[-1]
    return bool(_GAP_AND.match(gap)) and (alike or bool(_AND.search(gap)))


def _negated_after(source: Source, hit: _Hit) -> bool:
    after = source.after(hit.end, 30)
    return bool(_REFUSED_AFTER.search(after) or _BY_OTHERS_AFTER.search(after) or _REFUSED_AFTER_EN.search(after))


def _drop_states(source: Source, hits: list[_Hit]) -> None:
    """「削り出しケース60個に黒アルマイトを」 asks for the anodising alone: the case is there already."""
    for one, two in pairwise(hits):
        gap = source.text[one.end : two.start]
        finishing = processes()[two.process_id].stage >= _FINISHING_FROM > processes()[one.process_id].stage
        if finishing and _APPLIED.match(gap) and not _THEN.search(source.text[one.start : two.start]):
            one.dropped = True


def _ordered(source: Source, hits: list[_Hit]) -> list[_Hit]:
    for one, two in pairwise(hits):
        gap = source.text[one.end : two.start]
        before_one = source.before(one.start, 14)
        if _BEFORE_JA.match(gap) or _AFTER_EN.search(gap) or ("," in gap and _BEFORE_EN.search(before_one)):
            one.order, two.order = two.order, one.order
    return sorted(hits, key=lambda h: h.order)


def _mentions(hits: list[_Hit]) -> tuple[ProcessMention, ...]:
    """One mention for each process, unless the same text also names it more closely."""
    ids = dict.fromkeys(h.process_id for h in hits)
    kept = [p for p in ids if not any(q != p and is_a(q, p) for q in ids)]
    return tuple(
        ProcessMention(
            p,
            tuple(h.span for h in hits if h.process_id == p),
            i,
            implied=all(h.cue for h in hits if h.process_id == p),
        )
        for i, p in enumerate(kept)
    )


def _without_overruled(
    wanted: tuple[ProcessMention, ...], refused: tuple[ProcessMention, ...], hits: list[_Hit]
) -> tuple[ProcessMention, ...]:
    """A lay phrase that also hints at a process the text rules out does not ask for it."""
    out = {m.process_id for m in refused}
    named = {h.process_id for h in hits if not h.cue and not h.refused}
    kept = [m for m in wanted if m.process_id not in out or m.process_id in named]
    return tuple(ProcessMention(m.process_id, m.spans, i, m.implied) for i, m in enumerate(kept))
