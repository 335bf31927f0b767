"""Letters to an authority: drafted, waiting for a second person, approved, sent."""

from uuid import UUID, uuid4

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.core import clock
from mystery_shopper.letters import services
from mystery_shopper.letters.models import AuthorityLetter
from mystery_shopper.letters.policy import KnownBy, LetterText, kinds

TEXT = "{date}\nWhy is the bond so high? Please answer by {due}."


def draft_letter(
    case: Case, writer: StaffMember, *, text: str = TEXT, kind: str = "informal-enquiry"
) -> AuthorityLetter:
    """Draft a letter, an informal enquiry by default."""
    content = LetterText(text=text, answer_days=14, known_by=KnownBy.MORE)
    new = services.NewLetter(submission_id=uuid4(), kind=kinds()[kind], language="en", content=content)
    return services.start_letter(case, new, writer=writer, now=clock.utc_now())


def add_waiting_letter(case: Case, writer: StaffMember, *, kind: str = "informal-enquiry") -> AuthorityLetter:
    """Draft a letter and send it for approval."""
    letter = draft_letter(case, writer, kind=kind)
    services.submit_letter(case, letter, writer=writer, now=clock.utc_now())
    return letter


def add_approved_letter(
    case: Case, writer: StaffMember, approver: StaffMember, *, kind: str = "informal-enquiry"
) -> AuthorityLetter:
    """Draft a letter and have it approved."""
    letter, now = add_waiting_letter(case, writer, kind=kind), clock.utc_now()
    services.approve_letter(case, letter, version=letter.version, by=approver, now=now)
    return letter


def add_letter(case: Case, writer: StaffMember, approver: StaffMember) -> AuthorityLetter:
    """Draft a letter, have it approved, and send it."""
    letter, now = add_approved_letter(case, writer, approver), clock.utc_now()
    services.send_letter(case, letter, version=letter.version, is_confirmed=True, sender=writer, now=now)
    return letter


def add_batch(case: Case, writer: StaffMember, approver: StaffMember) -> UUID:
    """Send a reminder as a batch of one; another one stays approved. Returns the batch."""
    batch_id = uuid4()
    letters = [add_approved_letter(case, writer, approver, kind="reminder") for _ in range(2)]
    services.release_letters([(case, letters[0])], batch_id=batch_id, sender=writer, now=clock.utc_now())
    return batch_id
