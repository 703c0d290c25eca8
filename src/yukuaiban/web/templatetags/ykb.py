"""Tags and filters of every page: lights, marks, icons, moments, numbers. Built into all templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.core.lights import Light
from yukuaiban.people import masks
from yukuaiban.web import scope, wording

if TYPE_CHECKING:
    from yukuaiban.web.lists import Column, ListSpec

register = template.Library()

LIGHT_WORDS = {
    Light.GREEN: gettext_lazy("正常"),
    Light.YELLOW: gettext_lazy("预警"),
    Light.RED: gettext_lazy("超时"),
    Light.BREACH: gettext_lazy("超法定时限"),
}
MARK_WORDS = {"paused": gettext_lazy("暂停计时"), "provisional": gettext_lazy("暂定")}
_MARK_SHAPES = {"paused": "m-paused", "provisional": "m-prov"}
_LIGHT_STYLES = ("", "plain", "lg")
_MARK_STYLES = ("", "bare")


@register.simple_tag
def light(value: Light | str, style: str = "") -> SafeString:
    """A light: word, shape and colour in one (ui.md section 2). `style` is empty, `plain` or `lg`."""
    found = Light(value)
    if style not in _LIGHT_STYLES:
        message = f"light style {style!r}; one of {_LIGHT_STYLES}"
        raise template.TemplateSyntaxError(message)
    more = f" light-{style}" if style else ""
    return format_html(
        '<span class="light light-{}{}">{}{}</span>',
        found.value,
        more,
        light_shape(found),
        LIGHT_WORDS[found],
    )


@register.simple_tag
def light_shape(value: Light | str) -> SafeString:
    """The shape of a light alone, for heads of columns that carry the word themselves."""
    return format_html('<svg aria-hidden="true"><use href="#l-{}"/></svg>', Light(value).value)


@register.simple_tag
def mark(code: str, style: str = "") -> SafeString:
    """A mark beside a light, never instead of it: `paused` or `provisional`."""
    if style not in _MARK_STYLES:
        message = f"mark style {style!r}; one of {_MARK_STYLES}"
        raise template.TemplateSyntaxError(message)
    more = f" mark-{style}" if style else ""
    return format_html(
        '<span class="mark{} mark-{}"><svg aria-hidden="true"><use href="#{}"/></svg>{}</span>',
        more,
        code,
        _MARK_SHAPES[code],
        MARK_WORDS[code],
    )


@register.simple_tag
def hall_light(code: str) -> SafeString:
    """A light (or the pause mark) on the dark ground of the hall."""
    if code in MARK_WORDS:
        shape, word = _MARK_SHAPES[code], MARK_WORDS[code]
    else:
        shape, word = f"l-{Light(code).value}", LIGHT_WORDS[Light(code)]
    text = '<span class="hl hl-{}"><svg aria-hidden="true"><use href="#{}"/></svg>{}</span>'
    return format_html(text, code, shape, word)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite; it stands beside a word, so it is hidden from readers of the page."""
    return format_html('<svg class="yk-ico" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def qr(content: str, label: str) -> SafeString:
    """A QR code as inline SVG (error level M); `label` says what it opens."""
    code = segno.make(content, error="m", micro=False)
    width, height = code.symbol_size(border=4)
    path = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(code.matrix) for x, on in enumerate(row) if on
    )
    return format_html(
        '<svg class="p-qr" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<rect width="{}" height="{}" fill="#fff"/><path fill="#000" d="{}"/></svg>',
        width,
        height,
        label,
        width,
        height,
        path,
    )


@register.filter
def moment(at: datetime | None) -> str:
    """`2026-10-09 周五 17:30`; a dash where there is none."""
    return wording.moment_text(at, scope.zone()) if at else "—"


@register.filter
def short_moment(at: datetime | None) -> str:
    """`10-09 17:30`, for timelines under a stated year."""
    return wording.short_moment_text(at, scope.zone()) if at else "—"


@register.filter
def near_moment(at: datetime | None, now: datetime) -> str:
    """今天 17:30, 明天 09:00, else the date."""
    return wording.near_moment_text(at, now, scope.zone()) if at else "—"


@register.filter
def due_word(at: datetime, now: datetime) -> str:
    """今天到期, 明天到期, else 到期: the word that stands before a due moment."""
    word = wording.near_word(at, now, scope.zone())
    return _("%(day)s到期") % {"day": word} if word else _("到期")


@register.filter
def day(at: datetime | date | None) -> str:
    """`2026-10-09 周五`."""
    if at is None:
        return "—"
    return wording.day_text(at.astimezone(scope.zone()).date() if isinstance(at, datetime) else at)


@register.filter
def clock(at: datetime) -> str:
    """`17:30`."""
    return f"{at.astimezone(scope.zone()):%H:%M}"


@register.filter
def seconds(at: datetime) -> str:
    """`17:30:05`, for the hall's data moment."""
    return f"{at.astimezone(scope.zone()):%H:%M:%S}"


@register.filter
def iso(at: datetime | None) -> str:
    """ISO 8601 for the `datetime` attribute."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


@register.filter
def remaining(due_at: datetime | None, now: datetime) -> str:
    """What is left until `due_at` in working time, or how far it is over."""
    return wording.remaining_text(due_at, now, scope.calendar()) if due_at else _("没有计时")


@register.filter
def case_number(number: str) -> str:
    """`320707 0012 20260302 00017 7`."""
    return wording.case_number_text(number)


@register.simple_tag
def number_parts(number: str) -> SafeString:
    """A case number in a list: the part that tells cases apart is darker."""
    head, tail = wording.case_number_parts(number)
    return format_html('{} <span class="key">{}</span>', head, tail)


@register.filter
def total(n: int) -> str:
    """The exact total up to 10,000, beyond it `10,000+`."""
    return wording.total_text(n)


@register.filter(name="mask")
def mask_filter(value: str, kind: str) -> str:
    """A personal value as pages may show it (the one masking function)."""
    return masks.mask(kind, value, "partial")


@register.filter
def lookup(mapping: Mapping[str, Any], key: str) -> Any:
    """The value of a key, or nothing."""
    return mapping.get(key, "")


@register.filter
def attr(thing: object, name: str) -> Any:
    """The attribute of that name."""
    return getattr(thing, name)


@register.filter
def unlocal(value: float) -> str:
    """A coordinate for SVG: never written in a language's own way."""
    return f"{value:g}"


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The query string of this page with some values changed; an empty value removes one. Paging starts anew."""
    values = context["request"].GET.copy()
    values.pop("after", None)
    for name, value in changes.items():
        values.pop(name, None)
        if value not in ("", None):
            values[name] = value
    return mark_safe("?" + values.urlencode().replace("&", "&amp;"))  # noqa: S308 - urlencoded just now


@register.filter
def cell(row: Any, column: Column) -> str:
    """The cell of a row in a list."""
    return column.shown(row)


@register.filter
def number_of(row: Any, spec: ListSpec) -> str:
    """The number by which a row is chosen for an action on many."""
    return spec.picks(row) if spec.picks else ""
