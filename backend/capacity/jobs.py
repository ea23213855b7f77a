"""The weekly asking as jobs: once a morning the firms whose day it is, then one mail each."""

from datetime import date, timedelta

from backend.capacity.reminders import due_reminders, remind
from backend.capacity.service import FRESH, send_link_asked_for
from backend.core import clock
from backend.core.jobs import Work, enqueue, every, job

ASK_ALL, ASK_ONE = "capacity.remind", "capacity.remind-firm"


@job(ASK_ALL)
def remind_all(work: Work) -> None:
    today = clock.today()
    for due in due_reminders(work.session, today):
        payload = {"firm_id": due.firm_id, "day": today.isoformat()}
        enqueue(work.session, ASK_ONE, payload, f"{ASK_ONE}:{due.firm_id}:{today.isoformat()}")


@job(ASK_ONE)
def remind_firm(work: Work) -> None:
    day = date.fromisoformat(work.payload["day"])
    remind(work.session, work.settings.secret_key.get_secret_value(), work.payload["firm_id"], day)


@job(FRESH)
def send_link(work: Work) -> None:
    secret = work.settings.secret_key.get_secret_value()
    send_link_asked_for(work.session, secret, work.payload["who"], work.payload["old"], clock.today())


every(ASK_ALL, timedelta(days=1), at=timedelta(hours=7, minutes=30))
