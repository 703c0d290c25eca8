"""The console script: one group whose commands are imported only when they are called.

Commands that need no database (the clock) never load Django, so `--help` and `clock due` answer at once.
"""

from __future__ import annotations

import importlib
import sys

import click

from yukuaiban.core.errors import InputInvalid, PackInvalid, Refused

# command -> (module, attribute, one line for the list)
_COMMANDS = {
    "demo": ("demo", "demo", "演示：装好、播放几个月的模拟办件并启动网站"),
    "serve": ("serving", "serve", "启动网站"),
    "worker": ("serving", "worker", "后台进程，可开任意多个"),
    "tick": ("serving", "tick", "后台进程只走一遍"),
    "stuck": ("stuck", "stuck", "搁置的办件和通知：列出、release、resend"),
    "check": ("checking", "check", "检查配置、数据包、日历年份、迁移和留痕"),
    "clock": ("clock", "clock", "时限计算：due、batch"),
    "calendar": ("calendar", "calendar", "日历：import、read-notice"),
    "import": ("importing", "import_", "导入：matters、enterprises"),
    "export": ("exporting", "export", "导出清单"),
    "report": ("reporting", "report", "报表：lights、plan"),
    "plan": ("plan", "plan", "年度方案：read"),
    "journal": ("journal", "journal", "留痕账本：verify、export、prove、witness、rebuild、erase 等"),
    "retention": ("retention", "retention", "保存期满的档案和个人信息（只列出）"),
    "backup": ("backing", "backup", "备份：数据库和上传的文件，不停机"),
    "restore": ("backing", "restore", "把备份恢复到空的安装，并核查"),
    "bench": ("bench", "bench", "性能测试"),
    "torture": ("torture", "torture", "可靠性长测：杀进程、断电、重复投递、篡改等"),
    "migrate": ("serving", "migrate", "建立或升级数据库，装入区县数据包"),
    "user": ("users", "user", "账号和岗位：add、grant、password、lock 等"),
}


class LazyGroup(click.Group):
    """Imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All commands, in the order of the table."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now; None if there is none of that name."""
        if cmd_name not in _COMMANDS:
            return None
        module, name, _ = _COMMANDS[cmd_name]
        found = getattr(importlib.import_module(f"yukuaiban.site.commands.{module}"), name)
        assert isinstance(found, click.Command)  # noqa: S101 - a wrong row of the table is our fault
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list for --help, without importing anything."""
        with formatter.section("命令"):
            formatter.write_dl([(name, line) for name, (_, _, line) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """榆快办：每一项承诺，都看得见时限。"""


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and exit code 2."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        from yukuaiban.site.refusals import sentence  # noqa: PLC0415 - only for a wrong call

        click.echo(f"错误：{sentence(error)}", err=True)
        sys.exit(2)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        click.echo("已中断。", err=True)
        sys.exit(130)
    except (PackInvalid, InputInvalid) as error:
        for problem in error.problems:
            click.echo(f"错误：{problem}", err=True)
        sys.exit(2)
    except Refused as error:
        click.echo(f"错误：{error.message}", err=True)
        sys.exit(2)
