"""Which event makes which letter. Runs inside the transaction of the step: a step undone leaves no letter."""

from uuid import UUID

from mystery_shopper.accounts.events import AccountClosed, LinkMade, PasswordChanged, RolesChanged, SecondFactorChanged
from mystery_shopper.accounts.queries import list_holders
from mystery_shopper.answering.events import AuthorityWrote, OfficerInvited, RequestDecided
from mystery_shopper.cases.access_events import EmergencyOpened, InterestFound
from mystery_shopper.cases.asking import FactAsked, QuestionsAnswered
from mystery_shopper.cases.clock_events import CaseEscalated
from mystery_shopper.cases.events import (
    CaseAssigned,
    CaseEvent,
    MessageReceived,
    MessageSent,
    OutcomeRecorded,
    StateChanged,
)
from mystery_shopper.cases.evidence import EvidenceAdded
from mystery_shopper.cases.followup import FollowUpAsked
from mystery_shopper.cases.joining_events import CasesJoined
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.ownership import ownership_refusal, who_is_told
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.core.db import day_of
from mystery_shopper.core.events import REPORTER, Occasion, staff_actor, subscribe
from mystery_shopper.core.permissions import Permission
from mystery_shopper.guidance.events import (
    ReferralAgreed,
    ReferralAnswered,
    ReferralAsked,
    ReferralDeclined,
    ReferralMade,
    ReferralWithdrawn,
)
from mystery_shopper.identity.events import IdentityRevealed
from mystery_shopper.interventions.events import FollowUpDone
from mystery_shopper.notifications import services
from mystery_shopper.notifications.models import Letter
from mystery_shopper.suggestions.events import AnswerOverdue, CommissionerReplied, PublicationObjected
from mystery_shopper.teamwork.events import ColleagueMentioned, TaskChanged, TaskMade
from mystery_shopper.teamwork.policy import MailAbout
from mystery_shopper.teamwork.queries.watching import wants_mail, watchers_to_tell

WATCHED_FOR = (
    StateChanged,
    CaseAssigned,
    MessageReceived,
    QuestionsAnswered,
    EvidenceAdded,
    OutcomeRecorded,
    CasesJoined,
)
"""Of what those who watch a case get mail. The desk counts every change."""


def register() -> None:
    """Listen to the events of a case."""
    subscribe(MessageSent, on_message_sent)
    subscribe(StateChanged, on_state_changed)
    subscribe(FollowUpAsked, on_state_changed)
    subscribe(FollowUpDone, on_state_changed)
    subscribe(CaseAssigned, on_case_assigned)
    subscribe(MessageReceived, on_message_received)
    subscribe(FactAsked, on_message_sent)
    subscribe(QuestionsAnswered, on_message_received)
    subscribe(ReferralAsked, on_message_sent)
    subscribe(ReferralMade, on_message_sent)
    subscribe(ReferralAnswered, on_message_sent)
    subscribe(ReferralAgreed, on_reporter_answered)
    subscribe(ReferralDeclined, on_reporter_answered)
    subscribe(ReferralWithdrawn, on_reporter_answered)
    subscribe(AnswerOverdue, on_answer_overdue)
    subscribe(CommissionerReplied, on_commissioner_replied)
    subscribe(PublicationObjected, on_publication_objected)
    subscribe(EvidenceAdded, on_message_received)
    subscribe(CaseEscalated, on_case_escalated)
    subscribe(EmergencyOpened, on_emergency_opened)
    subscribe(InterestFound, on_interest_found)
    subscribe(IdentityRevealed, on_identity_revealed)
    subscribe(ColleagueMentioned, on_colleague_mentioned)
    subscribe(TaskMade, on_task_given)
    subscribe(TaskChanged, on_task_given)
    for event_type in WATCHED_FOR:
        subscribe(event_type, on_watched_change)
    subscribe(AuthorityWrote, on_authority_wrote)
    subscribe(OfficerInvited, on_officer_invited)
    subscribe(RequestDecided, on_request_decided)
    _register_accounts()


def _register_accounts() -> None:
    subscribe(LinkMade, on_link_made)
    subscribe(PasswordChanged, on_password_changed)
    subscribe(SecondFactorChanged, on_second_factor_changed)
    subscribe(RolesChanged, on_roles_changed)
    subscribe(AccountClosed, on_account_closed)


def on_message_sent(
    event: MessageSent | FactAsked | ReferralAsked | ReferralMade | ReferralAnswered, occasion: Occasion
) -> None:
    """Tell the reporter there is an update."""
    services.queue_for_report(UUID(event.report_id), Letter.REPORTER_UPDATE, now=occasion.now)


def on_state_changed(event: StateChanged | FollowUpAsked | FollowUpDone, occasion: Occasion) -> None:
    """Tell every reporter of the case there is an update, unless they made the step themselves."""
    if occasion.actor == REPORTER or event.reporter_sentence() is None:
        return
    case: Case = occasion.subject
    for report in list_reports(case):
        services.queue_for_report(report.id, Letter.REPORTER_UPDATE, now=occasion.now)


def on_case_assigned(event: CaseAssigned, occasion: Occasion) -> None:
    """Tell the new owner, unless they took the case themselves."""
    if event.owner_id and occasion.actor != staff_actor(event.owner_id):
        services.queue_for_user(UUID(event.owner_id), Letter.CASE_ASSIGNED, now=occasion.now)


def on_message_received(event: MessageReceived | QuestionsAnswered | EvidenceAdded, occasion: Occasion) -> None:
    """Tell the owner, or who stands in, that the reporter wrote, or sent files."""
    _tell_owner(Letter.REPORTER_WROTE, occasion)


def on_reporter_answered(event: ReferralAgreed | ReferralDeclined | ReferralWithdrawn, occasion: Occasion) -> None:
    """Tell the owner what the reporter said of a referral; what staff recorded themselves is no news."""
    if occasion.actor == REPORTER:
        _tell_owner(Letter.REPORTER_WROTE, occasion)


def on_case_escalated(_event: CaseEscalated, occasion: Occasion) -> None:
    """Tell senior caseworkers that something needs them; one letter, however many cases are put before them."""
    case: Case = occasion.subject
    for user in list_holders(Permission.CASE_ALLOCATE):
        if ownership_refusal(case, user) is None:
            services.queue_for_user(user.id, Letter.NEEDS_YOU, now=occasion.now)


def on_emergency_opened(_event: EmergencyOpened, occasion: Occasion) -> None:
    """Tell every senior caseworker and every auditor, whatever they may see of the case: the letter names nothing."""
    _tell_holders(Permission.CASE_ALLOCATE, occasion)
    _tell_holders(Permission.AUDIT_READ, occasion)


def on_interest_found(event: InterestFound, occasion: Occasion) -> None:
    """Tell auditors, who see which case it was, and the reporter, who reads what happened through the receipt."""
    _tell_holders(Permission.AUDIT_READ, occasion)
    services.queue_for_report(UUID(event.report_id), Letter.REPORTER_UPDATE, now=occasion.now)


def on_identity_revealed(event: IdentityRevealed, occasion: Occasion) -> None:
    """Tell senior caseworkers that somebody looked at who reported, and the reporter that there is an update."""
    _tell_holders(Permission.CASE_ALLOCATE, occasion)
    services.queue_for_report(UUID(event.report_id), Letter.REPORTER_UPDATE, now=occasion.now)


def _tell_holders(permission: Permission, occasion: Occasion) -> None:
    for user in list_holders(permission):
        if user.actor != occasion.actor:
            services.queue_for_user(user.id, Letter.ACCESS_ALERT, now=occasion.now)


def on_colleague_mentioned(event: ColleagueMentioned, occasion: Occasion) -> None:
    """Tell those a note is for, if they want mail about it."""
    for user_id in wants_mail([UUID(one) for one in event.user_ids], MailAbout.MENTIONS):
        services.queue_for_user(user_id, Letter.DESK_NEWS, now=occasion.now)


def on_task_given(event: TaskMade | TaskChanged, occasion: Occasion) -> None:
    """Tell whoever was given a task by somebody else, if they want mail about it."""
    if not event.assignee_id or occasion.actor == staff_actor(event.assignee_id):
        return
    for user_id in wants_mail([UUID(event.assignee_id)], MailAbout.TASKS):
        services.queue_for_user(user_id, Letter.DESK_NEWS, now=occasion.now)


def on_watched_change(_event: CaseEvent, occasion: Occasion) -> None:
    """Tell those who watch a case that it changed: who may still see it and wants mail about it."""
    for user_id in watchers_to_tell(occasion.subject, but=occasion.actor, today=day_of(occasion.now)):
        services.queue_for_user(user_id, Letter.DESK_NEWS, now=occasion.now)


def on_authority_wrote(_event: AuthorityWrote, occasion: Occasion) -> None:
    """Tell the owner, or who stands in, that something came from the authority."""
    _tell_owner(Letter.DESK_NEWS, occasion)


def on_officer_invited(event: OfficerInvited, occasion: Occasion) -> None:
    """Send an officer of the authority the link; the code is not in any letter."""
    services.queue_for_officer(UUID(event.officer_id), Letter.ANSWER_INVITED, now=occasion.now)


def on_request_decided(event: RequestDecided, occasion: Occasion) -> None:
    """Tell the officer who asked that there is a reply."""
    services.queue_for_officer(UUID(event.officer_id), Letter.ANSWER_UPDATE, now=occasion.now)


def _tell_owner(letter: Letter, occasion: Occasion) -> None:
    user_id = who_is_told(occasion.subject, day_of(occasion.now))
    if user_id is not None:
        services.queue_for_user(user_id, letter, now=occasion.now)


def on_answer_overdue(_event: AnswerOverdue, occasion: Occasion) -> None:
    """Tell policy owners that a body did not answer in time."""
    _tell_policy_owners(Letter.ANSWER_OVERDUE, occasion)


def on_commissioner_replied(_event: CommissionerReplied, occasion: Occasion) -> None:
    """Tell policy owners that a commissioner wrote again."""
    _tell_policy_owners(Letter.COMMISSIONER_WROTE, occasion)


def on_publication_objected(event: PublicationObjected, occasion: Occasion) -> None:
    """Tell policy owners that a commissioner objects to what is public already."""
    if event.was_public:
        _tell_policy_owners(Letter.COMMISSIONER_WROTE, occasion)


def _tell_policy_owners(letter: Letter, occasion: Occasion) -> None:
    for user in list_holders(Permission.SUGGESTION_ANSWER):
        services.queue_for_user(user.id, letter, now=occasion.now)


def on_link_made(event: LinkMade, occasion: Occasion) -> None:
    """Send a person the link that works once."""
    letter = Letter.ACCOUNT_INVITED if event.is_invitation else Letter.ACCOUNT_RENEWED
    services.queue_for_user(occasion.subject.id, letter, now=occasion.now)


def on_password_changed(_event: PasswordChanged, occasion: Occasion) -> None:
    """Tell a person that their password was changed."""
    services.queue_for_user(occasion.subject.id, Letter.PASSWORD_CHANGED, now=occasion.now)


def on_second_factor_changed(_event: SecondFactorChanged, occasion: Occasion) -> None:
    """Tell a person that how they prove who they are was changed."""
    services.queue_for_user(occasion.subject.id, Letter.SECOND_FACTOR_CHANGED, now=occasion.now)


def on_roles_changed(_event: RolesChanged, occasion: Occasion) -> None:
    """Tell a person that they hold other roles."""
    services.queue_for_user(occasion.subject.id, Letter.ROLES_CHANGED, now=occasion.now)


def on_account_closed(event: AccountClosed, occasion: Occasion) -> None:
    """Tell senior caseworkers that there is work to hand over."""
    if event.holds_work:
        for user in list_holders(Permission.CASE_ALLOCATE):
            services.queue_for_user(user.id, Letter.HAND_OVER, now=occasion.now)
