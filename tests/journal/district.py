"""A small district at work for some weeks: cases of every kind of life, so that a tamper finds something to spoil."""

from __future__ import annotations

from tests.cast import ON_THE_SPOT, PERMIT, SITE_CHECK, Office
from yukuaiban.journal.erasing import erase
from yukuaiban.journal.event import Actor
from yukuaiban.journal.reading import events


def played() -> Office:
    """Cases received, admitted, paused, resumed by time, overdue, decided, deemed admitted, one payload erased."""
    office = Office()
    done = office.in_review()
    checkers = [office.handler.ref, office.second.ref]
    office.do(done, "decide", "handler", outcome="granted", checkers=checkers)
    office.receive(ON_THE_SPOT)
    paused = office.at("2026-03-03T10:00").in_review(SITE_CHECK)
    office.pause(paused, "2026-03-06T17:30")
    late = office.at("2026-03-04T09:30").in_review()
    office.receive(who="colleague", key="a-key-of-a-client")
    office.tick("2026-03-12T09:00")
    office.at("2026-03-20T15:00").do(late, "assign", "chief", handler=office.handler.ref)
    office.receive(PERMIT)
    office.tick("2026-04-02T08:30")
    first = next(iter(events(f"case:{done.number}")))
    ground = "个人信息保护法第四十七条"
    erase(first.uid, ground=ground, actor=Actor("staff:s-9"), pen=office.pen)
    return office
