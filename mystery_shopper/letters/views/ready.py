"""What is approved and has not gone: by authority, and several letters released together."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.queries import lock_cases
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.letters import services
from mystery_shopper.letters.forms import ReleaseForm
from mystery_shopper.letters.queries import ReadyPile, get_letter, get_pile, list_batch, list_piles
from mystery_shopper.letters.views.blueprint import bp


@bp.get("/letters")
@requires(Permission.CASE_WORK)
def list_ready() -> ResponseReturnValue:
    piles = list_piles(signed_in_user(), clock.today())
    return render_template("authority_letters/list_ready.html", piles=piles)


@bp.route("/letters/authorities/<uuid:authority_id>", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def release_letters(authority_id: UUID) -> ResponseReturnValue:
    pile = get_pile(signed_in_user(), authority_id, clock.today())
    form = ReleaseForm(data={"letters": [one.id for one in pile.ready]})
    form.offer(pile.ready)
    if form.validate_on_submit():
        try:
            return _release(pile, form)
        except DomainError as error:
            form.add_error(error, "letters")
    return render_template("authority_letters/release_letters.html", pile=pile, form=form)


def _release(pile: ReadyPile, form: ReleaseForm) -> ResponseReturnValue:
    batch_id, wanted = uuid4(), [one for one in pile.ready if str(one.id) in form.letters.data]
    lock_cases([one.case_reference for one in wanted], signed_in_user())
    cases = {reference: open_case(reference) for reference in sorted({one.case_reference for one in wanted})}
    chosen = [(cases[one.case_reference], get_letter(cases[one.case_reference], one.id)) for one in wanted]
    services.release_letters(chosen, batch_id=batch_id, sender=signed_in_user(), now=clock.utc_now())
    flash("Recorded as sent. Print the letters now, and send them today in one envelope or message", "success")
    return redirect(url_for("letters.show_batch", batch_id=batch_id))


@bp.get("/letters/batches/<uuid:batch_id>")
@requires(Permission.CASE_WORK)
def show_batch(batch_id: UUID) -> ResponseReturnValue:
    letters = list_batch(signed_in_user(), batch_id)
    return render_template("authority_letters/show_batch.html", letters=letters)
