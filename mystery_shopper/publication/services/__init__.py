"""Writes of publication: one function for each thing that can be done. They flush and never commit."""

from mystery_shopper.publication.services.drafting import (
    approve,
    check_publishable,
    drop_open_version,
    record_refusal,
    save_draft,
    send_back,
    start_correction,
    start_draft,
    submit,
    what_stops,
)
from mystery_shopper.publication.services.importing import ImportReport, import_results
from mystery_shopper.publication.services.releasing import publish, take_back_result, withdraw, withhold

__all__ = [
    "ImportReport",
    "approve",
    "check_publishable",
    "drop_open_version",
    "import_results",
    "publish",
    "record_refusal",
    "save_draft",
    "send_back",
    "start_correction",
    "start_draft",
    "submit",
    "take_back_result",
    "what_stops",
    "withdraw",
    "withhold",
]
