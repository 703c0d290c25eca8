"""Filters of the measure's pages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from yukuaiban.core.limits import Limit

register = template.Library()


@register.filter
def limit_words(text: str) -> str:
    """`10wd` as 10 个工作日; 无 where there is no limit."""
    return Limit.parse(text).title() if text else _("无")
