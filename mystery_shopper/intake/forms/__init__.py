"""Forms of the reporter's side: one for each page of the journey, those made from facts, and those of the receipt."""

from mystery_shopper.intake.forms.base import DraftForm, PageForm
from mystery_shopper.intake.forms.details import DetailsForm
from mystery_shopper.intake.forms.facts import DatesForm, FactsForm, ProcurementForm, facts_form
from mystery_shopper.intake.forms.found import FoundForm, found_form
from mystery_shopper.intake.forms.keying import KEYED_FACTS, KeyingForm, keying_form
from mystery_shopper.intake.forms.member import MemberForm
from mystery_shopper.intake.forms.notice import NoticeFactsForm, NoticeForm, UseNoticeForm
from mystery_shopper.intake.forms.pages import (
    AuthorityForm,
    BarriersForm,
    CheckForm,
    ContactForm,
    KindForm,
    KnownForm,
    RaisedForm,
    ScopeBodyForm,
    ScopeChecksForm,
    StoryForm,
)
from mystery_shopper.intake.forms.proof import ProofForm
from mystery_shopper.intake.forms.receipt import CodeForm, ConfirmForm, FollowUpForm, MessageForm, ReturnForm, StartForm
from mystery_shopper.intake.forms.short import ShortForm

__all__ = [
    "KEYED_FACTS",
    "AuthorityForm",
    "BarriersForm",
    "CheckForm",
    "CodeForm",
    "ConfirmForm",
    "ContactForm",
    "DatesForm",
    "DetailsForm",
    "DraftForm",
    "FactsForm",
    "FollowUpForm",
    "FoundForm",
    "KeyingForm",
    "KindForm",
    "KnownForm",
    "MemberForm",
    "MessageForm",
    "NoticeFactsForm",
    "NoticeForm",
    "PageForm",
    "ProcurementForm",
    "ProofForm",
    "RaisedForm",
    "ReturnForm",
    "ScopeBodyForm",
    "ScopeChecksForm",
    "ShortForm",
    "StartForm",
    "StoryForm",
    "UseNoticeForm",
    "facts_form",
    "found_form",
    "keying_form",
]
