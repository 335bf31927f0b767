"""The pages between cases in Chromium with something on them: axe, reflow on a phone, focus on errors."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.similarity.models import RelationKind
from mystery_shopper.similarity.services import relate
from tests.factories.publications import add_authority
from tests.factories.reports import add_report
from tests.factories.staff import Member
from tests.journeys.test_page_sweep import address, sweep_as
from tests.similarity.joined import FIRST_FACTS, SECOND_FACTS, case_of, join
from tests.similarity.test_suggestions import OTHER_STORY, STORY, add_upheld

pytestmark = pytest.mark.browser

__all__ = ["address"]


def fill(maker: StaffMember) -> dict[str, str]:
    """Make cases with something to see between them; returns their references by what they are for."""
    authority = add_authority()
    soon = clock.today() + timedelta(days=12)
    upheld = [add_upheld(authority.id, maker) for _ in range(3)]
    kept = case_of(
        add_report(
            facts=dict(FIRST_FACTS), authority_id=authority.id, narrative=STORY, procurement_title="Meals for schools"
        )
    )
    joined, near, linked, dismissed = (
        case_of(
            add_report(
                facts=dict(SECOND_FACTS),
                authority_id=authority.id,
                narrative=narrative,
                tender_closes_on=soon,
                procurement_reference="2025/S 000-123456",
                procurement_title=title,
            )
        )
        for title, narrative in (
            ("School meals", STORY),
            ("Meals in all schools of the county", STORY),
            ("Kitchens", OTHER_STORY),
            ("Catering for offices", OTHER_STORY),
        )
    )
    join(kept, joined, maker, reason="The same tender")
    for other, kind in ((linked, RelationKind.LINKED), (dismissed, RelationKind.NOT_SIMILAR)):
        relate(kept, other, kind, reason="Another lot", version=kept.version, maker=maker, now=clock.utc_now())
    cases = {"kept": kept, "joined": joined, "near": near, "upheld": upheld[0]}
    return {name: case.reference for name, case in cases.items()}


@pytest.mark.large
def test_the_pages_between_cases_are_accessible_and_fit_on_a_phone(
    app: Flask, address: str, chromium: Browser, make_user: Callable[..., Member], sign_in: Callable[..., None]
) -> None:
    senior = make_user(Role.SENIOR_CASEWORKER)
    with app.app_context(), transaction():
        made = fill(get_user(senior.id).to_staff_member())
    kept, joined, near = made["kept"], made["joined"], made["near"]
    pages = (
        f"/cases/{kept}",
        f"/cases/{kept}/parts/reports",
        f"/cases/{joined}",
        f"/cases/{kept}/timeline",
        f"/cases/{kept}/join?other={near}",
        f"/cases/{kept}/join?other={made['upheld']}",
        f"/cases/{kept}/take-apart",
        f"/cases/{kept}/split",
        f"/cases/{kept}/link?other={near}",
        f"/cases/{kept}/relations",
        f"/cases/{kept}/pattern",
        "/repeat-patterns",
    )
    client = app.test_client()
    sign_in(client, senior)
    with sweep_as(client, chromium, address) as sweep:
        for path in pages:
            sweep.visit(path)
        for path in pages[3:10]:
            sweep.send_empty(path)
        assert sweep.errors_seen >= 5
