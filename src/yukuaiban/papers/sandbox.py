"""What a template may do: print values, walk through lists, ask whether. It calls nothing and reaches no attribute.

Templates are edited by people outside the program and lie in the data of a district, so they get names of plain
dictionaries and places of plain lists, and three filters; nothing of Python can be reached from these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import jinja2
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

if TYPE_CHECKING:
    from jinja2.runtime import Context

FILTERS = ("length", "join", "escape")
_LOOP = frozenset({"index", "index0", "first", "last", "length"})


class UnknownField(jinja2.UndefinedError):
    """A template names a field that the paper does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Undefined(jinja2.StrictUndefined):
    """A field that is not there: an error as soon as anything is done with it."""

    def _fail_with_undefined_error(self, *_args: Any, **_named: Any) -> NoReturn:
        raise UnknownField(str(self._undefined_name))

    __iter__ = __str__ = __len__ = __eq__ = __ne__ = __bool__ = __hash__ = _fail_with_undefined_error
    __html__ = _fail_with_undefined_error


def _printable(value: Any) -> Any:
    """A value that may stand in a paper; a list is walked through, not printed."""
    if isinstance(value, dict | list | LoopContext):
        raise SecurityError("清单不能直接印出")
    return value


class PlainEnvironment(ImmutableSandboxedEnvironment):
    """Jinja with nothing but values."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        loader = jinja2.DictLoader({})
        super().__init__(undefined=_Undefined, autoescape=True, loader=loader, finalize=_printable)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute` for names of a dictionary and the places of a loop; everything else is unknown."""
        return self._plain(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`obj[argument]`, likewise; a list also by place."""
        if type(obj) is list and type(argument) is int and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self._plain(obj, argument)

    def _plain(self, obj: Any, name: Any) -> Any:
        if type(obj) is dict and name in obj:
            return obj[name]
        if isinstance(obj, LoopContext) and name in _LOOP:
            return getattr(obj, name)
        if isinstance(obj, jinja2.Undefined):
            raise UnknownField(str(obj._undefined_name))  # noqa: SLF001 - where Jinja keeps the name
        return self.undefined(obj=obj, name=str(name))

    def call(self, context: Context, obj: Any, *_args: Any, **_named: Any) -> NoReturn:  # noqa: ARG002 - Jinja's signature
        """Refused: a template calls nothing."""
        raise SecurityError("模板里不能调用函数")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> NoReturn:  # noqa: ARG002 - as above
        """Refused: a template does not compute."""
        raise SecurityError("模板里不能做运算")
