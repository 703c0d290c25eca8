"""The outbox: written with the event, sent by lease, retried, set aside in sight, never twice inside."""

from __future__ import annotations

import json
import socketserver
import threading
from datetime import datetime, time, timedelta
from email import message_from_string
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tests.cast import Office, at
from yukuaiban.cases.telling import notification_time
from yukuaiban.cases.versions import current_calendar
from yukuaiban.core.errors import Refused
from yukuaiban.core.workcalendar import WorkCalendar, parse_calendar
from yukuaiban.notices import outbox
from yukuaiban.notices.adapters import Undeliverable
from yukuaiban.notices.hours import next_allowed
from yukuaiban.notices.models import Message, Notice
from yukuaiban.notices.outbox import Letter, deliver, deliver_all, enqueue, resend, unsent_age

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def letter(office: Office, channel: str = "inbox", to: str = "staff:one", subject: str = "预警") -> Message:
    cause = office.pen.uid()
    enqueue(
        Letter(channel, to, subject, "请尽快办理。", "9901"),
        cause=cause,
        created_at=office.now,
        not_before=office.now,
    )
    return Message.objects.get(key=f"{cause}/{channel}/{to}")


def again(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


class Channel:
    """A channel that fails as often as told and remembers the keys it was given."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors, self.keys = list(errors), []

    def __call__(self, message: Message, now: datetime) -> None:
        self.keys.append(message.key)
        if self.errors:
            raise self.errors.pop(0)


def test_a_refused_action_leaves_no_message_and_a_rolled_back_one_neither(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-12T09:00")
    with pytest.raises(Refused):
        office.do(case, "complete", "handler")  # not open; the warning that had come up is undone with it
    assert not Message.objects.exists()
    with transaction.atomic():
        office.tick()
        assert Message.objects.exists()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    office.tick()
    assert set(Message.objects.values_list("recipient", flat=True)) == {office.handler.ref, office.second.ref}


def test_one_cause_channel_and_recipient_make_one_message(office: Office) -> None:
    message = letter(office)
    cause = message.key.split("/")[0]
    for _ in range(3):
        enqueue(
            Letter("inbox", "staff:one", "x", "y"), cause=cause, created_at=office.now, not_before=office.now
        )
    assert Message.objects.count() == 1


def test_a_notice_lands_in_the_inbox_of_its_recipient_once(office: Office) -> None:
    message = letter(office)
    assert deliver_all(office.now, owner="w1").sent == 1
    assert deliver_all(office.now, owner="w2").sent == 0
    assert again(message).state == Message.State.SENT
    Message.objects.update(state=Message.State.QUEUED)
    deliver_all(office.now, owner="w1")
    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject, notice.case_number) == ("staff:one", "预警", "9901")


def test_a_failed_message_is_tried_by_the_table_and_then_set_aside_in_sight(office: Office) -> None:
    message = letter(office, "mail")
    channel = Channel(*(Undeliverable(f"HTTP 500, try {n}") for n in range(1, 100)))
    began, tries = office.now, []
    while again(message).state == Message.State.QUEUED:
        office.now = again(message).next_try_at
        assert deliver(office.now - MINUTE / 60, owner="w", adapters={"mail": channel}) == outbox.Delivered()
        tries.append(office.now - began)
        deliver(office.now, owner="w", adapters={"mail": channel})
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert waits[:4] == [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR]
    assert set(waits[4:]) == {6 * HOUR}
    assert timedelta(days=7) <= tries[-1] < timedelta(days=7, hours=6)
    dead = again(message)
    assert (dead.state, dead.attempts, dead.last_error) == (
        Message.State.DEAD,
        len(tries),
        f"HTTP 500, try {len(tries)}",
    )
    assert set(channel.keys) == {message.key}
    assert deliver_all(office.now + timedelta(days=9), owner="w", adapters={"mail": channel}).sent == 0


def test_a_message_that_was_set_aside_can_be_sent_again(office: Office) -> None:
    message = letter(office, "mail")
    office.now += timedelta(days=8)
    deliver(office.now, owner="w", adapters={"mail": Channel(Undeliverable("no"))})
    assert again(message).state == Message.State.DEAD
    resend(message, office.now)
    channel = Channel()
    assert deliver(office.now, owner="w", adapters={"mail": channel}).sent == 1
    assert channel.keys == [message.key]
    resend(message, office.now)
    assert again(message).state == Message.State.SENT


def test_a_sender_killed_while_sending_is_followed_by_another_with_the_same_key(office: Office) -> None:
    message = letter(office, "mail")
    channel = Channel(SystemExit())
    with pytest.raises(SystemExit):
        deliver(office.now, owner="w1", adapters={"mail": channel})
    assert again(message).lease_owner == "w1"
    for seconds, sent in ((59, 0), (60, 1), (120, 0)):
        moment = office.now + timedelta(seconds=seconds)
        assert deliver(moment, owner="w2", adapters={"mail": channel}).sent == sent
    assert channel.keys == [message.key, message.key]


def test_two_senders_at_once_send_one_message_once(office: Office) -> None:
    letter(office, "mail")
    channel = Channel()

    def slow(message: Message, now: datetime) -> None:
        assert deliver(office.now, owner="w2", adapters={"mail": channel}) == outbox.Delivered()
        channel(message, now)

    assert deliver(office.now, owner="w1", adapters={"mail": slow}).sent == 1
    assert len(channel.keys) == 1


def test_who_lost_the_lease_does_not_overwrite_the_outcome_of_the_other(office: Office) -> None:
    message = letter(office, "mail")

    def slow(_message: Message, _now: datetime) -> None:
        later = office.now + timedelta(seconds=61)
        assert deliver(later, owner="w2", adapters={"mail": Channel()}).sent == 1
        raise Undeliverable("too late")

    deliver(office.now, owner="w1", adapters={"mail": slow})
    assert (again(message).state, again(message).attempts) == (Message.State.SENT, 0)


@pytest.mark.parametrize(
    "error", [Undeliverable("503"), TimeoutError("timed out"), ValueError("bad header"), KeyError("field")]
)
def test_one_message_that_cannot_go_does_not_hold_up_the_others(office: Office, error: Exception) -> None:
    first, second = letter(office, "mail"), letter(office, "mail", "staff:two")
    channel = Channel(error)
    done = deliver(office.now, owner="w", adapters={"mail": channel})
    assert (done.sent, done.failed, done.dead) == (1, 1, 0)
    assert again(first).last_error
    assert again(second).state == Message.State.SENT


def test_a_channel_nobody_knows_is_a_failure_in_sight(office: Office) -> None:
    message = letter(office, "pigeon")
    assert deliver(office.now, owner="w").failed == 1
    assert "pigeon" in again(message).last_error


def test_the_age_of_the_oldest_unsent_message_is_that_of_one_that_could_have_gone(office: Office) -> None:
    assert unsent_age(office.now) == timedelta()
    letter(office)
    enqueue(
        Letter("inbox", "staff:two", "x", "y"),
        cause=office.pen.uid(),
        created_at=office.now,
        not_before=office.now + HOUR,
    )
    assert unsent_age(office.now + 10 * MINUTE) == 10 * MINUTE
    deliver_all(office.now + 10 * MINUTE, owner="w")
    assert unsent_age(office.now + 30 * MINUTE) == timedelta()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-02T08:00", "2026-03-02T08:00"),
        ("2026-03-02T07:59", "2026-03-02T08:00"),
        ("2026-03-02T20:00", "2026-03-02T20:00"),
        ("2026-03-02T20:01", "2026-03-03T08:00"),
        ("2026-03-06T23:00", "2026-03-09T08:00"),  # Friday night
        ("2026-02-28T10:00", "2026-02-28T10:00"),  # a Saturday that is worked
        ("2026-02-14T21:00", "2026-02-24T08:00"),  # the eve of the Spring Festival
    ],
)
def test_people_are_written_to_on_working_days_between_eight_and_twenty(
    office: Office, moment: str, expected: str
) -> None:
    assert notification_time(at(moment), current_calendar()) == at(expected)


def test_a_calendar_without_a_working_day_silences_nobody(office: Office) -> None:
    hours = 'from = 2020-01-01\nto = 2020-01-31\nweekdays = [1]\nopen = [["09:00", "17:00"]]'
    text = f'timezone = "Asia/Shanghai"\n[[hours]]\n{hours}\n'
    never = WorkCalendar(parse_calendar(text))
    assert next_allowed(at("2026-03-07T23:00"), never, since=time(8), until=time(20)) == at(
        "2026-03-07T23:00"
    )


# ------------------------------------------------------------------------------------------------ channels


def test_the_file_channel_writes_one_whole_file_a_key(office: Office) -> None:
    message = letter(office, "file")
    folder = Path(settings.HOME) / "outbox"
    before = set(folder.glob("*")) if folder.exists() else set()
    for _ in range(2):
        Message.objects.update(state=Message.State.QUEUED)
        assert deliver(office.now, owner="w").sent == 1
    (written,) = set(folder.glob("*")) - before
    told = json.loads(written.read_text(encoding="utf-8"))
    assert (told["key"], told["to"], told["text"]) == (message.key, "staff:one", "请尽快办理。")


class MailServer(socketserver.ThreadingTCPServer):
    """As much of SMTP as a client needs; `refuse` answers every recipient with that line."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, refuse: str = "") -> None:
        self.refuse, self.mails = refuse, []
        super().__init__(("127.0.0.1", 0), MailHandler)


class MailHandler(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            match line.split()[0].upper():
                case "DATA":
                    self.say("354 go on")
                    self.server.mails.append(self.mail())
                    self.say("250 kept")
                case "RCPT" if self.server.refuse:
                    self.say(self.server.refuse)
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 ok")

    def mail(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        return "".join(lines)


def reachable(office: Office, who: str, email: str) -> str:
    """One of the people with an address; the reference."""
    staff = office.staff(who)
    staff.email = email
    staff.save()
    return staff.ref


@pytest.fixture
def mail_server(settings, request):
    server = MailServer(getattr(request, "param", ""))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    yield server
    server.shutdown()
    server.server_close()


def test_the_mail_channel_sends_the_key_along(office: Office, mail_server: MailServer) -> None:
    message = letter(office, "mail", reachable(office, "handler", "zhou@example.org"))
    assert deliver(office.now, owner="w").sent == 1
    mail = message_from_string(mail_server.mails[0])
    assert mail["X-Idempotency-Key"].strip() == message.key
    assert mail["To"] == "zhou@example.org"


def test_mail_to_somebody_without_an_address_waits_and_says_why(office: Office) -> None:
    message = letter(office, "mail", office.staff("handler").ref)
    assert deliver(office.now, owner="w").failed == 1
    assert "没有登记邮箱" in again(message).last_error


@pytest.mark.parametrize("mail_server", ["450 mailbox busy", "550 no such user"], indirect=True)
def test_mail_that_the_server_refuses_is_tried_again(office: Office, mail_server: MailServer) -> None:
    message = letter(office, "mail", reachable(office, "handler", "nobody@example.org"))
    assert deliver(office.now, owner="w").failed == 1
    assert again(message).next_try_at == office.now + MINUTE
    assert mail_server.refuse[4:] in again(message).last_error


def test_a_mail_server_that_is_away_and_a_subject_of_two_lines_hold_up_nobody(
    office: Office, mail_server: MailServer
) -> None:
    handler = reachable(office, "handler", "one@example.org")
    letter(office, "mail", handler, subject="预警\nBcc: all@example.org")
    letter(office, "mail", handler)
    done = deliver(office.now, owner="w")
    assert (done.sent, done.failed) == (1, 1)
    mail_server.shutdown()
    mail_server.server_close()
    letter(office, "mail", handler)
    assert deliver(office.now, owner="w").failed == 1
