"""What is wrong with a pack: collected, never raised one by one, each with file, line and the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from yukuaiban.core.errors import PackInvalid, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

Where = tuple[str | int, ...]
"""Place of a value inside a file, such as `("clock", 2, "limit", 0, "since")`."""

Model = TypeVar("Model", bound=BaseModel)

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing": ("没有写“{field}”", "请补上"),
    "extra_forbidden": ("不认识“{field}”", "请删去，或核对拼写；可用：{known}"),
    "string_type": ("应为文字", "请写在引号里"),
    "string_too_short": ("不能为空", "请填写"),
    "string_too_long": ("太长", "至多 {max_length} 个字符"),
    "string_pattern_mismatch": ("“{input}”不合要求", "只用字母、数字、点、横线和下划线，以字母或数字开头"),
    "bool_type": ("“{input}”不是真假值", "请写 true 或 false"),
    "int_type": ("“{input}”不是整数", "请写整数"),
    "enum": ("不认识“{input}”", "可用：{expected}"),
    "literal_error": ("不认识“{input}”", "可用：{expected}"),
    "tuple_type": ("应为列表", '请写如 ["…"]'),
    "list_type": ("应为列表", '请写如 ["…"]'),
    "dict_type": ("应为一个表", "请写如 {{ 名 = 值 }}"),
    "model_type": ("应为一个表", "请写成表"),
    "greater_than_equal": ("“{input}”太小", "不小于 {ge}"),
    "told": ("{why}", "{remedy}"),
}


class Complaints:
    """Everything wrong that was found so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __bool__(self) -> bool:
        return bool(self.problems)

    def add(self, why: str, remedy: str, *, file: str, line: int | None = None, field: str = "") -> None:
        """Note one thing that is wrong."""
        self.problems.append(Problem(why, remedy, field=field, file=file, line=line))

    def take(self, problems: Sequence[Problem]) -> None:
        """Note what another reader found."""
        self.problems.extend(problems)

    def checked(
        self,
        model: type[Model],
        data: Mapping[str, Any],
        *,
        file: str,
        line_of: Callable[[Where], int | None],
    ) -> Model | None:
        """The data as `model`, or None after noting every complaint of pydantic in our words."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for each in error.errors():
                why, remedy = _sentence(each, model)
                place = tuple(each["loc"])
                self.add(why, remedy, file=file, line=line_of(place), field=_named(place))
            return None

    def raise_any(self) -> None:
        """Raise PackInvalid with everything found, in the order of files and lines; return if there is nothing."""
        if self.problems:
            raise PackInvalid(sorted(set(self.problems), key=lambda each: (each.file, each.line or 0)))


def _sentence(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    why, remedy = _SENTENCES.get(error["type"], ("“{input}”不合要求：{msg}", "请核对"))
    loc = error["loc"]
    words = {
        "field": loc[-1] if loc else "",
        "input": error["input"],
        "msg": error["msg"],
        "known": "、".join(_known(model, loc[:-1])),
    } | error.get("ctx", {})
    words["expected"] = (
        str(words.get("expected", "")).replace(" or ", "、").replace(", ", "、").replace("'", "")
    )
    return why.format_map(words), remedy.format_map(words)


def _known(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the table at this place may have; those of the whole model where it is nested."""
    if any(isinstance(part, str) for part in loc):
        return ["见该表的说明"]
    return [field.alias or name for name, field in model.model_fields.items()]


def _named(place: Where) -> str:
    return ".".join(str(part) for part in place if isinstance(part, str))
