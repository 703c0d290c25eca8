"""Uploads that are too large: refused as soon as the limit is passed, the rest of the body is not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from yukuaiban.evidence.filetypes import MOST_BYTES

if TYPE_CHECKING:
    from typing import Any


class SizeGuard(FileUploadHandler):
    """Stands in front of the handlers that keep the bytes, and counts those of each file."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's hook
        """Hand the piece on; RequestDataTooBig once a file is larger than evidence may be."""
        self.received += len(raw_data)
        if self.received > MOST_BYTES:
            for handler in self.request.upload_handlers if self.request else ():
                if handler is not self:
                    handler.upload_interrupted()  # lets go of what lies in a temporary file
            message = "a file is larger than evidence may be"
            raise RequestDataTooBig(message)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind have the file."""
