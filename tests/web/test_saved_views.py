"""Saved views, chosen columns: own and shared ones, replaced, removed, and those whose column is gone."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web import town
from yukuaiban.web.models import SavedView

pytestmark = pytest.mark.django_db


@pytest.fixture
def docket(enter):
    town.put(town.case(1, due=100), town.case(2, due=-2))


def save(client, name="红灯", query="?light=RED&cols=light&cols=due", **more):
    return client.post("/views/queue", {"name": name, "query": query, "path": "/queue", **more})


def test_a_view_keeps_filters_order_and_columns_and_comes_back_as_a_tab(docket, enter):
    client = enter("handler")
    answer = save(client, query="?light=RED&cols=light&cols=due&after=x&text=")
    assert answer.headers["Location"] == "/queue?cols=due&cols=light&light=RED"
    page = client.get(answer.headers["Location"])
    assert 'aria-current="page">红灯' in page.text
    assert "事项与申请人" not in page.text.split("<thead")[1].split("</thead>")[0]
    assert "办件编号" in client.get("/queue").text.split("<thead")[1].split("</thead>")[0]


def test_the_export_has_the_columns_that_were_chosen(docket, enter):
    file = enter("handler").post("/cases/export?format=csv&cols=number,stage&state=all").content
    head = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert ["办件编号", "阶段"] in head


def test_the_same_name_replaces_and_a_view_is_removed(docket, enter):
    client = enter("handler")
    save(client)
    save(client, query="?light=GREEN")
    [view] = SavedView.objects.all()
    assert view.query == "light=GREEN"
    assert client.post(f"/views/{view.pk}/remove", {"path": "/queue"}).headers["Location"] == "/queue"
    assert not SavedView.objects.exists()


def test_only_a_leader_shares_and_the_agency_sees_it(docket, enter):
    refused = save(enter("handler"), shared="1")
    assert (refused.status_code, SavedView.objects.count()) == (403, 0)
    assert save(enter("leader"), name="全局盯办", shared="1").status_code == 302
    assert "全局盯办" in enter("handler").get("/queue").text
    assert "全局盯办" not in enter("stranger").get("/queue").text


def test_views_of_others_are_neither_seen_nor_removed(docket, enter):
    save(enter("leader"), name="自用")
    [view] = SavedView.objects.all()
    assert "自用" not in enter("handler").get("/queue").text
    assert enter("handler").post(f"/views/{view.pk}/remove").status_code == 403
    assert SavedView.objects.exists()


def test_a_view_whose_column_is_gone_says_so_and_shows_the_rest(docket, enter):
    client = enter("handler")
    SavedView.objects.create(
        list_code="queue",
        name="旧视图",
        query="cols=due&cols=colour",
        owner=client.get("/queue").wsgi_request.subject.ref,
        created_at=town.NOW,
    )
    page = client.get("/queue?cols=due&cols=colour")
    assert "已没有这些列：colour" in page.text
    assert "<thead" in page.text
    only_gone = client.get("/queue?cols=colour")
    assert "事项与申请人" in only_gone.text


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_view_needs_a_name(docket, enter, name):
    assert save(enter("handler"), name=name).status_code == 422
    assert not SavedView.objects.exists()


def test_twenty_views_are_enough(docket, enter):
    client = enter("handler")
    for n in range(20):
        assert save(client, name=f"视图{n}").status_code == 302
    assert save(client, name="多一个").status_code == 422
    assert save(client, name="视图3", query="?light=GREEN").status_code == 302


def test_the_way_back_never_leads_elsewhere(docket, enter):
    answer = save(enter("handler"), path="https://example.org/")
    assert answer.headers["Location"].startswith("/queue")


def test_a_list_with_views_costs_one_query_more_and_no_more(docket, enter):
    client = enter("handler")
    for n in range(3):
        save(client, name=f"甲{n}")
    client.get("/queue")
    with CaptureQueriesContext(connection) as few:
        client.get("/queue")
    for n in range(9):
        save(client, name=f"乙{n}")
    with CaptureQueriesContext(connection) as many:
        client.get("/queue")
    assert len(few) == len(many)
