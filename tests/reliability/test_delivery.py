"""Messages come 1-5 times, out of order, late, answers lost: it ends as if each had come once and in order (R4)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import PERMIT, Office
from tests.pens import HELD, HeldPen
from tests.sizes import sizes
from yukuaiban.cases.models import Case
from yukuaiban.cases.rebuilding import case_streams, fold_differences
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.reading import events
from yukuaiban.journal.verifying import verify
from yukuaiban.notices.adapters.inbox import to_inbox
from yukuaiban.notices.models import Message, Notice
from yukuaiban.notices.outbox import Letter, deliver_all, enqueue
from yukuaiban.web import scope, session

MOST = 5  # copies of one message
LATE = timedelta(days=30)
WISHES = ("receive", "admit", "hand_over")


@pytest.fixture
def office(db, settings, monkeypatch) -> Office:
    """The office's moment is that of every request."""
    found = Office()
    settings.YKB_PEN = HELD
    monkeypatch.setattr(HeldPen, "clock", staticmethod(lambda: found.now))
    monkeypatch.setattr(scope, "now", lambda: found.now)
    return found


@dataclass
class Sender:
    """A program that sends what one applicant wishes, in order, through a network that does what it likes.

    What the network refuses to carry out, for its predecessor has not come yet, is sent again an hour later.
    """

    office: Office
    dice: random.Random
    name: str
    keys: bool = True
    number: str = ""
    answers: dict[str, bytes] = field(default_factory=dict)

    def copies(self) -> list[str]:
        """The copies of all wishes as they come in: any order, each wish 1-5 times."""
        found = [wish for wish in WISHES for _ in range(self.dice.randint(1, MOST))]
        self.dice.shuffle(found)
        return found

    def run(self) -> None:
        waiting, late = self.copies(), []
        while waiting:
            wish = waiting.pop(0)
            if self.keys and wish in self.answers and self.dice.random() < 0.5:
                late.append(wish)
            elif not self.arrives(wish):
                waiting.append(wish)
        self.office.now += self.dice.uniform(0.5, 1) * LATE
        for wish in late:
            assert self.arrives(wish)

    def arrives(self, wish: str) -> bool:
        """One copy; whether it was carried out. A copy of an admission before there is a case has nowhere to go."""
        self.office.now += timedelta(minutes=self.dice.randint(0, 9))
        if wish != "receive" and not self.number:
            return False
        answer = self.post(wish)
        if answer.status_code in {200, 201}:
            self.number = self.number or answer.json()["number"]
            said = self.answers.setdefault(wish, answer.content)
            assert not self.keys or said == answer.content, "a copy got another answer"
        return answer.status_code in {200, 201} or (not self.keys and wish in self.answers)

    def post(self, wish: str):
        data = {"matter": PERMIT, "desk": "main-01", "applicant": self.name, "phone": "19900001234"}
        body = {"procedure": "desks", "action": wish, "data": data if wish == "receive" else {}}
        path = "/api/v1/cases" if wish == "receive" else f"/api/v1/cases/{self.number}/actions"
        if wish != "receive":
            del body["procedure"]
        headers = {"Idempotency-Key": f"{self.name}-{wish}"} if self.keys else {}
        return client_of(self.office).post(
            path, json.dumps(body), content_type="application/json", headers=headers
        )


def client_of(office: Office) -> Client:
    """小榆 at a program, signed in for the moment."""
    staff, found = office.staff("xiaoyu"), Client()
    found.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session.keep_key(staff, found.session.session_key)
    return found


def told(number: str) -> list[tuple[str, dict]]:
    """What the journal says of a case, but for its own identifiers and moments."""
    return [
        (each.type, {name: each.body.get(name) for name in ("matter", "desk")})
        for each in events(f"case:{number}")
    ]


def opened() -> Iterator[str]:
    yield from Case.objects.order_by("number").values_list("number", flat=True)


@pytest.mark.parametrize("size", sizes("R4"))
def test_whatever_the_network_does_each_wish_is_carried_out_once_and_in_order(
    office, size, seed, record_property
):
    once = Sender(office, random.Random(seed), "一次")
    assert all(once.arrives(wish) for wish in WISHES)
    wanted = told(once.number)
    dice, sent = random.Random(seed), 0
    senders = [Sender(office, dice, f"申请人{n}") for n in range(size["sequences"])]
    for sender in senders:
        sender.run()
        sent += len(WISHES)
        people = [each for each in told(sender.number) if not each[0].startswith("clock.")]
        assert people[: len(wanted)] == wanted, sender.name
        keys = JournalEvent.objects.filter(idem_key__startswith=f"{sender.name}-").count()
        assert keys == len(WISHES)
    assert list(opened()) == sorted([once.number, *(sender.number for sender in senders)])
    assert verify(folds={"case:": fold_differences}, streams={"case:": case_streams}).ok
    record_property("sequences", len(senders))
    record_property("acknowledged", sent)
    record_property("doubled", 0)


def test_a_sender_without_keys_is_not_carried_out_once(office, seed):
    """The control: the same network, but nobody can tell a copy from a new wish."""
    dice = random.Random(seed)
    for n in range(5):
        Sender(office, dice, f"申请人{n}", keys=False).run()
    assert len(list(opened())) > 5


class Network:
    """Carries a message 1-5 times, or says that it failed although it had carried it."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.carried = dice, []

    def __call__(self, message: Message, _now) -> None:
        self.carried += [message] * self.dice.randint(1, MOST)
        if self.dice.random() < 0.4:
            raise TimeoutError("the answer was lost")


@pytest.mark.parametrize("size", sizes("R4"))
def test_a_receiver_that_knows_the_keys_has_each_message_once(office, size, seed, record_property):
    """And the control: who does not look at the keys has more of them."""
    network, count = Network(random.Random(seed)), size["sequences"]
    for n in range(count):
        letter = Letter("partner", "staff:one", f"预警 {n}", "请尽快办理。")
        enqueue(letter, cause=office.pen.uid(), created_at=office.now, not_before=office.now)
    while Message.objects.filter(state=Message.State.QUEUED).exists():
        deliver_all(office.now, owner="sender", adapters={"partner": network})
        office.now += timedelta(hours=1)
    network.dice.shuffle(network.carried)
    for message in network.carried:
        to_inbox(message, office.now)
    assert set(Notice.objects.values_list("key", flat=True)) == set(
        Message.objects.values_list("key", flat=True)
    )
    assert Notice.objects.count() == count
    assert len(network.carried) > 2 * count
    record_property("carried", len(network.carried))
