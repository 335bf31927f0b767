"""A trade body reports for a member: who it is, what the member asked for, and whether we learn who the member is."""

from dataclasses import replace
from typing import Any, ClassVar

from mystery_shopper.cases.models import IdentityChoice
from mystery_shopper.core.forms import CharacterCountField, ConfirmField, Option, RadiosField, RequiredIf, TextField
from mystery_shopper.core.languages import _
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.forms.base import PageForm
from mystery_shopper.intake.forms.pages import NAME_MAX

MANDATE_MAX = 500

MEMBER_CHOICES = (
    Option(IdentityChoice.ANONYMOUS, _("Anonymous"), _("You do not tell us who the member is.")),
    Option(
        IdentityChoice.CONFIDENTIAL,
        _("Confidential"),
        _(
            "You tell us the name. It is encrypted and kept apart from your report. Caseworkers do not see it. "
            "We use it to check that it is in nothing we send out or publish."
        ),
    ),
)


class MemberForm(PageForm):
    """For whom a trade body reports."""

    template: ClassVar[str] = "intake/member.html"
    carried: ClassVar[frozenset[str]] = PageForm.carried | {"has_mandate"}

    trade_body = TextField(
        _("Name of the trade body"),
        hint=_("The caseworker sees it. It is in nothing we send out or publish."),
        required=_("Enter the name of the trade body"),
        error_name=_("Name of the trade body"),
        max_length=NAME_MAX,
        label_size="s",
        spellcheck=False,
    )
    mandate = CharacterCountField(
        _("What has the member asked you to do?"),
        hint=_("For example: to report this requirement, and to answer your questions. Do not name the member."),
        required=_("Enter what the member has asked you to do"),
        error_name=_("What the member has asked you to do"),
        max_length=MANDATE_MAX,
        label_size="s",
        rows=3,
    )
    has_mandate = ConfirmField(
        _("The member has agreed that we report this for it"),
        required=_("Select that the member has agreed. Without that you cannot report for it"),
    )
    member_choice = RadiosField(
        _("How does the member want to be known?"),
        choices=MEMBER_CHOICES,
        reveals={IdentityChoice.CONFIDENTIAL: "member"},
        required=_("Select how the member wants to be known"),
    )
    member = TextField(
        _("Names of the member"),
        hint=_("The name of the firm and other names it uses, with commas between them."),
        validators=(RequiredIf("member_choice", IdentityChoice.CONFIDENTIAL, _("Enter the name of the member")),),
        error_name=_("Names of the member"),
        max_length=NAME_MAX,
        spellcheck=False,
    )

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return what was typed before; the page was saved only with the member's agreement."""
        return {**super().stored(answers), "has_mandate": "member" in answers.saved}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers; no name of a member who wants to be anonymous is kept."""
        kept = super().apply(answers)
        return kept if kept.member_choice == IdentityChoice.CONFIDENTIAL else replace(kept, member="")
