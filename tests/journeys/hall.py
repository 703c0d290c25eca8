"""People of the cast in front of their browsers: they open a form, fill it in and send it off, like anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast import PEOPLE, PERMIT, Office
from yukuaiban.cases.models import Case
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.models import Staff
from yukuaiban.web import session

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_HIDDEN = re.compile(r'name="(key|seq)" value="([^"]*)"')
APPLICANT, PHONE = "江苏渔海养殖有限公司", "19900001234"


def words(response: Any) -> str:
    """What the page says, without its marks; spaces are one."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def pdf(name: str = "告知书.pdf") -> SimpleUploadedFile:
    """A paper to upload."""
    return SimpleUploadedFile(name, f"%PDF-1.4\n% {name}\n%%EOF\n".encode(), "application/pdf")


@dataclass
class Hall:
    """The district as its people meet it through pages."""

    office: Office

    def at(self, moment: str) -> Hall:
        """Move to that local time; the worker has not run."""
        self.office.at(moment)
        return self

    def hire(self, login: str, role: str, agency: str) -> None:
        """Somebody whom the cast does not have."""
        pen = self.office.pen
        staff = create_staff(login=login, name="林新来", by=CONSOLE, pen=pen, must_change_password=False)
        grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="到岗", pen=pen)

    def browser(self, who: str | None) -> Client:
        """A browser, signed in at this moment; None is a visitor."""
        client = Client()
        if who is not None:
            staff = Staff.objects.get(login=who)
            client.force_login(staff, backend=_BACKEND)
            session.keep_key(staff, client.session.session_key)
        return client

    def get(self, who: str | None, name: str, *args: object, **query: str) -> HttpResponse:
        """A page by its route."""
        return self.browser(who).get(reverse(name, args=args), query)

    def post(self, who: str | None, name: str, *args: object, **data: Any) -> HttpResponse:
        """A form sent off without having looked at it."""
        return self.browser(who).post(reverse(name, args=args), data)

    def hidden(self, who: str, name: str, *args: object, **query: str) -> dict[str, str]:
        """The hidden fields of a form: the key of this request, the version of the case that was seen."""
        page = self.get(who, name, *args, **query)
        assert page.status_code == 200, words(page)
        return dict(_HIDDEN.findall(page.content.decode()))

    def receive(self, who: str = "xiaoyu", matter: str = PERMIT, **more: Any) -> HttpResponse:
        """Open the intake of a matter, fill it in, send it off."""
        hidden = self.hidden(who, "desks:receive", matter=matter)
        data = {"matter": matter, "desk": "main-01", "applicant": APPLICANT, "phone": PHONE}
        return self.post(who, "desks:receive", **(hidden | data | more))

    def received(self, who: str = "xiaoyu", matter: str = PERMIT, **more: Any) -> Case:
        """A case that was just taken in; the answer was its receipt."""
        answer = self.receive(who, matter, **more)
        assert answer.status_code == 302, words(answer)
        case = Case.objects.latest("recorded_at", "number")
        assert answer.headers["Location"] == reverse("desks:receipt", args=[case.number])
        return case

    def act(self, who: str, case: Case, action: str, **data: Any) -> HttpResponse:
        """Open the form of an action, fill it in, send it off."""
        hidden = self.hidden(who, "case_act", case.number, action)
        return self.post(who, "case_act", case.number, action, **(hidden | data))

    def done(self, who: str, case: Case, action: str, **data: Any) -> Case:
        """An action that is done; the case as it stands then."""
        answer = self.act(who, case, action, **data)
        assert answer.status_code == 302, words(answer)
        return Case.objects.get(pk=case.pk)

    def in_review(self, matter: str = PERMIT, **more: Any) -> Case:
        """A case with the office that handles it."""
        case = self.received(matter=matter, **more)
        self.done("xiaoyu", case, "admit")
        return self.done("xiaoyu", case, "hand_over")

    def checkers(self) -> list[str]:
        """The two people who made the site check."""
        return [self.office.people[who].ref for who in ("handler", "second")]

    def query(
        self, case: Case, *, code: str | None = None, tail: str = PHONE[-4:], **more: str
    ) -> HttpResponse:
        """The public query of a case."""
        given = {"number": case.number, "code": code or case.query_code, "tail": tail}
        return self.post(None, "desks:query", **(given | more))


__all__ = ["APPLICANT", "PEOPLE", "PHONE", "Hall", "pdf", "words"]
