"""Telling the stories of suggestions: every step through the service a person would use, on the day they would."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from mystery_shopper.core import receipts
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.demo.plans import read_data
from mystery_shopper.demo.telling import Cast
from mystery_shopper.suggestions import services
from mystery_shopper.suggestions.bodies import OTHER_BODY, UNKNOWN_BODY, imposing_bodies
from mystery_shopper.suggestions.models import Suggestion, SuggestionText
from mystery_shopper.suggestions.policy import PENCE, AnswerResult, ForcedBy, Helped, SaidAndDone, SuggestionContent

NOON = time(12)
ROUTED = ("routed", "overdue", "reminded")
WITH_TEXT = ("draft", "awaiting", "published", "corrected", "withdrawn")
PUBLISHED = ("published", "corrected", "withdrawn")
ROUTE_AFTER, ANSWER_AFTER, PUBLISH_AFTER = timedelta(days=3), timedelta(days=20), timedelta(days=27)
CORRECT_AFTER, REMIND_AFTER, TAKE_BACK_AFTER = timedelta(days=40), timedelta(days=30), timedelta(days=5)


def tell_suggestions(cast: Cast, today: date) -> int:
    """File every suggestion of the demonstration and take it as far as its row says; return how many."""
    rows = read_data("suggestions.yaml")
    for row in rows:
        SuggestionStory(row, cast, today).tell()
    return len(rows)


class SuggestionStory:
    """One suggestion being told."""

    def __init__(self, row: Mapping[str, str], cast: Cast, today: date) -> None:
        self.row = row
        self.owner = cast.policy_owner
        self.approver = cast.publisher
        self.today = today
        self.filed_on = today - timedelta(days=int(row["days"]))
        self.suggestion = self._file()

    def tell(self) -> None:
        """Take the suggestion as far as it goes."""
        until = self.row["until"]
        if until in ("closed", "reopened"):
            self._close(reopens=until == "reopened")
        if "ask" in self.row:
            self._route()
        if until == "reminded":
            self._remind()
        if "answer" in self.row:
            self._answer()
        if "reply" in self.row:
            self._reply()
        if until in WITH_TEXT:
            self._publish(until)
        if until == "taken-back":
            self._take_back()

    def _at(self, after: timedelta) -> datetime:
        return datetime.combine(min(self.filed_on + after, self.today), NOON, UTC)

    def _file(self) -> Suggestion:
        row = self.row
        value = row.get("value")
        return services.file_suggestion(
            services.NewSuggestion(
                submission_id=new_id(),
                receipt_mac=receipts.digest(receipts.new_code()),
                forced_by=ForcedBy(row["forced_by"]),
                family=row["family"],
                rule_id=row.get("rule"),
                body_id="" if row["body"] == UNKNOWN_BODY else row["body"],
                value_pence=int(value) * PENCE if value else None,
                tenders=int(row["tenders"]) if "tenders" in row else None,
                content=SuggestionContent(
                    requirement=row["requirement"],
                    would_rather=row["instead"],
                    forced_by_other=row.get("forced_by_other", ""),
                    body_other=row.get("body_other", ""),
                    authority=row.get("authority", ""),
                    giveaways=row.get("giveaways", ""),
                ),
                is_demonstration=True,
            ),
            now=datetime.combine(self.filed_on, time(0), UTC),
        )

    def _route(self) -> None:
        to = self.row["to"]
        is_listed = to in imposing_bodies().by_id
        new = services.NewRoute(
            body_id=to if is_listed else OTHER_BODY, other="" if is_listed else to, text=self.row["ask"]
        )
        now, version = self._at(ROUTE_AFTER), self.suggestion.version
        actor, holidays = self.owner.actor, bank_holidays()
        services.route(self.suggestion, new, version=version, actor=actor, now=now, holidays=holidays)

    def _remind(self) -> None:
        now = self._at(REMIND_AFTER)
        due_on = self.today + timedelta(days=7)
        version = self.suggestion.version
        services.remind(self.suggestion, self.row["reminder"], due_on, version=version, actor=self.owner.actor, now=now)

    def _answer(self) -> None:
        new = services.NewAnswer(
            result=AnswerResult(self.row["result"]),
            text=self.row["answer"],
            body_said=self.row.get("body_said", ""),
        )
        now, version = self._at(ANSWER_AFTER), self.suggestion.version
        services.answer(self.suggestion, new, version=version, actor=self.owner.actor, now=now)

    def _reply(self) -> None:
        moment = datetime.combine(self._at(PUBLISH_AFTER).date(), time(0), UTC)
        services.reply(self.suggestion, self.row["reply"], Helped(self.row["helped"]), now=moment)

    def _close(self, *, reopens: bool) -> None:
        now, actor = self._at(ROUTE_AFTER), self.owner.actor
        services.close(self.suggestion, self.row["reason"], version=self.suggestion.version, actor=actor, now=now)
        if reopens:
            later = self._at(ANSWER_AFTER)
            services.reopen(self.suggestion, self.row["why"], version=self.suggestion.version, actor=actor, now=later)

    def _take_back(self) -> None:
        moment = datetime.combine(self._at(TAKE_BACK_AFTER).date(), time(0), UTC)
        services.withdraw_suggestion(self.suggestion.id, now=moment)

    def _publish(self, until: str) -> None:
        words = SaidAndDone(title=self.row["title"], said=self.row["said"], done=self.row["done"])
        now = self._at(PUBLISH_AFTER)
        text = services.save_text(self.suggestion, words, version=0, author=self.owner, now=now)
        if until != "draft":
            services.submit_text(text, author=self.owner, now=now)
        if until in PUBLISHED:
            services.approve(text, version=text.version, approver=self.approver, now=now)
        later = self._at(CORRECT_AFTER)
        if until == "corrected":
            self._correct(text, words, later)
        if until == "withdrawn":
            version = text.version
            services.withdraw(text, self.row["reason"], version=version, actor=self.owner.actor, now=later)
        db.session.flush()

    def _correct(self, text: SuggestionText, words: SaidAndDone, now: datetime) -> None:
        services.correct_text(text, version=text.version, actor=self.owner.actor, now=now)
        services.save_text(self.suggestion, words, version=text.version, author=self.owner, now=now)
        services.submit_text(text, author=self.owner, now=now)
        services.approve(text, version=text.version, approver=self.approver, now=now)
