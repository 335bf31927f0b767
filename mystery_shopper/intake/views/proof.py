"""Proof of submission: given out through the receipt, checked by anybody."""

import base64

from flask import Response, json, render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.permissions import public
from mystery_shopper.core.signing import public_keys
from mystery_shopper.intake import forms, proofs
from mystery_shopper.intake.views.blueprints import proof_bp, receipt_bp
from mystery_shopper.intake.views.receipt import current_report

ALGORITHM = "Ed25519"


@proof_bp.route("", methods=["GET", "POST"])
@public
@limited(Limit.PAGE)
@transactional
def check() -> ResponseReturnValue:
    form = forms.ProofForm()
    checked = None
    if form.validate_on_submit():
        try:
            checked = proofs.check_proof(*form.texts(), public_keys(keyring()))
        except DomainError as error:
            form.add_error(error)
    return render_template("proof/check.html", form=form, checked=checked)


@proof_bp.route("/keys.json")
@public
def show_keys() -> ResponseReturnValue:
    ring = keyring()
    keys = {name: base64.b64encode(key).decode() for name, key in public_keys(ring).items()}
    return _download({"algorithm": ALGORITHM, "current": ring.signing_id, "keys": keys}, name="")


@receipt_bp.route("/case/proof")
@public
def show_proof() -> ResponseReturnValue:
    proof = proofs.make_proof(current_report())
    return render_template("receipt/show_proof.html", proof=proof, text=_written(proof.to_json()))


@receipt_bp.route("/case/proof.json")
@public
def download_proof() -> ResponseReturnValue:
    return _download(proofs.make_proof(current_report()).to_json(), name="proof.json")


@receipt_bp.route("/case/content.json")
@public
def download_content() -> ResponseReturnValue:
    return _download(proofs.content_of(current_report()), name="content.json")


def _written(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=False)


def _download(value: object, *, name: str) -> Response:
    """Return a JSON file; its name says nothing of what it is about."""
    response = Response(_written(value) + "\n", content_type="application/json")
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
