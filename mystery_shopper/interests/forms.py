"""Forms of interests: the declaration at the door, the register, access in an emergency."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import Case, InterestContent, InterestKind
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.forms import (
    CharacterCountField,
    DateField,
    GovForm,
    Option,
    RadiosField,
    RequiredIf,
    SubmitField,
    TextField,
)
from mystery_shopper.interests.queries import InterestView
from mystery_shopper.interests.services import NewInterest

WORDS_MAX = 1000
REFERENCE_MAX = 20
NONE, AUTHORITY, CASE = "none", "authority", "case"


class DeclareForm(GovForm):
    """Say whether one has an interest in a case."""

    has_interest = RadiosField(
        "Do you have an interest in this case?",
        required="Select whether you have an interest in this case",
        label_size="m",
        reveals={AUTHORITY: "authority_words", CASE: "case_words"},
    )
    authority_words = CharacterCountField(
        "What is your interest in the authority?",
        hint="Senior caseworkers read this.",
        error_name="What your interest is",
        max_length=WORDS_MAX,
        rows=3,
        validators=[RequiredIf("has_interest", AUTHORITY, "Enter what your interest in the authority is")],
    )
    case_words = CharacterCountField(
        "What is your interest in the case?",
        hint="Senior caseworkers read this. Do not write who you think reported it.",
        error_name="What your interest is",
        max_length=WORDS_MAX,
        rows=3,
        validators=[RequiredIf("has_interest", CASE, "Enter what your interest in the case is")],
    )
    save = SubmitField("Continue")

    def offer(self, case: Case) -> None:
        """Fill in the answers there are: an interest in the authority needs one that is in the register."""
        body = Option(AUTHORITY, "Yes, in the authority", hint="Every case about it is closed to you.")
        self.has_interest.choices = (
            Option(NONE, "No, I have no interest in this authority or supplier"),
            *([body] if case.authority is not None else []),
            Option(CASE, "Yes, in this case or in somebody it may concern", hint="This case is closed to you."),
        )
        if case.authority is None:
            del self.authority_words

    def to_interest(self, case: Case, today: date) -> NewInterest | None:
        """Return the interest that was declared, None when there is none."""
        if self.has_interest.data == NONE:
            return None
        if self.has_interest.data == AUTHORITY:
            content = InterestContent(words=self.authority_words.data)
            return NewInterest(
                kind=InterestKind.AUTHORITY, content=content, starts_on=today, authority_id=case.authority_id
            )
        content = InterestContent(words=self.case_words.data)
        return NewInterest(kind=InterestKind.CASE, content=content, starts_on=today, case_id=case.id)


class PeriodForm(GovForm):
    """What an interest is, and since when."""

    words = CharacterCountField(
        "What is the interest?",
        hint="For example: I worked there, my partner owns shares, my brother bids for its contracts.",
        required="Enter what the interest is",
        error_name="What the interest is",
        max_length=WORDS_MAX,
        rows=3,
    )
    starts_on = DateField(
        "When did it begin?",
        hint="A day that is about right is enough.",
        required="Enter when it began",
        error_name="The day it began",
    )
    ends_on = DateField("When did it end?", hint="Leave this empty if it lasts.", error_name="The day it ended")


class AuthorityInterestForm(PeriodForm):
    """Enter an interest in an authority."""

    authority = RadiosField("Which authority is it?", required="Select the authority", label_size="m")
    save = SubmitField("Save")

    def offer(self, found: Iterable[Authority]) -> None:
        """Fill in the authorities that were found."""
        self.authority.choices = tuple(
            Option(str(one.id), one.name, hint=f"Closed on {one.ends_on.isoformat()}" if one.ends_on else "")
            for one in found
        )

    def to_interest(self) -> NewInterest:
        """Return the interest."""
        return NewInterest(
            kind=InterestKind.AUTHORITY,
            content=InterestContent(words=self.words.data),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            authority_id=UUID(self.authority.data),
        )


class SupplierInterestForm(PeriodForm):
    """Enter an interest in a supplier."""

    supplier = TextField(
        "Name of the supplier",
        hint="A firm, a trade body or a person. Ltd, Limited and the like make no difference.",
        required="Enter the name of the supplier",
    )
    company_number = TextField(
        "Company number", hint="If you know it. It finds the firm under any name.", max_length=20
    )
    save = SubmitField("Save")

    def to_interest(self) -> NewInterest:
        """Return the interest."""
        content = InterestContent(
            words=self.words.data, supplier=self.supplier.data, company_number=self.company_number.data or ""
        )
        return NewInterest(
            kind=InterestKind.SUPPLIER, content=content, starts_on=self.starts_on.data, ends_on=self.ends_on.data
        )


class ChosenForm(GovForm):
    """Say something of one of several interests."""

    interest = RadiosField("Which interest?", required="Select the interest", label_size="m")

    def offer(self, interests: Iterable[InterestView]) -> None:
        """Fill in the interests there are."""
        self.interest.choices = tuple(
            Option(str(one.id), one.what, hint=f"From {format_day(one.starts_on)}") for one in interests
        )


class EndForm(ChosenForm):
    """Say that an interest has ended."""

    ends_on = DateField("When did it end?", required="Enter when it ended", error_name="The day it ended")
    save = SubmitField("Save")


class WithdrawForm(ChosenForm):
    """Find that an interest was entered by mistake."""

    reason = CharacterCountField(
        "How do you know that it was a mistake?",
        hint="The person reads this on their page of interests.",
        required="Enter how you know that it was a mistake",
        error_name="Reason",
        max_length=WORDS_MAX,
        rows=3,
    )
    save = SubmitField("Open these cases again")


class EmergencyForm(GovForm):
    """Open a case in an emergency."""

    reference = TextField(
        "Reference of the case",
        hint="For example, MS-2026-00417",
        required="Enter the reference of the case",
        max_length=REFERENCE_MAX,
    )
    reason = CharacterCountField(
        "Why can nobody else do this?",
        hint="Everybody who works on the case reads this on its timeline. Senior caseworkers and auditors are told.",
        required="Enter why nobody else can do this",
        error_name="Reason",
        max_length=WORDS_MAX,
        rows=4,
    )
    save = SubmitField("Open the case")
