"""Where one installation lives: folder, database, secret key, district pack.

Plain functions of the environment, without Django, so that commands that need no database stay quick.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from yukuaiban.journal import disk, sm2

PROJECT = Path(__file__).resolve().parents[3]
SIGNERS = ("ed25519", "sm2")


def folder() -> Path:
    """The folder of this installation (`YKB_HOME`, default `var` in the project), made if it is missing."""
    path = Path(os.environ.get("YKB_HOME") or PROJECT / "var")
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


def district_path() -> Path:
    """The folder of the district pack: `YKB_DISTRICT` is a name under `districts/` or a path."""
    name = os.environ.get("YKB_DISTRICT") or "ganyu"
    path = Path(name)
    return path.resolve() if path.is_dir() else PROJECT / "districts" / name


def secret_key(home: Path) -> str:
    """`YKB_SECRET_KEY`, or the one made on the first start and kept in the folder, readable by its owner alone."""
    given = os.environ.get("YKB_SECRET_KEY")
    return given or kept_secret(home / "secret-key")


def seal_key(home: Path) -> bytes:
    """The 32 bytes that seal personal payloads at rest; a file of its own, so a copy of the database opens nothing."""
    return hashlib.sha256(b"seal" + kept_secret(home / "seal-key").encode()).digest()


def journal_key(home: Path) -> bytes:
    """The 32 bytes with which this installation signs checkpoints (journal.md section 8), kept as 64 hex digits.

    Raises ValueError if the file holds anything else.
    """
    return _kept_seed(home / "journal-key", lambda: secrets.token_bytes(32))


def journal_signer() -> str:
    """`YKB_JOURNAL_SIGNER`: how checkpoints are signed, `ed25519` (without it) or `sm2`."""
    return os.environ.get("YKB_JOURNAL_SIGNER") or SIGNERS[0]


def journal_sm2_key(home: Path) -> bytes | None:
    """The 32 bytes of the SM2 key, where SM2 signs; None elsewhere. Raises ValueError as `journal_key`."""
    return _kept_seed(home / "journal-sm2-key", sm2.new_seed) if journal_signer() == "sm2" else None


def signer_trouble() -> str | None:
    """Why checkpoints cannot be signed as `YKB_JOURNAL_SIGNER` says; None if they can."""
    if (name := journal_signer()) not in SIGNERS:
        return f"YKB_JOURNAL_SIGNER 不认识 {name}；可用 {'、'.join(SIGNERS)}"
    return sm2.MISSING if name == "sm2" and not sm2.installed() else None


def _kept_seed(path: Path, make: Callable[[], bytes]) -> bytes:
    found = bytes.fromhex(kept_secret(path, lambda: make().hex()))
    if len(found) != 32:
        raise ValueError(f"{path.name} 应为 64 位十六进制数")
    return found


def trusted_journal_keys(home: Path) -> list[str]:
    """Further verifier keys, one a line, in the file `journal-keys`: own ones that were replaced."""
    path = home / "journal-keys"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def signed_note(home: Path) -> Path:
    """Where the signer keeps its last note, outside the database, so that a database put back is noticed."""
    return home / "journal-signed"


def kept_secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """The text of a key file, made with mode 600 if there is none.

    The file appears whole (written aside, then linked), so two first starts agree on one key.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
        # What it seals may be committed a moment later; without the key nobody could open it again.
        disk.sync_folder(path.parent)
    return path.read_text(encoding="ascii").strip()


def hosts() -> list[str]:
    """The host names of `YKB_HOSTS`; without it only this computer."""
    given = os.environ.get("YKB_HOSTS", "")
    return [name.strip() for name in given.split(",") if name.strip()] or ["127.0.0.1", "localhost", "[::1]"]


def notice_channels() -> list[str]:
    """The ways of `YKB_NOTICE_CHANNELS` by which people are told; without it only inside the application."""
    given = os.environ.get("YKB_NOTICE_CHANNELS", "")
    return [name.strip() for name in given.split(",") if name.strip()] or ["inbox"]


def mail() -> dict[str, Any]:
    """Django's settings of the mail server `YKB_SMTP_URL` (`smtp://`, `smtps://`, `smtp+starttls://`)."""
    parts = urlsplit(os.environ.get("YKB_SMTP_URL") or "smtp://127.0.0.1:25")
    over_tls = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname or "127.0.0.1",
        "EMAIL_PORT": parts.port or (465 if over_tls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": over_tls,
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "DEFAULT_FROM_EMAIL": os.environ.get("YKB_MAIL_FROM") or "yukuaiban@localhost",
    }


def databases(home: Path) -> dict[str, dict[str, Any]]:
    """`default`, and `owner` where `YKB_MIGRATE_URL` names a role of its own for changing tables."""
    url = os.environ.get("YKB_MIGRATE_URL")
    return {"default": database(home)} | ({"owner": _postgresql(url)} if url else {})


def database(home: Path) -> dict[str, Any]:
    """Django's settings of the database: PostgreSQL by `YKB_DATABASE_URL`, else SQLite in the folder."""
    url = os.environ.get("YKB_DATABASE_URL")
    return _postgresql(url) if url else _sqlite(home / "yukuaiban.sqlite3")


def _sqlite(path: Path) -> dict[str, Any]:
    """WAL and `synchronous=FULL`: receipts have legal weight, so a power cut may lose nothing acknowledged."""
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON; PRAGMA busy_timeout=5000;"
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 5, "init_command": pragmas},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": {k: v for k, v in query.items() if k in {"sslmode", "options", "application_name"}},
    }
