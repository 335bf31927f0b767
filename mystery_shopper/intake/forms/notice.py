"""The optional step "Find the notice": name or paste it, look at it, use it."""

from typing import ClassVar

from mystery_shopper.core.forms import SubmitField, TextAreaField, TextField
from mystery_shopper.core.languages import _
from mystery_shopper.intake.forms.base import DraftForm
from mystery_shopper.intake.forms.facts import FactsForm
from mystery_shopper.notices.references import TEXT_MAX

PASTED_MAX = 200_000


class NoticeForm(DraftForm):
    """Name the notice, or paste it."""

    typed = TextField(
        _("Notice number or address of its page"),
        hint=_(
            "For example 012345-2026, 2026/S 000-012345, a number that begins with ocds-, or the address of its page "
            "on Find a Tender or Contracts Finder."
        ),
        error_name=_("Notice number or address"),
        max_length=TEXT_MAX,
        spellcheck=False,
        label_size="s",
    )
    pasted = TextAreaField(
        _("The notice as JSON"),
        hint=_("Open the notice on the service, choose the OCDS or JSON format, and copy all of it."),
        error_name=_("The notice"),
        max_length=PASTED_MAX,
        rows=6,
        spellcheck=False,
        label_size="s",
    )
    find = SubmitField(_("Find the notice"))


class UseNoticeForm(DraftForm):
    """What to do with the notice that was found."""

    use = SubmitField(_("Use these details"))
    drop = SubmitField(_("This is not the notice"), style="secondary")


class NoticeFactsForm(FactsForm):
    """What the notice says beyond what the other pages ask: shown, and open to change."""

    template: ClassVar[str] = "intake/notice_facts.html"
