"""Asking the browser for a passkey, on whichever page somebody proves who they are."""

import uuid
from datetime import datetime

from flask import current_app, request

from config import Config
from mystery_shopper.accounts import forms, passkeys, queries, signing_in
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.audit.actions import Action

CREDENTIAL = "credential"


def relying_party() -> passkeys.RelyingParty | None:
    """Return the service as passkeys know it, None where there can be none."""
    settings: Config = current_app.extensions["settings"]
    return passkeys.relying_party(settings.base_url, settings.service_name)


def options_for(user_id: uuid.UUID | None, now: datetime) -> str:
    """Return what the browser is asked to prove; "" when the person has no passkey, or there can be none.

    Without a person any passkey of the service will do.
    """
    party = relying_party()
    if party is None:
        return ""
    known = [] if user_id is None else [one.credential_id for one in queries.list_passkeys(user_id)]
    if user_id is not None and not known:
        return ""
    return passkeys.options_to_prove(party, challenge=current_session().new_challenge(now), known=known)


def is_sent() -> bool:
    """Tell whether the browser answers with a passkey."""
    return CREDENTIAL in request.form


def who_by_passkey(user_id: uuid.UUID | None, *, action: Action, now: datetime) -> uuid.UUID | None:
    """Return whom the passkey that was sent belongs to, None when it proves nothing."""
    form, party, challenge = forms.PasskeyForm(), relying_party(), current_session().take_challenge(now)
    if not form.validate_on_submit() or party is None or challenge is None:
        return None
    return signing_in.verify_passkey(
        party, form.credential.data, challenge=challenge, now=now, user_id=user_id, action=action
    )
