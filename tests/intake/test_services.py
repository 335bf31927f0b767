"""Drafts and reports through the services, against the database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from mystery_shopper.cases.models import Case, IdentityChoice, Message, Report, ReporterIdentity
from mystery_shopper.cases.queries import get_case_of, list_facts
from mystery_shopper.core import receipts
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.vault import DataKey
from mystery_shopper.facts.policy import to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake import journey, queries, services
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.models import Draft
from mystery_shopper.intake.services import IncompleteReportError

NOW = datetime(2026, 11, 2, tzinfo=UTC)
TODAY = NOW.date()
VALUES = {
    "bond_gbp": 500_000_000,
    "estimated_value_gbp": 120_000_000,
    "min_years_accounts": 5,
    "procurement_start_date": date(2025, 6, 1),
    "deadline_date": date(2026, 12, 1),
}
BARE = Answers(
    scope={"body": "english-public-body", "specific": "yes", "healthcare": "no", "recent": "yes", "legal": "no"},
    reporter_kind="mutual",
    identity_choice="confidential",
    name="Joan Pargeter",
    email="Joan@Quillfeather.example",
    wants_email=True,
    authority_text="Borough of Nowhere",
    procurement_title="Community meals service",
    stage="live",
    learnt_on="2026-11-01",
    barriers=("bonds-and-guarantees", "trading-history-and-accounts"),
    narrative="No surety will write this bond for us.",
    facts={name: to_json(registry()[name], value) for name, value in VALUES.items()},
)
ANSWERS = replace(BARE, saved=tuple(page.slug for page in journey.pages(BARE, queries.families())))

pytestmark = pytest.mark.usefixtures("app_context")


def saved_draft(answers: Answers = ANSWERS) -> queries.OpenDraft:
    with transaction():
        draft = services.start_draft(now=NOW)
        return services.save_answers(draft, answers, now=NOW)


def submit(draft: queries.OpenDraft) -> Report:
    with transaction():
        return services.submit_draft(draft.row.id, now=NOW)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_draft_keeps_its_answers_sealed_and_is_found_by_its_code() -> None:
    draft = saved_draft()

    found = queries.find_draft_by_code(receipts.digest(draft.code), TODAY)

    assert found is not None
    assert found.id == draft.row.id
    assert queries.read_draft(found).answers == ANSWERS
    assert found.content_sealed is not None
    for secret in (draft.code, "Pargeter", "surety", "Nowhere"):
        assert secret.encode() not in found.content_sealed


def test_the_database_shows_neither_code_nor_person_nor_words_before_and_after_sending() -> None:
    draft = saved_draft()
    secrets = (draft.code, receipts.grouped(draft.code), "Pargeter", "uillfeather", "surety", "Nowhere", "meals")

    before = whole_database()
    submit(draft)
    after = whole_database()

    assert "drafts" in before
    assert "reports" in after
    for table, rows in [*before.items(), *after.items()]:
        for secret in secrets:
            assert secret.lower() not in rows.lower(), f"{secret} can be read in {table}"


def whole_database() -> dict[str, str]:
    """Return every value of every table with rows, bytes as Latin-1 text."""
    found = {}
    for table in db.metadata.sorted_tables:
        values = [value for row in db.session.execute(select(table)) for value in row]
        if values:
            found[table.name] = " ".join(
                value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in values
            )
    return found


def test_two_drafts_have_codes_of_their_own() -> None:
    first, second = saved_draft(), saved_draft()

    assert first.code != second.code
    found = queries.find_draft_by_code(receipts.digest(second.code), TODAY)
    assert found is not None
    assert found.id == second.row.id


def test_a_report_is_filed_with_everything_the_draft_held() -> None:
    report = submit(saved_draft())
    case = get_case_of(report)

    assert report.identity_choice is IdentityChoice.CONFIDENTIAL
    assert report.content.learnt_on == "2026-11-01"
    assert report.content.barriers == ANSWERS.barriers
    assert dict(report.content.scope_answers) == ANSWERS.scope
    assert case.authority_name == "Borough of Nowhere"
    assert case.tender_closes_on == date(2026, 12, 1)
    assert case.procurement_started_on == date(2025, 6, 1)
    stated = {row.fact_id: row.value_json(case.data_key) for row in list_facts(case)}
    assert stated["bond_gbp"] == {"amount": "5000000.00", "currency": "GBP"}
    assert stated["is_school"] is False
    assert stated["reporter_is_mutual"] is True


def test_the_receipt_code_opens_the_report_and_the_draft_keeps_nothing() -> None:
    draft = saved_draft()
    key_id = draft.row.data_key_id
    report = submit(draft)

    found = queries.find_by_code(receipts.digest(draft.code), TODAY)
    assert found.draft is None
    assert found.report is not None
    assert found.report.id == report.id
    row = db.session.get_one(Draft, draft.row.id)
    assert (row.content_sealed, row.code_mac, row.data_key_id) == (None, None, None)
    assert row.submitted_report_id == report.id
    assert db.session.get_one(DataKey, key_id).erased_at == NOW
    with pytest.raises(NotFoundError):
        queries.read_draft(row)


def test_a_draft_sent_twice_is_one_report() -> None:
    draft = saved_draft()

    first, second = submit(draft), submit(draft)

    assert first.id == second.id
    assert (count(Case), count(Report)) == (1, 1)


def test_an_anonymous_report_leaves_no_identity_even_if_details_were_typed_before() -> None:
    submit(saved_draft(replace(ANSWERS, identity_choice="anonymous")))

    assert count(ReporterIdentity) == 0


@pytest.mark.parametrize("slug", ["who-you-are", "authority", "procurement", "what-happened", "contact"])
def test_a_report_with_a_gap_is_not_filed_and_the_page_is_named(slug: str) -> None:
    draft = saved_draft(replace(ANSWERS, saved=tuple(name for name in ANSWERS.saved if name != slug)))

    with pytest.raises(IncompleteReportError) as refused:
        submit(draft)

    assert refused.value.slug == slug
    assert count(Report) == 0


def test_an_unknown_draft_cannot_be_sent() -> None:
    with pytest.raises(NotFoundError), transaction():
        services.submit_draft(uuid4(), now=NOW)


@pytest.mark.parametrize("field", ["narrative", "requirement", "buyer_answer"])
def test_a_text_that_holds_the_receipt_code_is_refused_at_its_field(field: str) -> None:
    draft = saved_draft()
    text = f"my code is {receipts.grouped(draft.code).lower()}"

    with pytest.raises(DomainError) as refused, transaction():
        services.save_answers(draft, replace(ANSWERS, **{field: text}), now=NOW)

    assert refused.value.field == field
    db.session.expire_all()
    assert queries.read_draft(db.session.get_one(Draft, draft.row.id)).answers == ANSWERS


def test_a_draft_lives_28_days_from_its_last_change_and_is_then_erased() -> None:
    draft = saved_draft()
    later = NOW + timedelta(days=10)
    with transaction():
        services.save_answers(draft, ANSWERS, now=later)
    last_day = later.date() + timedelta(days=28)

    assert queries.find_draft(draft.row.id, last_day) is not None
    assert queries.find_draft(draft.row.id, last_day + timedelta(days=1)) is None
    assert queries.find_draft_by_code(receipts.digest(draft.code), last_day + timedelta(days=1)) is None
    with transaction():
        assert services.erase_expired_drafts(last_day, now=later) == 0
        assert services.erase_expired_drafts(last_day + timedelta(days=1), now=later) == 1
    assert count(Draft) == 0


def test_erasing_old_drafts_leaves_sent_ones() -> None:
    draft = saved_draft()
    submit(draft)

    with transaction():
        assert services.erase_expired_drafts(date(2030, 1, 1), now=NOW) == 0
    assert count(Draft) == 1


def test_only_the_date_of_what_a_reporter_does_is_stored(app: Flask) -> None:
    report = submit(saved_draft())
    with transaction():
        services.write_message(report, "Is there news?", submission_id=uuid4(), now=NOW)

    message = db.session.scalars(select(Message)).one()
    timeline = queries.reporter_timeline(report)
    assert message.sent_at == NOW
    assert {entry.on for entry in timeline} == {TODAY}


def test_a_message_with_the_code_is_refused_and_one_sent_twice_is_kept_once() -> None:
    draft = saved_draft()
    report = submit(draft)
    submission = uuid4()
    for _ in range(2):
        with transaction():
            services.write_message(report, "Hello", submission_id=submission, now=NOW)

    with pytest.raises(DomainError), transaction():
        services.write_message(report, draft.code, submission_id=uuid4(), now=NOW)

    assert count(Message) == 1


def test_a_report_is_withdrawn_once() -> None:
    report = submit(saved_draft())

    for _ in range(2):
        with transaction():
            services.withdraw_report(report, now=NOW)

    timeline = queries.reporter_timeline(report)
    assert [entry.sentence for entry in timeline].count("You withdrew your report.") == 1
    assert queries.reporter_status(timeline) == "You withdrew your report."


def test_a_message_does_not_change_where_the_report_stands() -> None:
    report = submit(saved_draft())
    with transaction():
        services.write_message(report, "Hello", submission_id=uuid4(), now=NOW)

    timeline = queries.reporter_timeline(report)

    assert timeline[0].sentence == "You sent us a message."
    assert queries.reporter_status(timeline) == "We received your report."


def test_the_bond_of_the_example_is_flagged_on_the_spot_with_its_sources() -> None:
    view = queries.spot_view(ANSWERS)

    raised = {result.rule_id: result for result in view.raised}
    assert raised.keys() >= {"FIN-BOND", "FIN-TRADING-HISTORY"}
    assert all(result.sources and result.explanation for result in raised.values())
    assert view.regime == "PA23"


def test_without_the_start_date_the_view_asks_for_it() -> None:
    facts = {name: value for name, value in ANSWERS.facts.items() if name != "procurement_start_date"}

    view = queries.spot_view(replace(ANSWERS, facts=facts))

    assert "procurement_start_date" in view.regime_missing
    assert view.raised == ()


def test_what_is_held_names_the_kinds_of_identity_data_and_never_shows_them() -> None:
    held = queries.what_we_hold(submit(saved_draft()))

    assert held.identity == ("your name", "your email address")
    assert ("Bond or cash deposit", "£5,000,000") in held.facts
    assert "Pargeter" not in str(held)
