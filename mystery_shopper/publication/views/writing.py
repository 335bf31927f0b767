"""Writing the public text."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.cases.conflict import save_shared, start_shared
from mystery_shopper.cases.forms import ASKED
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.services import ask_override as ask
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError, NotFoundError, StaleEditError
from mystery_shopper.core.forms import as_version
from mystery_shopper.core.permissions import Permission, requires
from mystery_shopper.publication import forms, queries, services
from mystery_shopper.publication.models import Publication
from mystery_shopper.publication.states import PublicationState
from mystery_shopper.publication.views.blueprints import bp


@bp.post("/publication/<reference>/start")
@requires(Permission.PUBLICATION_WRITE)
@transactional
def start_draft(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    services.start_draft(case, author=signed_in_user(), now=clock.utc_now())
    return redirect(url_for("publication.edit_text", reference=reference))


@bp.post("/publication/<reference>/correct")
@requires(Permission.PUBLICATION_WRITE)
@transactional
def start_correction(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    services.start_correction(case, author=signed_in_user(), now=clock.utc_now())
    return redirect(url_for("publication.edit_text", reference=reference))


@bp.route("/publication/<reference>/edit", methods=["GET", "POST"])
@requires(Permission.PUBLICATION_WRITE)
@transactional
def edit_text(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    publication = _get_draft(case)
    basis = queries.basis_of(case)
    with_objection = basis.objections > 0
    form = forms.TextForm(data=_stored(publication), has_objection=with_objection)

    def draw() -> str:
        return render_template("publication/edit_text.html", case=case, form=form, basis=basis, publication=publication)

    def save() -> ResponseReturnValue:
        done = _save(form, publication)
        return redirect(url_for("publication.show_publication", reference=reference)) if done else draw()

    def theirs() -> forms.TextForm:
        return forms.TextForm(formdata=None, data=_stored(publication), has_objection=with_objection)

    start_shared(form, theirs)
    if not form.validate_on_submit():
        return draw()
    # What goes to approval is what its writer has read: two people's texts are then never put together unseen.
    sent = bool(form.send.data)
    return save_shared(case, form, theirs, save, version=lambda: publication.version, is_one_statement=sent)


@bp.route("/publication/<reference>/ask", methods=["GET", "POST"])
@requires(Permission.PUBLICATION_WRITE)
@transactional
def ask_override(reference: str) -> ResponseReturnValue:
    case = open_case(reference)
    publication = _get_draft(case)
    form = forms.AskForm()
    stopped = services.what_stops(publication)
    if form.validate_on_submit() and stopped is not None:
        page, by = url_for("publication.edit_text", reference=reference), signed_in_user()
        ask(case, stopped, form.reason.data, page=page, by=by, now=clock.utc_now())
        flash(ASKED, "success")
        return redirect(url_for("publication.show_publication", reference=reference))
    return render_template("publication/ask_override.html", case=case, form=form, stopped=stopped)


def _stored(publication: Publication) -> dict[str, object]:
    return {**publication.content.to_json(), "version": str(publication.version)}


def _get_draft(case: Case) -> Publication:
    publication = queries.find_open_publication(case)
    if publication is None:
        raise NotFoundError
    if publication.state is not PublicationState.DRAFT:
        raise StaleEditError("This text has been sent for approval. Send it back to change it.")
    return publication


def _save(form: forms.TextForm, publication: Publication) -> bool:
    """Keep the text, then try to send it on if that was asked; what stands against that is shown at its field."""
    author, now = signed_in_user(), clock.utc_now()
    services.save_draft(publication, form.to_text(), version=as_version(form.version), author=author, now=now)
    form.version.data = str(publication.version)
    if not form.send.data:
        flash("Draft saved", "success")
        return True
    try:
        services.submit(publication, author=author, now=now)
    except DisclosureError as error:
        services.record_refusal(publication.case, actor=actor(), now=now)
        for field, message in error.messages.items():
            form.add_error(message, field)
        form.is_stopped = True
        return False
    except DomainError as error:
        form.add_error(error)
        return False
    flash("Text sent for approval. Somebody else must approve it", "success")
    return True
