"""Proof of submission: a small signed paper that says a report with this content came in on this day. No identity.

The paper holds a digest of the content, not the content. The content is given out in a file of its own, with a salt,
so that nobody who only guesses at the words can try their guess against the digest.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mystery_shopper.cases.models import Report
from mystery_shopper.cases.walls import home_case_of
from mystery_shopper.core.crypto import Keyring, keyring
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import _
from mystery_shopper.core.signing import is_signed, sign

PROOF_TYPE = "mystery-shopper-proof/1"
CONTENT_TYPE = "mystery-shopper-report/1"
SIGNED_FIELDS = ("type", "reference", "received_on", "content_sha256", "key")
FIELDS = frozenset({*SIGNED_FIELDS, "signature"})
WHO_REPORTS = frozenset({"trade_body", "mandate"})
"""Words of a report that say who reports: not part of the content that is proved."""
PROOF_MAX = 4_000
CONTENT_MAX = 400_000


class ProofError(DomainError):
    """What was given is no proof, or no content file; the message says what is wrong with it."""


@dataclass(frozen=True)
class Proof:
    """A proof as it was read, signature and all."""

    reference: str
    received_on: date
    content_sha256: str
    key_id: str
    signature: str

    def to_json(self) -> dict[str, str]:
        """Return the proof as its JSON values."""
        return {**self._signed(), "signature": self.signature}

    def _signed(self) -> dict[str, str]:
        return {
            "type": PROOF_TYPE,
            "reference": self.reference,
            "received_on": self.received_on.isoformat(),
            "content_sha256": self.content_sha256,
            "key": self.key_id,
        }

    def is_genuine(self, keys: Mapping[str, bytes]) -> bool:
        """Tell whether one of these public keys signed it."""
        return is_signed(keys, self.key_id, self.signature, PROOF_TYPE, canonical(self._signed()))


@dataclass(frozen=True)
class Checked:
    """What a check came to. `is_same_content` is None when no content was given."""

    proof: Proof
    is_genuine: bool
    is_same_content: bool | None = None

    @property
    def is_good(self) -> bool:
        """Tell whether nothing speaks against it."""
        return self.is_genuine and self.is_same_content is not False


def canonical(value: Any) -> bytes:
    """Return the one way a JSON value is written for digests and signatures: sorted, compact, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_of(report: Report) -> dict[str, Any]:
    """Return what a report said when it was sent, with the salt; neither who sent it nor its receipt code."""
    said = {name: value for name, value in report.content.to_json().items() if name not in WHO_REPORTS}
    salt = keyring().mac("proof-salt", report.id.bytes).hex()
    return {"type": CONTENT_TYPE, "salt": salt, "report": json.loads(canonical(said))}


def make_proof(report: Report, ring: Keyring | None = None) -> Proof:
    """Return the signed proof of a report: public reference, day, digest of its content."""
    ring = ring or keyring()
    unsigned = Proof(
        reference=home_case_of(report).public_reference,
        received_on=report.received_on,
        content_sha256=hashlib.sha256(canonical(content_of(report))).hexdigest(),
        key_id=ring.signing_id,
        signature="",
    )
    signed = {name: value for name, value in unsigned.to_json().items() if name in SIGNED_FIELDS}
    _, signature = sign(ring, PROOF_TYPE, canonical(signed))
    return Proof(**{**vars(unsigned), "signature": signature})


def read_proof(text: str) -> Proof:
    """Return the proof a text holds.

    Raises:
        ProofError: it is none; the message is for whoever gave it.
    """
    found = _read(text, PROOF_MAX, "proof")
    if not isinstance(found, dict) or found.get("type") != PROOF_TYPE:
        raise ProofError(_("This is not a proof of submission"), field="proof")
    if found.keys() != FIELDS or not all(isinstance(value, str) for value in found.values()):
        raise ProofError(_("This proof lacks something, or something was added to it"), field="proof")
    try:
        received_on = date.fromisoformat(found["received_on"])
    except ValueError as error:
        raise ProofError(_("The date in this proof is not a date"), field="proof") from error
    if received_on.isoformat() != found["received_on"]:
        raise ProofError(_("The date in this proof is not written as in a proof"), field="proof")
    return Proof(found["reference"], received_on, found["content_sha256"], found["key"], found["signature"])


def check_proof(proof_text: str, content_text: str, keys: Mapping[str, bytes]) -> Checked:
    """Check a proof against public keys (by id), and the content against the proof when there is any.

    Raises:
        ProofError: one of the two cannot be read.
    """
    proof = read_proof(proof_text)
    same = None
    if content_text.strip():
        found = _read(content_text, CONTENT_MAX, "content")
        if not isinstance(found, dict) or found.get("type") != CONTENT_TYPE:
            raise ProofError(_("This is not the content file of a report"), field="content")
        digest = hashlib.sha256(canonical(found)).hexdigest()
        same = hmac.compare_digest(digest.encode(), proof.content_sha256.encode())
    return Checked(proof, proof.is_genuine(keys), same)


def _read(text: str, longest: int, field: str) -> Any:
    if len(text) > longest:
        raise ProofError(_("This is too long to be one of our files"), field=field)
    try:
        value = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse)
        canonical(value)
    except (ValueError, RecursionError) as error:
        raise ProofError(_("This cannot be read. Use the file as it was downloaded"), field=field) from error
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) != len(pairs):
        raise ValueError("the same name twice")
    return dict(pairs)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
