"""A letter as tagged PDF (PDF/UA-1), on machines that have the libraries for it: the extra `pdf`, and pango.

They are loaded when the first letter is made: that takes more than a second, and most processes make none.
"""

import warnings
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from mystery_shopper.core.errors import DomainError
from mystery_shopper.letters.policy import paragraphs_of

NAME = "Mystery Shopper"
VARIANT = "pdf/ua-1"
_FOLDER = files("mystery_shopper.letters") / "data" / "pdf"


class PdfNotInstalledError(DomainError):
    """A letter cannot be made into a PDF on this machine."""

    title = "PDF cannot be made here"

    def __init__(self) -> None:
        super().__init__(
            "The libraries that make PDF are not installed. Open the letter, choose to print it, and save it as PDF."
        )


def is_offered() -> bool:
    """Tell whether the extra is installed. Whether pango is there shows when the first letter is made."""
    return find_spec("weasyprint") is not None


@cache
def library() -> Any:
    """Return the library, None where it or what it needs of the system is missing.

    It warns that a later version will want one more library of the system; ours is pinned.
    """
    try:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            import weasyprint
    except (ImportError, OSError):
        return None
    return weasyprint


def make_pdf(text: str, *, reference: str, language: str) -> bytes:
    """Return the text of a letter as PDF: tagged, with its language and title. Nothing is fetched from anywhere.

    Raises:
        PdfNotInstalledError: the libraries are not there.
    """
    fetcher, maker = closed_fetcher(), library()
    page = _template().render(name=NAME, reference=reference, language=language, paragraphs=paragraphs_of(text))
    style = maker.CSS(string=(_FOLDER / "letter.css").read_text(encoding="utf-8"), url_fetcher=fetcher)
    made = maker.HTML(string=page, url_fetcher=fetcher).write_pdf(stylesheets=[style], pdf_variant=VARIANT)
    return bytes(made)


def closed_fetcher() -> Any:
    """Return what the library asks for pictures, styles and fonts by their address: it refuses every one.

    Raises:
        PdfNotInstalledError: the libraries are not there.
    """
    maker = library()
    if maker is None:
        raise PdfNotInstalledError
    return maker.urls.URLFetcher(allowed_protocols=())


@cache
def _template() -> Any:
    """What was typed is text in this page, whatever it looks like."""
    loader = FileSystemLoader(str(_FOLDER))
    environment = SandboxedEnvironment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("letter.html")
