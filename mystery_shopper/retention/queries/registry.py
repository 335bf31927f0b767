"""The records retention knows, by type."""

from mystery_shopper.retention.queries.accounts import ACCOUNTS
from mystery_shopper.retention.queries.cases import CASES
from mystery_shopper.retention.queries.records import Records
from mystery_shopper.retention.queries.requests import REQUESTS
from mystery_shopper.retention.queries.suggestions import SUGGESTIONS
from mystery_shopper.retention.states import RecordType

RECORDS: dict[RecordType, Records] = {
    RecordType.CASE: CASES,
    RecordType.SUGGESTION: SUGGESTIONS,
    RecordType.REQUEST: REQUESTS,
    RecordType.ACCOUNT: ACCOUNTS,
}
