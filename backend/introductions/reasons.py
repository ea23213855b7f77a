"""Lists to choose from: why a firm passes, what it would need, why a case comes to nothing, what a firm is told."""

from backend.core.i18n import mark

DECLINE_REASONS = {
    "no_capacity": mark("空きがない"),
    "size": mark("設備や大きさが合わない"),
    "tolerance": mark("精度がむずかしい"),
    "quantity": mark("数量が合わない"),
    "material": mark("材質を扱っていない"),
    "other": mark("ほかの理由"),
}
CONDITIONS = {
    "later": mark("渡す日を延ばしたい"),
    "drawing": mark("図面を見てから決めたい"),
    "only": mark("この工程だけなら"),
    "call": mark("先に電話で話したい"),
    "material_supplied": mark("材料を支給してほしい"),
}
LOST_REASONS = {
    "price": mark("金額が合わなかった"),
    "due": mark("納期が合わなかった"),
    "quality": mark("精度・品質が合わなかった"),
    "no_firm": mark("受けられる工場がなかった"),
    "elsewhere": mark("ほかで決まった"),
    "stopped": mark("企画が止まった"),
    "no_reply": mark("連絡がとれなくなった"),
    "duplicate": mark("同じ相談がほかにある"),
    "other": mark("ほかの理由"),
}
FEEDBACK = {
    "nearer": mark("より近い工場に決まりました"),
    "earlier": mark("より早く渡せる工場に決まりました"),
    "conditions": mark("条件が合いませんでした"),
    "price": mark("金額が合いませんでした"),
    "team": mark("前後の工程との組み合わせで決まりました"),
    "stopped": mark("依頼者の企画が止まりました"),
    "other": mark("ほかの工場に決まりました"),
}
