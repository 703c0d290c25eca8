"""The kinds of long work that the worker knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yukuaiban.plans import longpapers
from yukuaiban.site.exportable import SPECS
from yukuaiban.web import bulk, listfiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yukuaiban.jobs.working import Work

KINDS: Mapping[str, Work] = {
    bulk.TRIAL: bulk.try_out,
    bulk.REAL: bulk.carry_out,
    longpapers.REPORT: longpapers.report,
    longpapers.EVIDENCE: longpapers.evidence,
    listfiles.KIND: listfiles.work({spec.code: spec for spec in SPECS}),
}
