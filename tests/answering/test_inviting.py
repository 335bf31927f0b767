"""An invitation made again passes the disclosure gate as the first one did."""

from uuid import UUID

import pytest
from flask import Flask

from mystery_shopper.accounts.policy import Role
from mystery_shopper.answering import services
from mystery_shopper.answering.queries import get_officer
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case, Identity
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from tests.factories.inquiries import Way, add_inquiry
from tests.factories.publications import as_staff
from tests.factories.reports import add_report
from tests.factories.staff import add_member
from tests.similarity.joined import case_of, join


def invite_again(case: Case, way: Way) -> None:
    with transaction():
        inquiry, officer = get_officer(case, UUID(way.officer_id))
        services.invite_again(case, inquiry, officer, actor="system", now=clock.utc_now())


def test_a_question_that_gives_away_who_joined_since_makes_no_new_link(app_context: Flask) -> None:
    with transaction():
        worker = as_staff(add_member(Role.SENIOR_CASEWORKER).id, Role.SENIOR_CASEWORKER)
        asked, other = add_report(), add_report(identity=Identity(name="Ada Unlike", organisation="Which Rule Ltd"))
        way = add_inquiry(case_of(asked), by=worker)
    invite_again(case_of(asked), way)
    with transaction():
        join(case_of(asked), case_of(other), worker)
    case = case_of(asked)
    before = get_officer(case, UUID(way.officer_id))[1].token_hash
    with pytest.raises(DisclosureError, match="Which rule") as error:
        invite_again(case, way)
    assert list(error.value.hits) == ["question 2"]
    assert get_officer(case, UUID(way.officer_id))[1].token_hash == before
