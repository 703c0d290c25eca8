"""Raw data of an action -> validated values, the public part apart from the personal one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from yukuaiban.core.errors import InputInvalid, Problem

if TYPE_CHECKING:
    from yukuaiban.cases.catalogue import ActionSpec

# pydantic's error types -> what a person can do about them.
_WHY = {
    "missing": ("不能为空", "请填写"),
    "extra_forbidden": ("没有这一栏", "请删去"),
    "string_too_short": ("不能为空", "请填写"),
    "string_too_long": ("太长", "请缩短"),
    "date_from_datetime_parsing": ("不是日期", "请按 2026-03-02 的样子填写"),
    "date_parsing": ("不是日期", "请按 2026-03-02 的样子填写"),
    "datetime_parsing": ("不是时间", "请按 2026-03-02T09:30 的样子填写"),
    "datetime_from_date_parsing": ("不是时间", "请按 2026-03-02T09:30 的样子填写"),
    "timezone_aware": ("缺少时区", "请带上时区"),
    "int_parsing": ("不是整数", "请填写数字"),
    "bool_parsing": ("不是是或否", "请选择"),
    "enum": ("不在可选范围内", "请从列表中选择"),
    "literal_error": ("不在可选范围内", "请从列表中选择"),
    "list_type": ("不是列表", "请逐项填写"),
    "too_short": ("至少一项", "请填写"),
}


def shape(spec: ActionSpec, data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(public, personal) values of an action as plain JSON; raises InputInvalid with one problem a field."""
    try:
        model = spec.data.model_validate(dict(data))
    except ValidationError as error:
        raise InputInvalid([_problem(each) for each in error.errors()]) from error
    values = model.model_dump(mode="json", exclude_none=True)
    personal = {name: value for name, value in values.items() if name in spec.personal}
    return {name: value for name, value in values.items() if name not in personal}, personal


def _problem(error: Any) -> Problem:
    field = ".".join(str(part) for part in error["loc"])
    if error["type"] == "value_error":
        return Problem(str(error["ctx"]["error"]), field=field)
    why, remedy = _WHY.get(error["type"], ("填写的内容不符合要求", str(error["msg"])))
    return Problem(why, remedy, field=field)
