"""What can happen to a referral. Each event names the report it is about, so that only its reporter hears of it."""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.core.events import Event
from mystery_shopper.core.languages import _, translate


@dataclass(frozen=True, kw_only=True)
class ReferralAsked(CaseEvent):
    """Staff suggested a referral, and the reporter was asked."""

    tag: ClassVar[str] = "referral:asked"
    referral_id: str
    report_id: str
    body: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Reporter asked whether they may be referred to {self.body}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("We asked you whether we may refer you to {body}.", body=self.body)


@dataclass(frozen=True, kw_only=True)
class ReferralAgreed(CaseEvent):
    """The reporter agreed; `how` is in words, `shares_contact` whether contact details may go along."""

    tag: ClassVar[str] = "referral:agreed"
    referral_id: str
    report_id: str
    body: str
    how: str
    shares_contact: bool

    def sentence(self) -> str:
        """Return what staff read."""
        details = "with contact details" if self.shares_contact else "without contact details"
        return f"Reporter agreed {self.how} to be referred to {self.body}, {details}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        how = translate(self.how)
        if self.shares_contact:
            return _(
                "You agreed {how} that we refer you to {body}, and that we pass on your contact details.",
                how=how,
                body=self.body,
            )
        return _("You agreed {how} that we refer you to {body}, without your contact details.", how=how, body=self.body)


@dataclass(frozen=True, kw_only=True)
class ReferralDeclined(CaseEvent):
    """The reporter said no."""

    tag: ClassVar[str] = "referral:declined"
    referral_id: str
    report_id: str
    body: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Reporter does not want to be referred to {self.body}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("You said no to a referral to {body}. We sent nothing.", body=self.body)


@dataclass(frozen=True, kw_only=True)
class ReferralOpened(CaseEvent):
    """Staff took out the text that goes to the body."""

    tag: ClassVar[str] = "referral:opened"
    referral_id: str
    report_id: str
    body: str
    with_contact: bool

    def sentence(self) -> str:
        """Return what staff read."""
        details = "with the reporter's contact details" if self.with_contact else "without contact details"
        return f"Referral to {self.body} taken out to be sent, {details}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads: only that somebody saw who they are."""
        if not self.with_contact:
            return None
        return _("We opened your contact details to pass them to {body}, as you agreed.", body=self.body)


@dataclass(frozen=True, kw_only=True)
class ReferralMade(CaseEvent):
    """The referral was made."""

    tag: ClassVar[str] = "referral:made"
    referral_id: str
    report_id: str
    body: str
    made_on: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Referral made to {self.body}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("We referred you to {body}.", body=self.body)


@dataclass(frozen=True, kw_only=True)
class ReferralAnswered(CaseEvent):
    """What came of the referral was recorded; `result` is in words."""

    tag: ClassVar[str] = "referral:answered"
    referral_id: str
    report_id: str
    body: str
    result: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Result of the referral to {self.body}: {self.result}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("We know what came of the referral to {body}. You can read it below.", body=self.body)


@dataclass(frozen=True, kw_only=True)
class ReferralWithdrawn(CaseEvent):
    """The referral was taken back: by staff, with a reason, or by the reporter. `after` tells that it had been made."""

    tag: ClassVar[str] = "referral:withdrawn"
    referral_id: str
    report_id: str
    body: str
    by_reporter: bool
    after: bool
    reason: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        if self.by_reporter:
            todo = ". Tell the body: it has the words already" if self.after else ". Nothing was sent"
            return f"Reporter took back their agreement to the referral to {self.body}{todo}"
        return f"Referral to {self.body} withdrawn: {self.reason}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        if self.by_reporter:
            return _("You took back your agreement to the referral to {body}.", body=self.body)
        return _("We stopped the referral to {body}.", body=self.body)


@dataclass(frozen=True, kw_only=True)
class StageRecorded(Event):
    """A stage of the Right to Provide was put on the register."""

    tag: ClassVar[str] = "provide-stage:recorded"
    stage_id: str
    department: str


@dataclass(frozen=True, kw_only=True)
class StageTakenBack(Event):
    """A mistaken entry of the register was taken back."""

    tag: ClassVar[str] = "provide-stage:taken-back"
    stage_id: str
    department: str
