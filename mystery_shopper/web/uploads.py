"""How a body with files is taken apart: files go to sealed spools, and what is not whole or well formed is refused."""

from typing import IO, cast

from flask import Request
from werkzeug.formparser import FormDataParser

from mystery_shopper.core.spool import SealedSpool

MULTIPART = "multipart/form-data"


class UploadRequest(Request):
    """The request of this service. Nothing that was uploaded ever lies on a disk in the clear."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return cast(IO[bytes], SealedSpool())

    def make_form_data_parser(self) -> FormDataParser:
        """Return a parser that says when a multipart body is broken, where Flask's takes it for an empty form."""
        parser = super().make_form_data_parser()
        parser.silent = self.mimetype != MULTIPART
        return parser
