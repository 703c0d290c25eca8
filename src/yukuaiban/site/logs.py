"""The log: one JSON line an entry, to standard error. Traces name places in the code and never show values.

The library's default prints the local variables of every frame, and those hold names and phone numbers.
"""

from __future__ import annotations

import sys
from typing import Any

import structlog


def configure() -> None:
    """Set the log up for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=_to_standard_error,
    )


def _to_standard_error(*_names: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)
