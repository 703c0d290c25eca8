"""Whom long work acts for: the person who asked, in the post they asked in, as it counts now and not then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yukuaiban.core.errors import NotPermitted
from yukuaiban.people.models import Staff
from yukuaiban.web.session import open_posts, subject_of

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.jobs.models import Job
    from yukuaiban.people.subject import Subject


def subject_of_job(job: Job, now: datetime) -> Subject:
    """The person behind the work; NotPermitted if account or post has ended meanwhile."""
    staff = Staff.objects.filter(uid=job.owner.removeprefix("staff:"), is_active=True).first()
    posts = open_posts(staff, now) if staff else []
    active = next((post for post in posts if post.pk == job.post), None)
    if staff is None or (job.post is not None and active is None):
        raise NotPermitted(_("提交任务的人已不在当时的岗位上，任务没有继续。"))
    return subject_of(staff, posts, active)
