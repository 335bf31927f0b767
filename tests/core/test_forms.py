"""The fields: what they read, what they refuse and in which words, and that nothing typed is lost or breaks a page."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import (
    YES_NO,
    CharacterCountField,
    CheckboxesField,
    ConfirmField,
    DateField,
    DecimalField,
    FileField,
    GovForm,
    HiddenField,
    IntegerField,
    MoneyField,
    Option,
    PasswordField,
    RadiosField,
    RequiredIf,
    SelectField,
    SubmitField,
    TextAreaField,
    TextField,
)
from mystery_shopper.core.forms.numbers import read_pence, write_pounds

KINDS = (Option("bond", "Bond", "Money held back"), Option("other", "Something else", divider="or"))
TEXT = st.text(max_size=60)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


class ReportForm(GovForm):
    """One field of each kind."""

    title = TextField("Title", required="Enter a title", hint="A few words", max_length=20, width=20)
    story = TextAreaField("Story", max_length=50)
    count = CharacterCountField("Details", max_length=50)
    seen = DateField("When you saw it", error_name="The date you saw it", required="Enter the date you saw it")
    bond = MoneyField("Bond", error_name="The bond", high=1_000_000)
    years = IntegerField("Years", low=1, high=50, suffix="years")
    ratio = DecimalField("Ratio", high=100)
    kind = RadiosField("Kind", choices=KINDS, required="Select a kind", reveals={"other": "other"})
    other = TextField("What is it?", validators=[RequiredIf("kind", "other", "Enter what it is")])
    many = CheckboxesField("Which apply?", choices=YES_NO)
    authority = SelectField("Authority", choices=[SelectChoice("a", "A council")], empty="Choose", autocomplete=True)
    saved = ConfirmField("I have saved it", required="Confirm that you have saved it")
    secret = PasswordField("Password")
    files = FileField("Files", multiple=True, accept=".pdf")
    hidden = HiddenField(max_length=10)
    send = SubmitField("Send")


GOOD = {
    "title": "Bond", "seen-day": "1", "seen-month": "6", "seen-year": "2025", "kind": "bond", "saved": "yes",
}  # fmt: skip


@pytest.fixture(scope="module")
def application() -> Flask:
    app = Flask("forms")
    app.secret_key = "not a secret"
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def post(application: Flask) -> Iterator[object]:
    """Make a form that was sent these fields, validated."""
    contexts = []

    def send(fields: dict[str, object] | None = None, **more: object) -> ReportForm:
        context = application.test_request_context(method="POST", data=MultiDict({**(fields or {}), **more}))
        context.push()
        contexts.append(context)
        form = ReportForm()
        form.validate_on_submit()
        return form

    yield send
    for context in reversed(contexts):
        context.pop()


def draw_all(form: GovForm) -> str:
    return "".join(str(field()) for field in form)


class TestText:
    def test_is_cleaned_but_shown_back_as_typed(self, post) -> None:
        form = post(GOOD, title="  Bond\u200b  too  high ")
        assert form.title.data == "Bond too high"
        assert 'value="  Bond\u200b  too  high "' in form.title()

    def test_of_spaces_is_no_answer(self, post) -> None:
        assert post(GOOD, title=" \u200b ").title.errors == ["Enter a title"]

    def test_has_a_length_counted_after_cleaning(self, post) -> None:
        assert post(GOOD, title=" " * 20 + "x" * 20).title.errors == []
        assert post(GOOD, title="x" * 21).title.errors == ["Title must be 20 characters or less"]
        assert post(GOOD, title="x" * 10_000).title.errors == ["Title must be 20 characters or less"]

    @pytest.mark.parametrize("letter", ["\ufdfa", "\u00df", "\u0130", "e\u0301", "\U0001f469"])
    def test_letters_that_grow_or_shrink_count_as_one(self, post, letter: str) -> None:
        assert post(GOOD, story=letter * 50).story.errors == []
        assert post(GOOD, story=letter * 51).story.errors == ["Story must be 50 characters or less"]

    def test_line_ends_count_once_and_are_kept(self, post) -> None:
        form = post(GOOD, story="\r\n" + "a\r\n" * 24 + "b")
        assert form.story.errors == []
        assert form.story.data == "a\n" * 24 + "b"
        assert post(GOOD, story="a\r\n" * 25 + "b").story.errors == ["Story must be 50 characters or less"]

    def test_with_a_forbidden_character_is_refused_with_a_message(self, post) -> None:
        form = post(GOOD, title="a\x00b")
        assert form.title.errors == ["Use plain text: this holds a character that cannot be stored"]
        assert "\x00" not in form.title()

    @RELAXED
    @given(typed=TEXT)
    def test_of_several_lines_is_shown_back_exactly(self, application: Flask, typed: str) -> None:
        with application.test_request_context(method="POST", data={"story": typed, "count": typed}):
            form = ReportForm()
            form.validate()
            for field in (form.story, form.count):
                inside = re.search(r"<textarea[^>]*>(.*)</textarea>", str(field()), re.DOTALL)
                assert inside is not None
                assert _as_a_browser_reads(inside[1]) == typed.replace("\r\n", "\n").replace("\r", "\n").replace(
                    "\x00", "\ufffd"
                )

    def test_markup_is_escaped_wherever_it_is_typed(self, post) -> None:
        names = (
            "title",
            "story",
            "count",
            "seen-day",
            "bond",
            "years",
            "ratio",
            "other",
            "hidden",
            "kind",
            "authority",
        )
        form = post(dict.fromkeys(names, "\"><script>alert('x')</script>"))
        assert "<script" not in draw_all(form)


def _as_a_browser_reads(content: str) -> str:
    """Return the value of a textarea: references read, the first line end dropped."""
    for reference, character in (
        ("&#10;", "\n"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ):
        content = content.replace(reference, character)
    return content.removeprefix("\n")


class TestEverything:
    @RELAXED
    @given(data=st.data())
    def test_no_text_in_any_field_raises(self, application: Flask, data: st.DataObject) -> None:
        names = [*GOOD, "story", "count", "bond", "years", "ratio", "other", "many", "authority", "secret", "hidden"]
        sent = data.draw(st.dictionaries(st.sampled_from(names), ANY_TEXT))
        with application.test_request_context(method="POST"):
            form = ReportForm(formdata=MultiDict(sent))
            form.validate()
            page = draw_all(form)
            page.encode("utf-8")
            assert all(re.fullmatch(r"#[a-z_-]+", item["href"]) for item in form.error_list)
            ids = set(re.findall(r'\sid="([^"]+)"', page))
            assert all(item["href"][1:] in ids for item in form.error_list)

    def test_a_good_report_has_no_error(self, post) -> None:
        form = post(GOOD)
        assert form.error_list == []
        assert form.errors == {}

    def test_an_empty_form_has_one_error_for_each_required_answer_in_page_order(self, post) -> None:
        assert post().error_list == [
            {"text": "Enter a title", "href": "#title"},
            {"text": "Enter the date you saw it", "href": "#seen-day"},
            {"text": "Select a kind", "href": "#kind"},
            {"text": "Confirm that you have saved it", "href": "#saved"},
        ]

    def test_fields_say_nothing_of_required_and_take_no_style(self, post) -> None:
        page = draw_all(post())
        assert " required" not in page
        assert " style=" not in page

    def test_each_error_is_tied_to_its_field(self, post) -> None:
        form = post(years="x")
        assert 'id="years-error"' in form.years()
        assert 'aria-describedby="years-error"' in form.years()
        assert "govuk-form-group--error" in form.years()

    def test_a_broken_rule_lands_at_its_field_or_on_top(self, post) -> None:
        form = post(GOOD)
        form.add_error(DomainError("Enter another title", field="title"))
        form.add_error("Something else is wrong")
        assert form.error_list == [
            {"text": "Something else is wrong", "href": "#title"},
            {"text": "Enter another title", "href": "#title"},
        ]


class TestDates:
    @pytest.mark.parametrize(
        ("day", "month", "year", "read"),
        [
            ("1", "6", "2025", date(2025, 6, 1)),
            ("01", "06", "2025", date(2025, 6, 1)),
            (" 29 ", "Feb", "2024", date(2024, 2, 29)),
            ("31", "december", "2025", date(2025, 12, 31)),
        ],
    )
    def test_are_read_as_people_write_them(self, post, day: str, month: str, year: str, read: date) -> None:
        form = post({**GOOD, "seen-day": day, "seen-month": month, "seen-year": year})
        assert form.seen.errors == []
        assert form.seen.data == read

    @pytest.mark.parametrize(
        ("parts", "message", "target"),
        [
            ({"month": "6", "year": "2025"}, "The date you saw it must include a day", "day"),
            ({"day": "1", "year": "2025"}, "The date you saw it must include a month", "month"),
            ({"day": "1"}, "The date you saw it must include a month and year", "month"),
            ({"day": "30", "month": "2", "year": "2025"}, "The date you saw it must be a real date", "day"),
            ({"day": "1", "month": "13", "year": "2025"}, "The date you saw it must be a real date", "month"),
            ({"day": "1", "month": "ju", "year": "2025"}, "The date you saw it must be a real date", "month"),
            ({"day": "x", "month": "6", "year": "2025"}, "The date you saw it must be a real date", "day"),
            ({"day": "1", "month": "6", "year": "25"}, "Year must include 4 numbers", "year"),
            ({"day": "1", "month": "6", "year": "\uff12\uff10\uff12\uff15"}, "Year must include 4 numbers", "year"),
            ({"day": "1", "month": "6", "year": "0000"}, "Year must include 4 numbers", "year"),
            ({"day": "²", "month": "6", "year": "2025"}, "The date you saw it must be a real date", "day"),
            (
                {"day": "31", "month": "12", "year": "2008"},
                "The date you saw it must be the same as or after 1 January 2009",
                "day",
            ),
        ],
    )
    def test_name_the_wrong_part_and_link_to_it(self, post, parts: dict[str, str], message: str, target: str) -> None:
        sent = {f"seen-{part}": value for part, value in parts.items()}
        form = post({"title": "x", "kind": "bond", "saved": "yes", **sent})
        assert form.error_list == [{"text": message, "href": f"#seen-{target}"}]
        marked = re.findall(r'class="[^"]*govuk-input--error[^"]*" id="seen-([a-z]+)"', form.seen())
        assert marked[0] == target

    def test_missing_parts_are_no_accident(self, post) -> None:
        assert post({"title": "x"}).seen.errors == ["Enter the date you saw it"]

    def test_typed_parts_are_shown_back(self, post) -> None:
        page = post({"seen-day": "99", "seen-month": "Feb", "seen-year": "20x"}).seen()
        assert re.findall(r'value="([^"]*)"', page) == ["99", "Feb", "20x"]

    def test_a_view_may_set_the_last_day(self, application: Flask) -> None:
        with application.test_request_context(method="POST", data=GOOD):
            form = ReportForm()
            form.seen.latest = date(2025, 5, 31)
            form.validate()
            assert form.seen.errors == ["The date you saw it must be the same as or before 31 May 2025"]

    def test_a_stored_date_fills_the_parts(self, application: Flask) -> None:
        with application.test_request_context():
            page = ReportForm(seen=date(2025, 6, 1)).seen()
            assert re.findall(r'value="([^"]*)"', page) == ["1", "6", "2025"]


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "pence"),
        [
            ("£1,000", 100_000), ("1000", 100_000), ("1000.00", 100_000), ("£12.50", 1250), (" 1 000 ", 100_000),
            ("0", 0), ("1,000,000", 100_000_000),
        ],
    )  # fmt: skip
    def test_money_is_read_as_whole_pence(self, post, typed: str, pence: int) -> None:
        form = post(GOOD, bond=typed)
        assert form.bond.errors == []
        assert form.bond.data == pence

    @pytest.mark.parametrize(
        "typed",
        [
            "1.000,00",
            "1,00",
            "10.5",
            "1e6",
            "-1",
            "NaN",
            "Infinity",
            "\uff11\uff10\uff10\uff10",
            "£",
            ".50",
            "$5",
            "1,0000",
            "-0",
            "1e309",
            "1_000",
            "\uff19\uff19",
            "\u00b2",
            "0x10",
            "+1",
        ],
    )
    def test_anything_else_is_refused_with_an_example(self, post, typed: str) -> None:
        form = post(GOOD, bond=typed)
        assert form.bond.errors == ["The bond must be an amount in pounds, like 1,500 or 1500.00"]
        assert form.bond.data is None
        assert f'value="{typed}"' in form.bond()

    def test_an_amount_written_in_short_is_refused_with_how_to_type_it(self, post) -> None:
        form = post(GOOD, bond="5m")
        assert form.bond.errors == [
            "The bond must be an amount in pounds, like 1,500 or 1500.00. For 5m enter 5,000,000"
        ]
        assert form.bond.data is None
        assert 'value="5m"' in form.bond()

    @pytest.mark.parametrize("typed", ["9" * 5000, "\uff19" * 5000, "1," * 2500])
    def test_more_digits_than_an_amount_has_are_refused_at_every_field(self, post, typed: str) -> None:
        form = post(GOOD, bond=typed, years=typed, ratio=typed)
        assert (form.bond.data, form.years.data, form.ratio.data) == (None, None, None)
        assert all(len(field.errors) == 1 for field in (form.bond, form.years, form.ratio))

    def test_limits_are_named(self, post) -> None:
        assert post(GOOD, bond="1,000,000.01").bond.errors == ["The bond must be £1,000,000 or less"]
        assert post(GOOD, years="0").years.errors == ["Years must be 1 or more"]
        assert post(GOOD, years="51").years.errors == ["Years must be 50 or less"]
        assert post(GOOD, ratio="100.01").ratio.errors == ["Ratio must be 100 or less"]

    @pytest.mark.parametrize(
        "typed", ["²", "\uff11", "1_0", "1.0", "+1", "0x1", "1" * 5000, "1 0", "five", "-0", "1e3", "NaN"]
    )
    def test_whole_numbers_are_ascii_digits_only(self, post, typed: str) -> None:
        form = post(GOOD, years=typed)
        assert form.years.data is None
        assert len(form.years.errors) == 1

    def test_decimals_have_two_places(self, post) -> None:
        assert post(GOOD, ratio="2.5").ratio.data == Decimal("2.5")
        assert post(GOOD, ratio="2.555").ratio.errors == ["Ratio must be a number, like 5 or 2.5"]

    def test_no_answer_is_none(self, post) -> None:
        form = post(GOOD)
        assert (form.bond.data, form.years.data, form.ratio.data) == (None, None, None)

    @given(st.integers(0, 10**14))
    def test_what_is_written_is_read_again(self, pence: int) -> None:
        assert read_pence(write_pounds(pence)) == pence

    def test_a_stored_amount_is_written_in_pounds(self, application: Flask) -> None:
        with application.test_request_context():
            assert 'value="1,234.50"' in ReportForm(bond=123450).bond()


class TestChoices:
    def test_a_value_that_was_not_offered_is_refused(self, post) -> None:
        assert post(GOOD, kind="forged").kind.errors == ["Select a kind"]
        assert post(GOOD, authority="forged").authority.errors == ["Select one of the options"]
        assert post(GOOD, many="forged").many.errors == ["Select one of the options"]

    def test_a_revealed_question_is_required_only_when_revealed(self, post) -> None:
        assert post(GOOD).other.errors == []
        assert post({**GOOD, "kind": "other"}).other.errors == ["Enter what it is"]

    def test_radios_draw_hints_dividers_and_the_revealed_field(self, post) -> None:
        page = post({**GOOD, "kind": "other"}).kind()
        assert "Money held back" in page
        assert '<div class="govuk-radios__divider">or</div>' in page
        assert 'name="other"' in page
        assert re.search(r'value="other"[^>]* checked', page)
        assert not re.search(r'value="bond"[^>]* checked', page)

    def test_checkboxes_are_a_list_each_value_once(self, post) -> None:
        assert post(GOOD, many=["yes", "no", "yes"]).many.data == ["yes", "no"]
        assert post(GOOD).many.data == []

    def test_a_list_shows_what_was_chosen_and_can_become_suggestions(self, post) -> None:
        page = post(GOOD, authority="a").authority()
        assert re.search(r'value="a" selected', page)
        assert 'data-module="autocomplete"' in page

    def test_choices_may_be_set_on_the_form(self, application: Flask) -> None:
        with application.test_request_context(method="POST", data={**GOOD, "authority": "z"}):
            form = ReportForm()
            form.authority.choices = [Option("z", "Z")]
            assert form.validate()

    def test_a_box_is_true_or_false(self, post) -> None:
        assert post(GOOD).saved.data is True
        assert post({}).saved.data is False


class TestOthers:
    def test_a_password_is_never_shown_back_nor_changed(self, post) -> None:
        form = post(GOOD, secret="  p\u200bw ")
        assert form.secret.data == "  p\u200bw "
        assert "p\u200bw" not in form.secret()

    def test_a_hidden_value_longer_than_allowed_is_dropped(self, post) -> None:
        assert post(GOOD, hidden="x" * 11).hidden.data == ""
        assert post(GOOD, hidden="x" * 10).hidden.data == "x" * 10

    def test_files_without_a_name_are_none(self, application: Flask) -> None:
        data = {**GOOD, "files": [(BytesIO(b"a"), "a.pdf"), (BytesIO(b""), "")]}
        with application.test_request_context(method="POST", data=data):
            form = ReportForm()
            assert [file.filename for file in form.files.data] == ["a.pdf"]
            assert 'accept=".pdf"' in form.files()
            form.files.data[0].close()

    def test_a_button_knows_whether_it_was_selected(self, post) -> None:
        assert post(GOOD).send.data is False
        assert post(GOOD, send="yes").send.data is True

    def test_a_question_page_has_its_heading_in_the_label(self, application: Flask) -> None:
        class OneForm(GovForm):
            name = TextField("What is your name?", heading=True)
            day = DateField("When?", heading=True)

        with application.test_request_context():
            form = OneForm()
            assert re.search(r"<h1[^>]*>\s*<label[^>]*govuk-label--l", form.name())
            assert re.search(r"<legend[^>]*legend--l[^>]*>\s*<h1", form.day())

    def test_fields_can_be_made_at_run_time(self, application: Flask) -> None:
        fields = {"bond_gbp": MoneyField("Bond"), "min_years": IntegerField("Years")}
        form_class = type("FactsForm", (GovForm,), fields)
        with application.test_request_context(method="POST", data={"bond_gbp": "£5", "min_years": "3"}):
            form = form_class()
            assert form.validate()
            assert (form.bond_gbp.data, form.min_years.data) == (500, 3)
