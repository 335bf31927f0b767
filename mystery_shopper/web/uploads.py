"""How a body with files is taken apart: files go to sealed spools, and what is not whole or well formed is refused."""

import codecs
from typing import IO, Any, cast
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import FormDataParser

from mystery_shopper.core.spool import SealedSpool

MULTIPART = "multipart/form-data"
NOT_TEXT = "mystery-shopper-not-text"
NO_CHARACTER = "\uffff"
"""What stands for bytes that are no text: every field refuses it in words, as it does NUL (`core.text`)."""


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return NO_CHARACTER, error.end


codecs.register_error(NOT_TEXT, _mark)


class FormParser(FormDataParser):
    """The parser of this service: bytes that are no UTF-8 are marked, where Werkzeug's stores them as "%FF"."""

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]:
        text = stream.read().decode("utf-8", NOT_TEXT)
        return stream, self.cls(parse_qsl(text, keep_blank_values=True, errors=NOT_TEXT)), self.cls()


class UploadRequest(Request):
    """The request of this service. Nothing that was uploaded ever lies on a disk in the clear."""

    form_data_parser_class = FormParser

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
