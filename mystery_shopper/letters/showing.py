"""A letter as its pages show it."""

from dataclasses import dataclass
from datetime import date

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.interventions.queries import get_intervention
from mystery_shopper.letters.checking import check_letter, what_stops
from mystery_shopper.letters.models import AuthorityLetter
from mystery_shopper.letters.policy import LetterKind, LetterText, kinds
from mystery_shopper.letters.queries import VersionView, show_versions, writers_of
from mystery_shopper.letters.services import take_out
from mystery_shopper.letters.states import COLOURS, LABELS, OPEN, LetterState


@dataclass(frozen=True, kw_only=True)
class LetterPage:
    """A letter with every text it had, and what this person can do with it now.

    `text` is what went, or what would go today; with what is left to fill in where it would not. `stops`: the first
    thing that keeps it from going, None when nothing does. `sent_on` and `due_on` are None before it went.
    """

    row: AuthorityLetter
    kind: LetterKind
    content: LetterText
    text: str
    stops: DomainError | None
    versions: list[VersionView]
    sent_on: date | None
    due_on: date | None
    can_edit: bool
    can_decide: bool
    can_send: bool
    is_own: bool

    @property
    def label(self) -> str:
        """Return the state in words."""
        return LABELS[self.row.state]

    @property
    def colour(self) -> str:
        """Return the colour of the state."""
        return COLOURS[self.row.state]

    @property
    def is_stopped(self) -> bool:
        """Tell whether the disclosure gate keeps it from going: a second person can be asked."""
        return isinstance(self.stops, DisclosureError)


def show(case: Case, letter: AuthorityLetter, user: StaffMember, today: date) -> LetterPage:
    """Return a letter as its page shows it.

    Raises:
        DisclosureError: it went, and a reporter can be recognised in it now.
    """
    versions, kind = show_versions(case, letter), kinds()[letter.kind]
    content, is_open = versions[0].content, letter.state in OPEN and case.state not in FINISHED
    sent = get_intervention(case, letter.intervention_id) if letter.intervention_id else None
    stops = what_stops(case, kind, content, language=letter.language, today=today) if is_open else None
    is_own = user.id in writers_of(letter)
    return LetterPage(
        row=letter,
        kind=kind,
        content=content,
        text=take_out(case, letter) if sent else _text_today(case, letter, content, stops, today),
        stops=stops,
        versions=versions,
        sent_on=sent.made_on if sent else None,
        due_on=sent.response_due_on if sent else None,
        can_edit=is_open and user.can(Permission.CASE_WORK),
        can_decide=is_open
        and letter.state is LetterState.AWAITING_APPROVAL
        and user.can(Permission.LETTER_APPROVE)
        and not is_own,
        can_send=is_open and letter.state is LetterState.APPROVED and user.can(Permission.CASE_WORK),
        is_own=is_own,
    )


def _text_today(
    case: Case, letter: AuthorityLetter, content: LetterText, stops: DomainError | None, today: date
) -> str:
    if stops is not None or letter.state not in OPEN:
        return content.text
    return check_letter(case, kinds()[letter.kind], content, language=letter.language, today=today).text
