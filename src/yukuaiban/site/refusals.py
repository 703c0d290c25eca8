"""What a wrong call is told: click's complaints as one Chinese sentence that says what would be right."""

from __future__ import annotations

import re

import click

_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")
_FILE_WORDS = ("File ", "Path ", "Directory ")


def sentence(error: click.ClickException) -> str:
    """The complaint in words; a sentence of our own stays as it is."""
    match error:
        case click.NoSuchOption():
            return f"没有选项 {error.option_name}；{_see_help(error)}"
        case click.exceptions.NoSuchCommand():
            return _unknown_command(error)
        case click.MissingParameter():
            return f"缺少{_name(error)}；{_see_help(error)}"
        case click.BadParameter():
            return f"{_name(error)} 的值不对：{_expected(error)}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 的写法不对，多半缺少它的值；{_see_help(error)}"
        case click.UsageError() if extra := _EXTRA.match(error.message):
            return f"多了参数 {extra[1]}；{_see_help(error)}"
        case _:
            return error.format_message()


def _unknown_command(error: click.exceptions.NoSuchCommand) -> str:
    group = error.ctx.command if error.ctx is not None else None
    known = group.list_commands(error.ctx) if isinstance(group, click.Group) and error.ctx else []
    return f"没有命令“{error.command_name}”；可用：{'、'.join(known)}"


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return "参数"
    if isinstance(error.param, click.Option):
        return f"选项 {error.param.opts[0]}"
    return f"参数 {error.param.make_metavar(error.ctx) if error.ctx else error.param.name}"


def _expected(error: click.BadParameter) -> str:
    """What the type of the parameter takes; a sentence of our own stays."""
    if not error.message[:1].isascii():
        return error.message
    match error.param and error.param.type:
        case click.Choice() as choice:
            return f"请用 {'、'.join(str(each) for each in choice.choices)}"
        case click.IntRange() as span:
            return (
                f"请填写 {span.min} 至 {span.max} 的整数" if span.max else f"请填写不小于 {span.min} 的整数"
            )
        case click.types.IntParamType():
            return "请填写整数"
        case click.Path() if error.message.startswith(_FILE_WORDS):
            return "没有这个文件，或读不了；请核对路径和权限"
        case click.DateTime():
            return "请写成 2026-03-02 或 2026-03-02T09:30:00"
        case _:
            return error.message


def _see_help(error: click.UsageError) -> str:
    path = error.ctx.command_path.split()[1:] if error.ctx is not None else []
    return f"用法见 {' '.join(['./ykb', *path, '--help'])}"
