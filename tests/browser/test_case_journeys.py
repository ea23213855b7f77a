"""Cases from the first sentence to the last rating: three people in three browsers, and once all by telephone.

Buttons are found by what they send, not by their words, so that one journey serves both languages. Every page is looked
at by axe and measured for sideways scrolling wherever it is visited; axe is a script, so not where scripts are off.
"""

import re
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.site import Site, _wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ONE_FIRM = {
    "ja": "アルミA5052の板を曲げた箱を10個つくりたい。大きさは240×160×90、公差は±0.3。再来月末まで。",
    "en": "10 boxes of aluminium sheet A5052, bent, 240 x 160 x 90 mm, tolerance 0.3 mm, in three months",
}
CHAIN = (
    "配膳ロボットの首を10個。A5052の板をレーザーで切って、曲げて、溶接して、全体を黒アルマイト。"
    "大きさは240×160×90、公差は±0.3。再来月末まで。"
)
OFFER, REQUEST = r"http://\S+/o/[\w.-]+", r"http://\S+/requests/[\w-]+"
FINISHED = {"ja": "評価・完了", "en": "Rated and finished"}
IsFine = Callable[[Page], None]


def _mailed(site: Site, to: str, pattern: str) -> str:
    """The address in the newest mail to somebody, once it has come."""
    found: list[str] = []

    def come() -> bool:
        found[:] = [match.group() for letter in site.post.box.to(to) for match in re.finditer(pattern, letter.text)]
        return bool(found)

    _wait_until(come)
    return found[-1]


def _mail_of(firm_id: str, case: str) -> str:
    """An address of its own in each case: an old mail of another case is never taken for the one that is waited for."""
    return f"{firm_id[:20]}-{case.rsplit('/', 1)[-1]}@example.jp"


def _button(page: Page, action: str) -> Locator:
    """The buttons that carry out an action, by what their form sends."""
    sent = f'[name="action"][value="{action}"]'
    return page.locator(f"form:has(input{sent}) button, button{sent}")


def _press(page: Page, action: str) -> None:
    """The first of them, with whatever is folded around it opened."""
    button = _button(page, action).first
    _unfold(button)
    with page.expect_navigation():
        button.click()


def _unfold(inside: Locator) -> None:
    """Open what hides this, as a reader would: by its summary."""
    for fold in inside.locator("xpath=ancestor::details[not(@open)]").all():
        fold.locator("summary").first.click()


def _send_request(page: Page, text: str, email: str, look: IsFine) -> str:
    """From the start page to the request, with an address for answers; gives the token's page."""
    page.goto("/")
    look(page)
    page.locator("#want").fill(text)
    page.locator("button.btn-main[type=submit]").first.click()
    page.wait_for_url("**/requests/*")
    look(page)
    if not email:
        return page.url
    contact = page.locator("#contact form")
    _unfold(contact)
    contact.locator("[name=contact_name]").fill("豆田")
    contact.locator("[name=contact_organisation]").fill("ソラマメ配膳")
    contact.locator("[name=contact_email]").fill(email)
    with page.expect_navigation():
        contact.locator("button").click()
    expect(page.locator("#contact")).to_contain_text(email)
    return page.url.split("#")[0].removesuffix("/contact")


def _open_case(desk: Page, number: str, look: IsFine) -> str:
    """From today's work to the case."""
    desk.goto("/desk")
    look(desk)
    desk.goto(f"/cases?q={number}")
    look(desk)
    desk.locator(".t a[href^='/cases/']").first.click()
    desk.wait_for_url("**/cases/*")
    look(desk)
    return desk.url.split("#")[0]


def _choose(desk: Page, case: str, leg: int, look: IsFine, without: Sequence[str] = ()) -> str:
    """Ask one firm for one operation; gives the firm."""
    desk.goto(case)
    desk.locator(f".case-leg >> nth={leg}").locator("a[href$='/candidates']").click()
    desk.wait_for_url("**/candidates")
    look(desk)
    fitting: list[str] = desk.locator("input[name=firms]").evaluate_all("boxes => boxes.map(box => box.value)")
    firm_id = next(one for one in fitting if one not in without)
    choose = desk.url
    _can_be_reached(desk, firm_id, _mail_of(firm_id, case), look)
    desk.goto(f"{choose}")
    for ticked in desk.locator("input[name=firms]:checked").all():
        ticked.uncheck()
    desk.locator(f"input[name=firms][value='{firm_id}']").check()
    desk.locator("form:has([name=reply_by]) button[type=submit]").click()
    desk.wait_for_url(re.compile(r"/cases/\d+(#|$)"))
    look(desk)
    return firm_id


def _can_be_reached(desk: Page, firm_id: str, email: str, look: IsFine) -> None:
    """Write down where the firm gets its mails."""
    desk.goto(f"/firms/{firm_id}/capacity")
    look(desk)
    field = desk.locator("form [name=email]")
    _unfold(field)
    field.fill(email)
    with desk.expect_navigation():
        desk.locator("form:has([name=email]) button[type=submit]").first.click()


def _raise_hand(workshop: Page, link: str, look: IsFine) -> None:
    """The workshop opens the link of its mail and says that it would."""
    workshop.goto(link)
    look(workshop)
    expect(workshop.locator("main")).not_to_contain_text(re.compile("豆田|ソラマメ|mame"))
    workshop.locator(".pick", has=workshop.locator("input[name=answer][value=raise_hand]")).first.click()
    with workshop.expect_navigation():
        workshop.locator("form.answer button.if-send").first.click()
    expect(workshop.locator(".told").first).to_be_visible()
    look(workshop)


def _rate(page: Page, look: IsFine, side: str, introduction: int = 0) -> None:
    """Good marks for one introduction on the page of results."""
    form = page.locator(f"form:has([name=kind][value=rate]):has([name=party][value={side}])").nth(introduction)
    _unfold(form)
    for name in ("quality", "delivery", "cost"):
        form.locator(".pick", has=page.locator(f"input[name={name}][value='5']")).click()
    look(page)
    with page.expect_navigation():
        form.locator("button").click()


def _stands_at(desk: Page, case: str, label: str) -> None:
    desk.goto(case)
    expect(desk.locator(".way [aria-current]")).to_contain_text(label)


def _do_not_look(_page: Page) -> None:
    """Stands in for the axe check where no script runs."""


def _case_of(desk: Page, number: str, split: str, look: IsFine) -> str:
    """From today's work through the first states, to the case cut into its operations."""
    case = _open_case(desk, number, look)
    _press(desk, "take")
    _press(desk, "clear")
    with desk.expect_navigation():
        desk.locator(f"form:has([name=kind][value={split}]) button").click()
    return case


def _introduced(founder: Page, address: str, desk: Page, case: str, look: IsFine) -> None:
    """The founder agrees to every firm that raised its hand, and the coordinator introduces them."""
    founder.goto(f"{address}/progress")
    look(founder)
    while _button(founder, "agree_to").count():
        _press(founder, "agree_to")
    desk.goto(case)
    _press(desk, "introduce")
    look(desk)
    founder.goto(f"{address}/progress")
    look(founder)


def _made(workshop: Page, founder: Page, look: IsFine) -> None:
    """The workshop tells how the work goes, and the founder accepts what arrived."""
    look(workshop)
    for action in ("order", "start_leg", "hand_over"):
        _press(workshop, action)
    look(workshop)
    founder.reload()
    _press(founder, "accept_leg")


@pytest.mark.parametrize(("lang", "scripts"), [("en", True), ("ja", False)])
def test_one_firm_from_the_first_sentence_to_the_last_rating(
    site: Site, open_page: Open, is_fine: IsFine, lang: str, scripts: bool
) -> None:
    look, email = is_fine if scripts else _do_not_look, f"mame-{lang}@example.jp"
    founder = open_page(lang=lang, scripts=scripts)
    workshop = open_page(width=360, lang=lang, scripts=scripts)
    desk = open_page(lang=lang, scripts=scripts, staff=True)
    address = _send_request(founder, ONE_FIRM[lang], email, look)
    case = _case_of(desk, founder.locator("h1 .nb").inner_text(), "whole", look)
    assert _mailed(site, email, REQUEST) == address
    firm = _choose(desk, case, 0, look)
    _raise_hand(workshop, _mailed(site, _mail_of(firm, case), OFFER), look)
    _introduced(founder, address, desk, case, look)
    expect(founder.locator(f"a[href='mailto:{_mail_of(firm, case)}']")).to_be_visible()
    workshop.goto(_mailed(site, _mail_of(firm, case), OFFER))
    expect(workshop.locator("main")).to_contain_text(email)
    _press(workshop, "quote")
    _made(workshop, founder, look)
    for page, side in ((founder, "client"), (workshop, "firm")):
        page.reload()
        page.locator("a[href$='/outcome']").first.click()
        _rate(page, look, side)
    _stands_at(desk, case, FINISHED[lang])
    look(desk)
    founder.reload()
    look(founder)


def test_four_workshops_pass_a_job_on(site: Site, open_page: Open, is_fine: IsFine) -> None:
    email = "mame-chain@example.jp"
    founder, workshop, desk = open_page(width=360), open_page(width=360), open_page(staff=True)
    address = _send_request(founder, CHAIN, email, is_fine)
    case = _case_of(desk, founder.locator("h1 .nb").inner_text(), "route", is_fine)
    expect(desk.locator(".case-leg")).to_have_count(4)
    firms: list[str] = []
    # The pages of the four are the same pages: those of the first are looked at.
    looks = [is_fine, *[_do_not_look] * 3]
    for leg, look in enumerate(looks):
        firms.append(_choose(desk, case, leg, look, without=firms))
        _raise_hand(workshop, _mailed(site, _mail_of(firms[-1], case), OFFER), look)
    _introduced(founder, _mailed(site, email, REQUEST), desk, case, is_fine)
    for firm, look in zip(firms, looks, strict=True):
        workshop.goto(_mailed(site, _mail_of(firm, case), OFFER))
        expect(workshop.locator("main")).to_contain_text(email)
        _made(workshop, founder, look)
    _stands_at(desk, case, "納品")
    founder.goto(f"{address}/outcome")
    for leg, firm in enumerate(firms):
        _rate(founder, _do_not_look, "client", leg)
        workshop.goto(f"{_mailed(site, _mail_of(firm, case), OFFER)}/outcome")
        _rate(workshop, looks[leg], "firm")
    is_fine(founder)
    _stands_at(desk, case, FINISHED["ja"])
    is_fine(desk)


def test_everything_by_telephone(open_page: Open, is_fine: IsFine) -> None:
    """Neither the client nor the firm has a computer: the coordinator writes down what each of them says."""
    desk = open_page(staff=True)
    address = _send_request(desk, ONE_FIRM["ja"], "", is_fine)
    case = _case_of(desk, desk.locator("h1 .nb").inner_text(), "whole", is_fine)
    _choose(desk, case, 0, is_fine)
    answer = desk.locator("form[action$='/answer']").first
    _unfold(answer)
    answer.locator("input[name=answer][value=raise_hand]").check()
    answer.locator("[name=words]").fill("来週なら始められるとのこと")
    is_fine(desk)
    with desk.expect_navigation():
        answer.locator("button").click()
    expect(desk.locator(".offer")).to_contain_text("電話で確認")
    for action in ("agree_to", "introduce"):
        _press(desk, action)
    is_fine(desk)
    desk.locator("a[href$='/outcome']").click()
    _reported_by_telephone(desk, is_fine)
    for side in ("client", "firm"):
        _rate(desk, is_fine, side)
    _stands_at(desk, case, FINISHED["ja"])
    expect(desk.locator("#history")).to_contain_text("電話")
    desk.goto(f"{address}/outcome")
    is_fine(desk)


def _reported_by_telephone(desk: Page, look: IsFine) -> None:
    """What the client says came of it, with the amount as people write it."""
    report = desk.locator("form:has([name=kind][value=report]):has([name=party][value=client])")
    _unfold(report)
    report.locator(".pick", has=desk.locator("input[name=delivered][value=yes]")).click()
    report.locator("[name=amount_yen]").fill("１２０，０００円")
    look(desk)
    with desk.expect_navigation():
        report.locator("button").click()
