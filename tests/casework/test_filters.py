"""Filters of the list that look at the report and its flags, and the operators of the search, on both databases."""

from datetime import timedelta

import pytest

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Channel
from mystery_shopper.casework.policy import CaseFilter
from mystery_shopper.casework.queries.listing import list_cases
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from tests.factories.reports import add_report
from tests.factories.staff import add_member

pytestmark = [pytest.mark.usefixtures("app_context"), pytest.mark.both]


def test_filters_and_operators_find_exactly_what_they_say() -> None:
    with transaction():
        senior = get_user(add_member("senior-caseworker").id).to_staff_member()
        first = add_report(narrative="The purple pelican guarantee was refused.").case_reference
        second = add_report(narrative="A pelican, and only later a purple stamp.").case_reference
        third = add_report(narrative="The walrus was asked for accounts.").case_reference

    def found(**filters: object) -> set[str]:
        page = list_cases(senior, CaseFilter(**filters), today=clock.today(), cursor=None)
        return {case.reference for case in page.items}

    today = clock.today()
    assert found(q="pelican purple") == {first, second}
    assert found(q='"purple pelican"') == {first}
    assert found(q="walrus OR guarantee") == {first, third}
    assert found(q="pelican -guarantees") == {second}
    assert found(q='pelican -"purple pelican" -walrus') == {second}
    assert found(q="OR (* -- & | ! :* <-> pelican')") == {first, second}
    assert found(q="-pelican") == found() == {first, second, third}
    assert found(channel=Channel.WEB.value, origin="supplier") == {first, second, third}
    assert found(channel="phone") == set()
    assert found(origin="spot-check") == set()
    assert found(received_from=today, received_to=today) == {first, second, third}
    assert found(received_to=today - timedelta(days=1)) == set()
    assert found(regime="no-such-law") == set()
    assert found(severity="3") >= found(severity="4") >= found(severity="5")
    assert found(severity="3", rule="FIN-BOND") <= found(rule="FIN-BOND")
