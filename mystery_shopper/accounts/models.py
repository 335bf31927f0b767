"""Tables of staff accounts, their sessions and the counting of attempts."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from mystery_shopper.accounts.devices import DEVICE_MAX
from mystery_shopper.accounts.passkeys import CREDENTIAL_ID_MAX
from mystery_shopper.accounts.policy import (
    LinkPurpose,
    Role,
    StaffMember,
    emergency_at,
    names_of_roles,
    permissions_of,
    second_factor_words,
)
from mystery_shopper.accounts.second_factor import day_of_step
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.events import staff_actor
from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.vault import DataKey

EMAIL_MAX = 254
NAME_MAX = 100
MAC_BYTES = 32
PASSKEY_NAME_MAX = 60
SECRET_CONTEXT = "users.totp_sealed"  # noqa: S105 - the name of a column


class User(Model):
    """A member of staff.

    `email` is folded (`policy.fold_email`). `password_hash` is empty until an invited person has chosen one.
    `totp_sealed` is the secret of the second factor; it counts only once `totp_confirmed_at` is set. `totp_last_step`
    is the last 30-second step whose code was used: none works twice. `sign_on_key` is a keyed digest of who the person
    is at the OpenID provider, once they have come by it. `last_signed_in_on` is a day: at which hour
    somebody works is nobody's business.
    `password_expires_at` is set for a one-time password only. `emergency_case_id` is the one case the person opened in
    an emergency, past the rule of who may see it, until `emergency_until`; who did so and why stands in a register.
    `erased_on`: closed long ago, so that nothing of the person is left under the retention schedule but this row.
    """

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("erased_on IS NULL OR disabled_at IS NOT NULL", name="erased_was_closed"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(EMAIL_MAX), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool]
    password_expires_at: Mapped[datetime | None]
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    sign_on_key: Mapped[bytes | None] = mapped_column(LargeBinary(MAC_BYTES), unique=True)
    created_at: Mapped[datetime]
    last_signed_in_on: Mapped[date | None]
    disabled_at: Mapped[datetime | None]
    erased_on: Mapped[date | None]
    emergency_case_id: Mapped[uuid.UUID | None]
    emergency_until: Mapped[datetime | None]
    has_shortcuts: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    if TYPE_CHECKING:
        passkey_count: Mapped[int]

    data_key: Mapped[DataKey] = relationship()
    """Read when it is needed, which is seldom: with it, whatever names a person would read every person there is."""
    role_rows: Mapped[list["UserRole"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="UserRole.role"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles the person holds."""
        return frozenset(row.role for row in self.role_rows)

    @property
    def role_names(self) -> list[str]:
        """Return the roles in words."""
        return names_of_roles(self.roles)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return everything the person may do."""
        return permissions_of(self.roles)

    @property
    def actor(self) -> str:
        """Return how the person is named in events and in the audit log."""
        return staff_actor(self.id)

    @property
    def is_disabled(self) -> bool:
        """Tell whether the account has been closed."""
        return self.disabled_at is not None

    @property
    def has_app(self) -> bool:
        """Tell whether an authenticator app has been set up."""
        return self.totp_confirmed_at is not None

    def emergency_at(self, now: datetime) -> uuid.UUID | None:
        """Return the case this person has open in an emergency at a moment, None when there is none."""
        return emergency_at(self.emergency_case_id, self.emergency_until, now)

    @property
    def app_last_used_on(self) -> date | None:
        """Return the day on which a code of the authenticator app was used last, None before the first."""
        return None if self.totp_last_step is None else day_of_step(self.totp_last_step)

    @property
    def has_second_factor(self) -> bool:
        """Tell whether a second factor of any kind has been set up."""
        return self.has_app or self.passkey_count > 0

    @property
    def second_factor_words(self) -> str:
        """Return which second factors are set up, in words."""
        return second_factor_words(has_app=self.has_app, passkeys=self.passkey_count)

    def to_staff_member(
        self,
        confirmed_at: datetime | None = None,
        stands_in_for: frozenset[uuid.UUID] = frozenset(),
        emergency_case_id: uuid.UUID | None = None,
    ) -> StaffMember:
        """Return the person as pages see them."""
        return StaffMember(
            id=self.id,
            email=self.email,
            name=self.name,
            roles=self.roles,
            has_second_factor=self.has_second_factor,
            must_change_password=self.must_change_password,
            has_shortcuts=self.has_shortcuts,
            confirmed_at=confirmed_at,
            stands_in_for=stands_in_for,
            emergency_case_id=emergency_case_id,
        )


class UserRole(Model):
    """A role a person holds."""

    __tablename__ = "user_roles"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class AccountLink(Model):
    """A link that works once: for an invitation, or for somebody who lost a password or more. A person has one at most.

    What stands in the address is a keyed digest of `id`, and `token_hash` a keyed digest of that: who reads the table
    cannot make the link, and the letter can be written when it is sent, without the link lying anywhere.
    """

    __tablename__ = "account_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    purpose: Mapped[LinkPurpose]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Passkey(Model):
    """A passkey of a person: its public half. `sign_count` only grows, where the passkey counts at all."""

    __tablename__ = "passkeys"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(CREDENTIAL_ID_MAX), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(PASSKEY_NAME_MAX))
    added_on: Mapped[date]
    last_used_on: Mapped[date | None]


# Part of the statement that reads a user, so that asking for a second factor costs no other.
User.passkey_count = column_property(
    select(func.count(Passkey.id)).where(Passkey.user_id == User.id).correlate_except(Passkey).scalar_subquery()
)


class Absence(Model):
    """A time out of office: from `starts_on` to `ends_on`, both included. `deputy_id` stands in, if anybody does."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("deputy_id IS NULL OR deputy_id <> user_id", name="deputy_is_somebody_else"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    deputy_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    set_at: Mapped[datetime]

    def covers(self, day: date) -> bool:
        """Tell whether the person is away on `day`."""
        return self.starts_on <= day <= self.ends_on


class RecoveryCode(Model):
    """A code that stands in once for the second factor. Stored as a keyed digest."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime | None]


class StoredSession(Model):
    """What the server remembers of a browser: no address, and of a visitor no name of the browser.

    `device` is set for staff only: two words by which the owner knows the session.

    `id_hash` is a keyed digest of the token in the cookie, and `data` is sealed with a key that comes from the token,
    so whoever reads the table can neither take over a session nor see what is in it. The times of a session without a
    user are whole days.
    """

    __tablename__ = "stored_sessions"
    __table_args__ = {"sqlite_with_rowid": False}

    id_hash: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES), primary_key=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    signed_in_at: Mapped[datetime | None]
    step_up_at: Mapped[datetime | None]
    device: Mapped[str | None] = mapped_column(String(DEVICE_MAX))


class AttemptTally(Model):
    """How often something was tried lately: one row for each account (known or not) and one for the whole service."""

    __tablename__ = "attempt_tallies"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary(MAC_BYTES), primary_key=True)
    window_started_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int]
    locks: Mapped[int]
    locked_until: Mapped[datetime | None]
