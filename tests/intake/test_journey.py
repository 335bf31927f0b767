"""The journey as data: which pages there are, in which order, and what is missing."""

from dataclasses import replace
from datetime import date

from mystery_shopper.intake import journey
from mystery_shopper.intake.answers import Answers, fact_values, is_only_about_invoice
from mystery_shopper.intake.forms import BarriersForm, facts_form
from mystery_shopper.intake.journey import Status
from mystery_shopper.rules.loading import families

IN_SCOPE = {"body": "english-public-body", "specific": "yes", "healthcare": "no", "recent": "yes", "legal": "no"}
BOND = Answers(
    scope=IN_SCOPE,
    reporter_kind="mutual",
    identity_choice="anonymous",
    barriers=("bonds-and-guarantees",),
    facts={"bond_gbp": {"amount": "5000000.00", "currency": "GBP"}},
)


def slugs(answers: Answers) -> list[str]:
    return [page.slug for page in journey.pages(answers, families())]


def complete(answers: Answers) -> Answers:
    return replace(answers, saved=tuple(slugs(answers)))


def test_a_new_report_begins_with_the_scope_check() -> None:
    assert slugs(Answers())[:2] == ["scope-body", "who-you-are"]
    assert journey.first_gap(Answers(), families()).slug == "scope-body"  # type: ignore[union-attr]


def test_a_typical_report_is_short() -> None:
    """One barrier, no name: with the view of the rules and the check of the answers it takes fewer than 15 pages."""
    assert len(slugs(BOND)) + len(("view", "check")) < 15


def test_a_question_is_asked_again_only_while_it_counts() -> None:
    assert slugs(Answers(scope={"body": "english-public-body"}))[:2] == ["scope-body", "scope-checks"]
    assert "scope-checks" not in slugs(Answers(scope={"body": "school"}))
    early = Answers(scope={**IN_SCOPE, "specific": "no"})
    assert journey.scope_path(early) == {"body": "english-public-body", "specific": "no"}


def test_contact_details_are_asked_unless_the_reporter_is_anonymous() -> None:
    assert "contact" not in slugs(BOND)
    assert "contact" in slugs(replace(BOND, identity_choice="confidential"))


def test_each_chosen_barrier_has_its_page_and_no_fact_is_asked_twice() -> None:
    everything = replace(BOND, barriers=tuple(family.id for family in families()), stage="awarded")

    pages = journey.pages(everything, families())

    asked = [fact for page in pages for fact in page.facts]
    assert len(asked) == len(set(asked))
    assert all(journey.is_asked(fact) for fact in asked)
    with_facts = [family for family in families() if family.facts]
    assert sum(page.slug.startswith("barrier-") for page in pages) == len(with_facts)


def test_the_award_date_is_asked_only_after_an_award() -> None:
    def dates(stage: str) -> tuple[str, ...]:
        page = journey.find_page("dates", replace(BOND, stage=stage), families())
        assert page is not None
        return page.facts

    assert "award_notice_date" not in dates("live")
    assert "award_notice_date" in dates("awarded")


def test_pages_lead_on_and_back_through_the_whole_journey() -> None:
    order = slugs(BOND)
    walked = [order[0]]
    while (following := journey.slug_after(walked[-1], BOND, families())) is not None:
        walked.append(following)
    back = [journey.slug_before(slug, BOND, families()) for slug in walked]

    assert walked == order
    assert back == [None, *order[:-1]]


def test_a_complete_report_has_no_gap_and_all_tasks_done() -> None:
    done = complete(BOND)

    assert journey.first_gap(done, families()) is None
    assert {task.status for section in journey.sections(done, families()) for task in section.tasks} == {Status.DONE}


def test_choosing_another_barrier_reopens_its_task_but_not_the_report() -> None:
    more = replace(complete(BOND), barriers=("bonds-and-guarantees", "turnover"))

    statuses = {task.title: task.status for section in journey.sections(more, families()) for task in section.tasks}

    assert statuses[journey.PROBLEM] is Status.STARTED
    assert journey.first_gap(more, families()) is None


def test_facts_of_an_unticked_barrier_are_not_sent() -> None:
    unticked = replace(BOND, barriers=("payment",))

    assert "bond_gbp" in fact_values(journey.settle(BOND, families()))
    assert "bond_gbp" not in fact_values(journey.settle(unticked, families()))


def test_somebody_who_became_anonymous_sends_no_contact_details() -> None:
    named = replace(BOND, name="Joan", email="joan@example.org", wants_email=True)

    settled = journey.settle(named, families())

    assert (settled.name, settled.email, settled.wants_email) == ("", "", False)


def test_scope_answers_of_questions_no_longer_asked_are_dropped() -> None:
    changed = replace(BOND, scope={**IN_SCOPE, "body": "school"})

    assert journey.settle(changed, families()).scope == {"body": "school"}
    assert fact_values(journey.settle(changed, families()))["is_school"] is True


def test_a_fact_no_page_asks_is_asked_on_a_page_of_its_own() -> None:
    page = journey.more_questions(BOND, families(), ("bond_gbp", "bond_on_demand", "authority_class_pa23"), most=5)

    assert page is not None
    assert page.facts == ("bond_on_demand",)
    assert journey.page_of_fact("bond_on_demand", BOND, families()) == "more-questions"
    assert journey.page_of_fact("bond_gbp", BOND, families()) == "barrier-bonds-and-guarantees"


def test_answers_survive_the_trip_through_a_draft() -> None:
    full = replace(BOND, learnt_on="2026-11-01", unsure=("pcg_required",), saved=("procurement",))

    assert Answers.from_json(full.to_json()) == full
    assert full.learnt_date == date(2026, 11, 1)
    assert Answers.from_json({**full.to_json(), "of_another_version": 1}) == full


def test_a_stored_fact_that_no_longer_fits_counts_as_not_answered() -> None:
    assert replace(BOND, facts={"bond_gbp": "a lot", "gone": 1}).fact("bond_gbp") is None
    assert fact_values(replace(BOND, facts={"gone": 1})).keys() >= {"is_healthcare_service"}


def test_a_cancelled_competition_is_a_fact_that_is_not_asked_again() -> None:
    cancelled = replace(BOND, stage="cancelled", barriers=("cancelling",))
    asked = {fact for page in journey.pages(cancelled, families()) for fact in page.facts}

    assert fact_values(cancelled)["cancelled"] is True
    assert "reason_given" in asked
    assert "cancelled" not in asked
    assert fact_values(replace(cancelled, facts={"cancelled": False}))["cancelled"] is True, "what was chosen last"


def test_who_is_owed_by_a_main_contractor_finds_that_answered() -> None:
    scope = {**IN_SCOPE, "body": "main-contractor", "payment": "no-invoices"}
    owed = Answers(scope=scope, barriers=("payment",))
    shown = facts_form(("owed_by_prime",)).stored(owed)

    assert shown == {"owed_by_prime": "yes"}
    assert BarriersForm.stored(replace(owed, barriers=()))["barriers"] == ("payment",)
    assert fact_values(owed)["owed_by_prime"] is True
    assert fact_values(replace(owed, facts={"owed_by_prime": False}))["owed_by_prime"] is False
    assert "owed_by_prime" not in fact_values(replace(owed, unsure=("owed_by_prime",)))
    assert "owed_by_prime" not in fact_values(replace(owed, scope={**scope, "payment": "no"}))


def test_only_an_invoice_has_none_of_the_clocks_of_a_tender() -> None:
    assert is_only_about_invoice({"payment": "invoices"}, ("payment",))
    assert not is_only_about_invoice({"payment": "invoices"}, ("payment", "insurance"))
    assert not is_only_about_invoice({"payment": "no"}, ("payment",))
