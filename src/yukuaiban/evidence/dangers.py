"""What makes a file of an allowed type dangerous: macros, locks that hide its content, programs inside. Pure."""

from __future__ import annotations

import io
import zipfile

import pypdfium2

from yukuaiban.core.errors import Problem

_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_PROGRAM_ENDINGS = (".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jar", ".msi")
_MACROS = ("vbaproject.bin", "vbadata.xml")
_ACTIVE_PDF = (b"/JavaScript", b"/Launch")
_ENCRYPTED_BIT = 0x1


def foreign(content: bytes) -> Problem | None:
    """Why a file that is of no allowed type is none, where there is a plainer word for it."""
    if content.startswith(_PROGRAMS):
        return Problem("是可执行程序，类型不在可收范围内", "程序和脚本一律不收", field="file")
    if content.startswith(_OLE):
        if _ENCRYPTED_OFFICE in content:
            return Problem("是加密的 Office 文件，类型不在可收范围内", "请去掉打开密码后再传", field="file")
        remedy = "请另存为 .docx 或 .xlsx（不带宏）再传"
        return Problem("是旧版 Office 文件，可能带宏，类型不在可收范围内", remedy, field="file")
    return None


def danger(content: bytes) -> Problem | None:
    """What is dangerous in a file of an allowed type, and the way out; None if nothing was found."""
    if content.startswith(b"%PDF-"):
        return _in_pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _in_archive(content)
    if content.startswith(b"#!"):
        return Problem("是可执行程序，类型不在可收范围内", "程序和脚本一律不收", field="file")
    return None


def _in_pdf(content: bytes) -> Problem | None:
    if any(mark in content for mark in _ACTIVE_PDF):
        return Problem("是带脚本或启动命令的 PDF", "请打印或另存为普通 PDF 再传", field="file")
    try:
        pypdfium2.PdfDocument(content).close()
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            return Problem("是加密的 PDF", "请去掉打开密码后再传", field="file")
    return None


def _in_archive(content: bytes) -> Problem | None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if any(name.endswith(_MACROS) for name in names):
        return Problem("带有宏", "请另存为不带宏的 .docx 或 .xlsx 再传", field="file")
    if any(name.endswith(_PROGRAM_ENDINGS) for name in names):
        return Problem("里面有可执行程序", "请去掉其中的程序再传", field="file")
    if any(entry.flag_bits & _ENCRYPTED_BIT for entry in entries):
        return Problem("是加密的文件", "请去掉打开密码后再传", field="file")
    return None
