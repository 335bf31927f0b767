"""Passkeys (WebAuthn): what a browser is asked, and whether what it answers proves who somebody is.

A passkey is asked to verify its user (fingerprint, face or PIN), so it counts as two factors and may stand for password
and code together. It is bound to the host of BASE_URL; an address of numbers has none, so there are no passkeys there.
"""

import ipaddress
import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mystery_shopper.core.errors import DomainError

CREDENTIAL_ID_MAX = 1023
"""Bytes a credential id may have (WebAuthn, 4)."""


class PasskeyRefusedError(DomainError):
    """What the browser sent proves nothing."""

    def __init__(self) -> None:
        super().__init__("The passkey was not accepted. Try again, or use a code", field="credential")


@dataclass(frozen=True)
class RelyingParty:
    """The service as a passkey knows it."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True)
class NewPasskey:
    """A passkey that was just made: what is stored of it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def relying_party(base_url: str, name: str) -> RelyingParty | None:
    """Return the service as passkeys know it, None when its address has no name that a passkey could be bound to."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        secure = parts.scheme == "https" or host == "localhost"
        return RelyingParty(host, f"{parts.scheme}://{parts.netloc}", name) if host and secure else None
    return None


def options_to_add(
    party: RelyingParty, *, challenge: bytes, user_id: uuid.UUID, email: str, name: str, known: Collection[bytes]
) -> str:
    """Return what a browser is asked to make a passkey, as JSON; `known` are the ids of those the person has."""
    options = generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_id=user_id.bytes,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json(options)


def options_to_prove(party: RelyingParty, *, challenge: bytes, known: Collection[bytes] = ()) -> str:
    """Return what a browser is asked to prove, as JSON; without `known` any passkey of this service will do."""
    options = generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def read_new(party: RelyingParty, answer: str, *, challenge: bytes) -> NewPasskey:
    """Return the passkey a browser made.

    Raises:
        PasskeyRefusedError: another challenge, another site, no verified user, or not a passkey at all.
    """
    try:
        verified = verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PasskeyRefusedError from error
    if len(verified.credential_id) > CREDENTIAL_ID_MAX:
        raise PasskeyRefusedError
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count)


def credential_id_of(answer: str) -> bytes:
    """Return the id of the passkey that an answer says it is from.

    Raises:
        PasskeyRefusedError: it says nothing of the kind.
    """
    try:
        found = base64url_to_bytes(str(_read(answer)["id"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PasskeyRefusedError from error
    if not 0 < len(found) <= CREDENTIAL_ID_MAX:
        raise PasskeyRefusedError
    return found


def check_proof(party: RelyingParty, answer: str, *, challenge: bytes, public_key: bytes, sign_count: int) -> int:
    """Check what a browser proves with a passkey, and return the passkey's new count of signatures.

    Raises:
        PasskeyRefusedError: another challenge, site or key, no verified user, or a count that went back (a copy).
    """
    try:
        verified = verify_authentication_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PasskeyRefusedError from error
    return verified.new_sign_count


def _read(answer: str) -> dict[str, object]:
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise ValueError("not an object")
    return read
