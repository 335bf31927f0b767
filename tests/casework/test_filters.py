"""Filters of the list that look at the report and its flags, and the operators of the search, on both databases."""

from datetime import timedelta

import pytest

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Channel
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import join_cases
from mystery_shopper.casework.policy import CaseFilter, Sort
from mystery_shopper.casework.queries.listing import list_cases, read_for_export
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.teamwork.queries.labels import labels_of
from mystery_shopper.teamwork.services.labels import add_label, keep_label
from mystery_shopper.teamwork.states import Colour
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


def test_label_finds_cases_that_have_it_and_those_a_labelled_one_was_joined_to() -> None:
    with transaction():
        senior = get_user(add_member("senior-caseworker").id).to_staff_member()
        plain, labelled, kept, part = (get_case_for_update(add_report().case_id) for _ in range(4))
        label = keep_label(None, name="Press", colour=Colour.BLUE, version=0, actor="system", now=clock.utc_now())
        for case in (labelled, part):
            add_label(case, label, by=senior, now=clock.utc_now())
        versions = {"kept_version": kept.version, "joined_version": part.version}
        join_cases(kept, part, **versions, reason="The same tender", joiner=senior, now=clock.utc_now())

    wanted = CaseFilter(label=str(label.id))
    found = {case.reference for case in list_cases(senior, wanted, today=clock.today(), cursor=None).items}
    assert found == {labelled.reference, kept.reference}
    assert plain.reference not in found
    assert {name: [one.name for one in each] for name, each in labels_of([plain, labelled, part]).items()} == {
        labelled.id: ["Press"],
        part.id: ["Press"],
    }


def test_file_is_read_a_batch_at_a_time_in_the_order_of_the_list() -> None:
    with transaction():
        senior = get_user(add_member("senior-caseworker").id).to_staff_member()
        cases = [get_case_for_update(add_report().case_id) for _ in range(5)]
        for case in cases[:2]:
            case.due_on, case.due_kind = None, None
    for sort in Sort:
        wanted = CaseFilter(sort=sort)
        listed = list_cases(senior, wanted, today=clock.today(), cursor=None).items
        batches = list(read_for_export(senior, wanted, today=clock.today(), batch=2))
        assert [case.id for batch in batches for case in batch] == [case.id for case in listed]
        assert max(len(batch) for batch in batches) == 2
