"""The share of the worker in records: approved batches, one record and one transaction at a time.

Killed at any point it goes on where it stopped: what was erased is recorded with it. The certificate is written only
after the database's own files have been rid of what was erased.
"""

import logging
from collections.abc import Sequence

from sqlalchemy.exc import OperationalError

from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.purging import DatabaseBusyError, purge
from mystery_shopper.evidence.stores import StoreError, store
from mystery_shopper.retention.policy import ACCOUNT, Fate, erasures_of
from mystery_shopper.retention.queries import find_approved, get_batch
from mystery_shopper.retention.services.batches import do_next, finish
from mystery_shopper.retention.states import BatchState

IN_THE_CLEAR: dict[str, tuple[str, ...]] = {ACCOUNT: ("users", "passkeys")}
"""Tables whose words are not sealed, by the class that erases them."""
logger = logging.getLogger(__name__)


def retention_round() -> bool:
    """Deal with one record of the oldest approved batch, or finish that batch. Tell whether there was work.

    Where the database gave a record up, for one to another who waited for it, the next round takes it again.
    """
    with transaction():
        number = find_approved()
    try:
        return number is not None and advance(number)
    except OperationalError as error:
        logger.warning("A batch waits for the next round: %s", type(error.orig).__name__)
        return False


def advance(number: int) -> bool:
    """Deal with one record of a batch, or finish it; tell whether anything moved on."""
    with transaction():
        batch = get_batch(number, lock=True)
        class_id = batch.class_id
        if batch.state is not BatchState.APPROVED:
            return False
        objects = do_next(batch, now=clock.utc_now())
    if objects is not None:
        _delete_objects(objects)
        return True
    db.session.remove()
    try:
        touched = {rule.table for rule in erasures_of(class_id) if rule.fate is not Fate.LEAVE}
        purge(db.engine, touched, IN_THE_CLEAR.get(class_id, ()))
    except DatabaseBusyError as error:
        logger.warning("A batch is not finished yet: %s", error.message)
        return False
    with transaction():
        batch = get_batch(number, lock=True)
        if batch.state is BatchState.APPROVED:
            finish(batch, now=clock.utc_now())
    return True


def _delete_objects(names: Sequence[str]) -> None:
    """Delete stored files whose keys are gone; what cannot be deleted now is noise, and is swept later."""
    for name in names:
        try:
            store().delete(name)
        except (StoreError, OSError) as error:
            logger.warning("A file without a key could not be deleted: %s", type(error).__name__)
