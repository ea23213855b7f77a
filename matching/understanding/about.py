"""How people say that a figure is not exact: 「約10個」「3センチくらい」「来週あたり」, "ca. 5 pcs", "30 mm or so".

Such words leave the figure what it is; every reader looks past them. Text is folded (lower case, one kind of sign).
"""

#: Before a figure. The point of an abbreviation ends no sentence (see `source`).
ABOUT_BEFORE = (
    r"(?:約|だいたい|大体|おおよそ|およそ|凡そ|おおむね|概ね|ほぼ|ざっと|大まかに|まあ|"
    r"about|around|roughly|approximately|approx\.?|circa|ca\.?|some|more or less|~)"
)
#: After a figure and its unit or counter. 「3ミリ程度」 but not 「3ミリ位置」, 「10個弱」 but not 「10ミリ弱める」.
ABOUT_AFTER = (
    r"(?:くらい|ぐらい|位(?![置相])|程度?(?!良|よ)|ほど(?!よ|良)|前後(?!に|左|の(?:面|端))|内外|[弱強](?![いくめまさ度化力制冷])|"
    r"ちょっと|ちょい|そこそこ|そこら|見当|ばかり|or so\b|or thereabouts\b|-?ish\b)"
)
#: After a day, a week or a month.
ABOUT_WHEN = r"(?:ごろ|ころ|頃|くらい|ぐらい|あたり|辺り|前後)"
