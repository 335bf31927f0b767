"""Forms of the reporter's side: questions made from facts, what is kept, what is refused. No database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from mystery_shopper.facts.definitions import FactType
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake import forms, scope
from mystery_shopper.intake.answers import UNSURE, Answers
from mystery_shopper.intake.journey import is_asked

ASKED = tuple(fact_id for fact_id in registry() if is_asked(fact_id))


@pytest.fixture
def page() -> Iterator[Flask]:
    """A request in which forms can be made; tokens are left out."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="key of a test", WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        yield app


def filled(kind: type[forms.PageForm], **typed: object) -> forms.PageForm:
    return kind(formdata=MultiDict(typed))


def errors(form: forms.PageForm) -> list[str]:
    form.validate()
    return [item["text"] for item in form.error_list]


def test_every_fact_of_the_registry_makes_a_field_that_may_stay_empty(page: Flask) -> None:
    form = filled(forms.facts_form(ASKED))

    assert form.validate(), form.errors
    assert form.apply(Answers()).facts == {}
    for fact_id in ASKED:
        assert f'name="{fact_id}' in form[fact_id]()


@pytest.mark.parametrize(
    ("fact_id", "typed", "value"),
    [
        ("bond_gbp", {"bond_gbp": "£5,000,000"}, 500_000_000),
        ("bond_gbp", {"bond_gbp": "1200.50"}, 120_050),
        ("min_years_accounts", {"min_years_accounts": "5"}, 5),
        ("bond_pct", {"bond_pct": "12.5"}, Decimal("12.5")),
        ("pcg_required", {"pcg_required": "yes"}, True),
        ("pcg_required", {"pcg_required": "no"}, False),
        ("insurance_timing", {"insurance_timing": "at-bid"}, "at-bid"),
        (
            "procurement_start_date",
            {
                "procurement_start_date-day": "1",
                "procurement_start_date-month": "6",
                "procurement_start_date-year": "2025",
            },
            date(2025, 6, 1),
        ),
    ],
)
def test_a_typed_fact_is_kept_as_its_value_and_shown_again(
    page: Flask, fact_id: str, typed: dict[str, str], value: object
) -> None:
    kind = forms.facts_form((fact_id,))
    form = kind(formdata=MultiDict(typed))

    assert form.validate(), form.errors
    answers = form.apply(Answers())
    assert answers.fact(fact_id) == value

    again = kind(data=kind.stored(answers))
    assert again.apply(Answers()).fact(fact_id) == value
    assert "value=" in again[fact_id]() or "checked" in again[fact_id]()


def test_i_do_not_know_is_remembered_and_is_no_fact(page: Flask) -> None:
    kind = forms.facts_form(("pcg_required",))

    answers = filled(kind, pcg_required=UNSURE).apply(Answers())

    assert answers.fact("pcg_required") is None
    assert answers.unsure == ("pcg_required",)
    assert "checked" in kind(data=kind.stored(answers)).pcg_required()


def test_an_emptied_answer_takes_the_fact_away(page: Flask) -> None:
    kind = forms.facts_form(("bond_gbp",))
    answers = filled(kind, bond_gbp="5").apply(Answers())

    assert filled(kind, bond_gbp="").apply(answers).facts == {}


@pytest.mark.parametrize("typed", ["1e5", "NaN", "1_000", "\uff19\uff19", "£1m", "-1", "9" * 60, "1,00", "1.234"])
def test_what_is_no_amount_is_refused_and_shown_back(page: Flask, typed: str) -> None:
    form = filled(forms.facts_form(("bond_gbp",)), bond_gbp=typed)

    assert len(errors(form)) == 1
    assert typed in form.bond_gbp()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=80))
def test_no_text_in_any_field_makes_a_page_fail(page: Flask, typed: str) -> None:
    kind = forms.facts_form(("bond_gbp", "min_years_accounts", "bond_pct", "pcg_required", "certification_name"))
    form = kind(formdata=MultiDict(dict.fromkeys(kind.fact_ids, typed)))

    if form.validate():
        form.apply(Answers())
    assert [form[fact_id]() for fact_id in kind.fact_ids]


def test_the_day_the_problem_was_known_cannot_lie_in_the_future(page: Flask) -> None:
    typed = {"learnt_on-day": "2", "learnt_on-month": "11", "learnt_on-year": "2026"}
    form = forms.facts_form((), forms.DatesForm)(formdata=MultiDict(typed))
    form.learnt_on.latest = date(2026, 11, 1)

    assert errors(form) == ["The day you first knew of the problem must be the same as or before 1 November 2026"]


class TestContact:
    def test_one_way_to_reach_the_reporter_is_needed(self, page: Flask) -> None:
        assert errors(filled(forms.ContactForm, name="Joan")) == ["Enter an email address or a phone number"]

    @pytest.mark.parametrize("given", [{"email": "joan@example.org"}, {"phone": "020 7946 0000"}])
    def test_one_way_is_enough(self, page: Flask, given: dict[str, str]) -> None:
        assert filled(forms.ContactForm, **given).validate()

    def test_mail_needs_an_address(self, page: Flask) -> None:
        form = filled(forms.ContactForm, phone="020 7946 0000", wants_email="yes")

        assert errors(form) == ["Enter an email address, so that we can tell you there is an update"]

    def test_a_line_break_in_a_name_cannot_become_a_header(self, page: Flask) -> None:
        form = filled(forms.ContactForm, name="a\r\nBcc: x@evil.example", phone="020 7946 0000")

        assert form.validate()
        assert form.apply(Answers()).name == "a Bcc: x@evil.example"

    @pytest.mark.parametrize("email", ["a@b.uk\r\nBcc: x@evil.example", "Bcc: x@evil.example\n\na@b.uk", "a@b.uk\x00"])
    def test_a_line_break_in_an_address_is_refused(self, page: Flask, email: str) -> None:
        form = filled(forms.ContactForm, email=email, name="Joan")

        assert len(errors(form)) == 1
        assert form.email.errors

    def test_a_wrong_address_and_number_are_named_at_their_fields(self, page: Flask) -> None:
        form = filled(forms.ContactForm, email="a@b", phone="call me")

        assert errors(form) == [
            "Enter an email address in the correct format, like name@example.com",
            "Enter a phone number, like 020 7946 0000 or +44 7700 900982",
        ]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (forms.KindForm, "Select who you are"),
        (forms.KnownForm, "Select how you want to be known"),
        (forms.BarriersForm, "Select at least one thing that stands in your way"),
        (forms.StoryForm, "Enter how this stands in your way"),
        (forms.RaisedForm, "Select yes if you have raised this with the buyer"),
    ],
)
def test_an_empty_page_says_what_to_do(page: Flask, kind: type[forms.PageForm], message: str) -> None:
    assert errors(filled(kind)) == [message]


def test_the_procurement_needs_a_title_and_a_stage(page: Flask) -> None:
    messages = errors(filled(forms.facts_form((), forms.ProcurementForm)))
    assert messages == ["Enter the title of the procurement", "Select how far it has got"]


@pytest.mark.parametrize("kind", [forms.ScopeBodyForm, forms.ScopeChecksForm])
def test_each_scope_question_must_be_answered_with_one_of_its_options(page: Flask, kind: type[forms.PageForm]) -> None:
    questions = kind.names()
    assert len(errors(filled(kind))) == len(questions)
    assert len(errors(filled(kind, **dict.fromkeys(questions, "<script>")))) == len(questions)
    given = {question: "no-invoices" if question == "payment" else "unsure" for question in questions}
    kept = filled(kind, **given)
    assert kept.validate()
    assert kept.apply(Answers()).scope == given


def test_the_scope_check_asks_every_question_of_its_table() -> None:
    asked = {*forms.ScopeBodyForm.names(), *forms.ScopeChecksForm.names()}
    assert asked == set(scope.QUESTIONS)


def test_a_story_may_be_5000_characters_and_no_more(page: Flask) -> None:
    assert filled(forms.StoryForm, narrative="a" * 5000).validate()
    assert errors(filled(forms.StoryForm, narrative="a" * 5001)) == [
        "How this stands in your way must be 5,000 characters or less"
    ]


def test_the_buyers_answer_is_dropped_when_nothing_was_raised(page: Flask) -> None:
    form = filled(forms.RaisedForm, raised_with_buyer="no", buyer_answer="They refused")

    assert form.validate()
    assert form.apply(replace(Answers(), buyer_answer="old")).buyer_answer == ""


def test_extra_fields_change_nothing(page: Flask) -> None:
    form = filled(forms.KindForm, reporter_kind="mutual", saved="x", facts="y", identity_choice="named")

    assert form.validate()
    assert form.apply(Answers()) == replace(Answers(), reporter_kind="mutual")


def test_every_type_of_fact_has_a_question() -> None:
    asked = {registry()[fact_id].type for fact_id in ASKED}
    assert asked >= {FactType.MONEY, FactType.DATE, FactType.BOOLEAN, FactType.CHOICE, FactType.TEXT, FactType.YEARS}
