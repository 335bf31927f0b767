"""What of a case can be searched: the authority, the title, the words of its reports and of the reporters' messages."""

from sqlalchemy import select

from mystery_shopper.cases.models import Case, Direction, Message
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.cases.search import index_case
from mystery_shopper.core.db import db


def refresh_index(case: Case) -> None:
    """Index a case anew. Who reported is never in the index."""
    values = [case.reference, case.public_reference, case.authority_name, case.title]
    for report in list_reports(case):
        content = report.content
        values += [content.procurement_reference, content.requirement, content.narrative, content.raised_with_buyer]
        values += [content.buyer_answer]
    received = db.session.scalars(
        select(Message).where(Message.case_id == case.id, Message.direction == Direction.FROM_REPORTER)
    )
    values += [message.body(case.data_key) for message in received]
    index_case(db.session(), case.serial, values)
