"""The small forms by which a reading is corrected: each becomes one operation of `plans.correcting`.

A form about a stretch of the text takes it from the mouse (`start`, `end`, filled in by a script) or from the words
at its beginning and end (`first`, `last`); what has no place in the text is written into `text`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yukuaiban.core.errors import InputInvalid
from yukuaiban.plans import periodwords
from yukuaiban.plans.locating import stretch
from yukuaiban.plans.models import Responsibility

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from yukuaiban.plans.sheet import Thing

COMPARISONS = {">=": _("≥ 不低于"), "<=": _("≤ 不超过"), "=": _("= 等于"), "about": _("约")}
_KINDS = (("undertaking", _("举措")), ("safeguard", _("保障措施")))
_GOALS = (("rank", _("名次（只录入，不计算）")), ("context", _("其他总目标")))
_WAYS = (("1", _("上升为好")), ("", _("下降为好")))


class Place(StrEnum):
    """Whether a form is about a stretch of the text."""

    NONE = "none"
    NEEDED = "needed"
    LOOSE = "loose"
    """The stretch, or words that are entered."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a form stands on: the text, where in it words are looked for, the thing it is about, what may be chosen."""

    raw: str
    within: tuple[int, int]
    current: str
    thing: Thing | None = None
    items: Sequence[tuple[str, str]] = ()
    agencies: Sequence[tuple[str, str]] = ()
    evidence: Sequence[tuple[str, str]] = ()
    indicators: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """A form: its operation, what its button says, its fields (`?` behind a name: may stay empty).

    `about` is the value that names the thing (`key`), the item (`own`) or the item that gets a new thing (`item`).
    """

    operation: str
    title: _StrPromise
    fields: tuple[str, ...] = ()
    about: str = "key"
    place: Place = Place.NONE


_NEW = "item"
SPECS: Mapping[str, Spec] = {
    "plan_title": Spec("plan_title", _("改方案名称"), ("title",), "none"),
    "retitle": Spec("retitle", _("改标题"), ("title",), "own"),
    "leader": Spec("leader", _("记分管领导"), ("leader?",), "own"),
    "split": Spec("split", _("从这里分成两项"), ("title?",), "own", Place.NEEDED),
    "join": Spec("join", _("并入后一项"), (), "own"),
    "drop_item": Spec("drop_item", _("不是举措，退回未归类"), (), "own"),
    "item_span": Spec("respan", _("改本项的范围"), (), "own", Place.NEEDED),
    "add_milestone": Spec("add_milestone", _("添加节点"), ("period", "text?"), _NEW, Place.LOOSE),
    "add_target": Spec(
        "target",
        _("添加目标"),
        ("comparison", "value", "unit", "soft?", "text?"),
        _NEW,
        Place.LOOSE,
    ),
    "add_agency": Spec("assign", _("添加单位"), ("codes", "role", "name?"), _NEW, Place.LOOSE),
    "add_direction": Spec("direction", _("添加方向"), ("indicator", "up?", "text?"), _NEW, Place.LOOSE),
    "add_item": Spec("add_item", _("另立一项"), ("kind", "no?", "title?"), "none", Place.NEEDED),
    "goal": Spec("goal", _("列为总目标"), ("goal", "figure?", "figure_source?"), "none", Place.NEEDED),
    "due": Spec("due", _("改时间"), ("period", "due?")),
    "deliver": Spec("deliver", _("定材料种类"), ("deliverable?",)),
    "weigh": Spec("weigh", _("定权重"), ("weight",)),
    "assign": Spec("assign", _("就是它"), ("codes", "role")),
    "lead": Spec("role", _("定为牵头"), ("role",)),
    "target": Spec("target", _("改目标值"), ("comparison", "value", "unit", "soft?")),
    "bind": Spec("bind", _("接入指标"), ("indicator?",)),
    "respan": Spec("respan", _("改范围"), (), "key", Place.NEEDED),
    "move": Spec("move", _("移到另一项"), ("to",)),
    "dismiss": Spec("dismiss", _("去掉"), ()),
    "figure": Spec("goal", _("录入公布结果"), ("figure", "figure_source")),
    "drop_goal": Spec("drop_goal", _("不列为总目标"), ()),
}
"""Every form by the word that the page sends along."""


def _line(label: _StrPromise, longest: int = 200) -> forms.CharField:
    widget = forms.TextInput({"class": "form-control"})
    return forms.CharField(label=label, max_length=longest, widget=widget)


def _choice(label: _StrPromise, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.Select({"class": "form-select"}))


def _number(label: _StrPromise, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, widget=forms.NumberInput({"class": "form-control"}), **more)


def _period(ground: Ground) -> forms.ChoiceField:
    current = str((ground.thing or {}).get("period", ""))
    field = _choice(_("时间"), periodwords.choices(current))
    field.required = False  # 未写明 is an answer
    return field


def _codes(ground: Ground) -> forms.MultipleChoiceField:
    attrs = {"class": "form-select", "size": str(min(max(len(ground.agencies), 2), 8))}
    return forms.MultipleChoiceField(
        label=_("单位（可多选）"), choices=ground.agencies, widget=forms.SelectMultiple(attrs)
    )


def _day(_ground: Ground) -> forms.DateField:
    return forms.DateField(
        label=_("到期日（原文不对时）"),
        widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )


FIELDS: Mapping[str, Callable[[Ground], forms.Field]] = {
    "title": lambda _ground: _line(_("标题")),
    "leader": lambda _ground: _line(_("分管区领导"), 60),
    "no": lambda _ground: _line(_("编号"), 40),
    "text": lambda _ground: _line(_("原文没有的，写在这里"), 500),
    "name": lambda _ground: _line(_("原文没有的，写单位名称"), 100),
    "unit": lambda _ground: _line(_("计量单位"), 20),
    "figure": lambda _ground: _line(_("公布的结果")),
    "figure_source": lambda _ground: _line(_("出处")),
    "value": lambda _ground: _line(_("数值"), 30),
    "weight": lambda _ground: _number(_("权重"), min_value=1, max_value=100),
    "comparison": lambda _ground: _choice(_("比较"), list(COMPARISONS.items())),
    "soft": lambda _ground: forms.BooleanField(label=_("力争（软目标）")),
    "up": lambda _ground: _choice(_("方向"), _WAYS),
    "kind": lambda _ground: _choice(_("类型"), _KINDS),
    "goal": lambda _ground: _choice(_("类型"), _GOALS),
    "role": lambda _ground: _choice(_("责任"), Responsibility.Role.choices),
    "period": _period,
    "due": _day,
    "codes": _codes,
    "to": lambda ground: _choice(_("移到"), ground.items),
    "deliverable": lambda ground: _choice(_("销号凭哪种材料"), [("", _("任何一种")), *ground.evidence]),
    "indicator": lambda ground: _choice(_("指标"), [("", _("不接入，人工填报")), *ground.indicators]),
}


class CorrectionForm(forms.Form):
    """The form of a `Spec`; its fields start with what the thing says now."""

    def __init__(
        self, code: str, ground: Ground, data: Any = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        self.code, self.spec, self.ground = code, SPECS[code], ground
        known = dict(ground.thing or {"role": Responsibility.Role.RESPONSIBLE}) | dict(initial or {})
        super().__init__(data, initial=known, auto_id=f"c-{code}-%s")
        if self.spec.place is not Place.NONE:
            self.fields |= _place_fields()
        for each in self.spec.fields:
            name = each.rstrip("?")
            self.fields[name] = FIELDS[name](ground)
            if name != each:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """The stretch that was marked or named."""
        given = super().clean() or {}
        if self.spec.place is Place.NONE:
            return given
        first, last = given.pop("first", ""), given.pop("last", "")
        start, end = given.pop("start", None), given.pop("end", None)
        if not self._says(start, end, first, last):
            if self.spec.place is Place.LOOSE and not first and (given.get("text") or given.get("name")):
                return given
            try:
                start, end = stretch(self.ground.raw, self.ground.within, first, last)
            except InputInvalid as refusal:
                for each in refusal.problems:
                    self.add_error(each.field, f"{each.why}；{each.remedy}。")
                return given
        return given | {"start": start, "end": end}

    def _says(self, start: int | None, end: int | None, first: str, last: str) -> bool:
        """Whether the offsets of the script still are what the words say."""
        if start is None or end is None or not 0 <= start < end <= len(self.ground.raw):
            return False
        words = _bare(self.ground.raw[start:end])
        return words.startswith(_bare(first)) and words.endswith(_bare(last))

    def values(self) -> dict[str, Any]:
        """What the operation needs, from a valid form."""
        found = {name: value for name, value in self.cleaned_data.items() if value is not None}
        if "goal" in found:
            found["kind"] = found.pop("goal")
        if self.code == "split":
            found = {"at": found["start"], "title": found["title"]}
        key = self.ground.thing["key"] if self.ground.thing else ""
        named = {
            "key": {"key": key},
            "own": {"key": self.ground.current},
            "item": {"item": self.ground.current},
        }
        return named.get(self.spec.about, {}) | found


def _bare(text: str) -> str:
    return "".join(text.split())


def _place_fields() -> dict[str, forms.Field]:
    """Offsets for the script, first and last words for people."""
    found: dict[str, forms.Field] = {
        "start": forms.IntegerField(widget=forms.HiddenInput({"data-start": ""})),
        "end": forms.IntegerField(widget=forms.HiddenInput({"data-end": ""})),
        "first": _line(_("原文从")),
        "last": _line(_("到")),
    }
    for name, field in found.items():
        field.required = False
        if name in ("first", "last"):
            field.widget.attrs[f"data-{name}"] = ""
    return found
