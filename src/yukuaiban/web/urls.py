"""Addresses of the frame. Each small list belongs to one part; the parts of the docket lie in `caseurls`."""

from __future__ import annotations

from django.urls import path

from yukuaiban.web.caseurls import urlpatterns as case_urls
from yukuaiban.web.documenturls import urlpatterns as document_urls
from yukuaiban.web.views import (
    account,
    bulk,
    bulletin,
    calendar,
    checkpoints,
    clock,
    jobs,
    lists,
    notices,
    portal,
    proof,
    signin,
    trainings,
    witnessing,
)

session_urls = [
    path("", signin.home, name="home"),
    path("sign-in", signin.sign_in, name="sign_in"),
    path("sign-out", signin.sign_out, name="sign_out"),
    path("post", signin.take_post, name="take_post"),
    path("start", signin.start, name="start"),
    path("start/enter", signin.enter, name="enter"),
    path("account", account.account, name="account"),
    path("account/password", account.change_password, name="change_password"),
    path("switch", account.switch, name="switch"),
    path("notices", notices.notices, name="notices"),
    path("notices/read", notices.notices_read, name="notices_read"),
]
list_urls = [
    path("queue", lists.queue, name="queue"),
    path("queue/export", lists.queue_export, name="queue_export"),
    path("cases", lists.cases, name="cases"),
    path("cases/export", lists.cases_export, name="cases_export"),
    path("views/<slug:code>", lists.view_save, name="view_save"),
    path("views/<int:key>/remove", lists.view_remove, name="view_remove"),
]
job_urls = [
    path("jobs", jobs.jobs, name="jobs"),
    path("jobs/<uuid:uid>", jobs.job, name="job"),
    path("jobs/<uuid:uid>/file", jobs.job_file, name="job_file"),
    path("jobs/<uuid:uid>/cancel", jobs.job_cancel, name="job_cancel"),
    path("bulk", bulk.choose, name="bulk_choose"),
    path("bulk/confirm/<uuid:uid>", bulk.confirm, name="bulk_confirm"),
    path("bulk/<slug:measure>/<slug:action>", bulk.fill, name="bulk_fill"),
]
public_urls = [
    path("portal", portal.portal, name="portal"),
    path("clock", clock.calculator, name="calculator"),
    path("proof", proof.proof, name="proof"),
    path("proof/verify.mjs", proof.verifier, name="verifier"),
    path("proof/bulletin", bulletin.bulletin, name="bulletin"),
    path("proof/bulletin/<str:day>", bulletin.bulletin_day, name="bulletin_day"),
    path("trainings", trainings.trainings, name="trainings"),
    path("trainings/export", trainings.export, name="trainings_export"),
    path("trainings/new", trainings.new, name="training_new"),
    path("proof/checkpoints", checkpoints.checkpoints, name="checkpoints"),
    path("proof/checkpoints/<slug:digest>.txt", checkpoints.checkpoint_note, name="checkpoint_note"),
    path("proof/keys.txt", witnessing.published_keys, name="journal_keys"),
    path("proof/consistency", witnessing.consistency, name="consistency"),
    path("proof/cosignatures", witnessing.cosignatures, name="cosignatures"),
]
calendar_urls = [
    path("calendar", calendar.calendar, name="calendar"),
    path("calendar/preview", calendar.preview, name="calendar_preview"),
    path("calendar/propose", calendar.propose, name="calendar_propose"),
    path("calendar/confirm", calendar.confirm, name="calendar_confirm"),
    path("calendar/withdraw", calendar.withdraw, name="calendar_withdraw"),
]

urlpatterns = [*session_urls, *list_urls, *job_urls, *public_urls, *calendar_urls, *case_urls, *document_urls]
