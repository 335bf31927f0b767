"""The reporter's side of a referral in Chromium: it needs a report and a receipt, which the sweep of pages has not."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.core.db import transaction
from tests.architecture.world import as_staff
from tests.factories.referrals import add_agreed, add_asked
from tests.factories.reports import Filed
from tests.factories.staff import Member
from tests.intake.walking import Walker
from tests.journeys.test_page_sweep import address, sweep_as

__all__ = ["address"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("is_agreed", [False, True], ids=["asked", "agreed"])
def test_the_reporters_page_of_a_referral(
    app: Flask,
    address: str,
    chromium: Browser,
    make_user: Callable[..., Member],
    file_report: Callable[..., Filed],
    is_agreed: bool,
) -> None:
    filed, member = file_report(), make_user(Role.CASEWORKER)
    with app.app_context(), transaction():
        worker = as_staff(member, Role.CASEWORKER)
        case = get_case_for_update(filed.case_id)
        referral_id = (add_agreed if is_agreed else add_asked)(case, filed.report_id, worker).id
    walker = Walker(app.test_client())
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    path = f"/receipt/case/referrals/{referral_id}"
    with sweep_as(walker.client, chromium, address) as sweep:
        sweep.visit(path, "receipt.answer_referral")
        sweep.compare_titles()
        if not is_agreed:
            sweep.send_empty(path)
            assert sweep.errors_seen == 1
            sweep.titles.clear()
