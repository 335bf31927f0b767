"""Contracting authorities and the names they go by. Historic cases keep the old body; `successor` says who took over."""

import uuid
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.db import ENUM_LENGTH, Model, new_id


class AuthorityType(StrEnum):
    """What kind of body it is; decides the target (2 months central, 3 wider public sector)."""

    CENTRAL_GOVERNMENT = "central-government"
    LOCAL = "local"
    NHS = "nhs"
    POLICE = "police"
    FIRE = "fire"
    EDUCATION = "education"
    OTHER = "other"


class Nation(StrEnum):
    """Where it acts; UK for bodies of the whole kingdom."""

    ENGLAND = "England"
    SCOTLAND = "Scotland"
    WALES = "Wales"
    NORTHERN_IRELAND = "Northern Ireland"
    UK = "UK"


class AuthorityClass(StrEnum):
    """Which thresholds apply. A body can be in different classes in different regimes."""

    CENTRAL = "central"
    SUB_CENTRAL = "sub-central"


class SchemeScope(StrEnum):
    """Whether the scheme deals with it, by default; a caseworker confirms."""

    IN = "in"
    OUT_DEVOLVED = "out-devolved"
    OUT_SCHOOL = "out-school"
    CHECK = "check"


def _classes(name: str) -> Enum:
    return Enum(
        AuthorityClass,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=ENUM_LENGTH,
        values_callable=lambda kind: [member.value for member in kind],
    )


class Authority(Model):
    """A public body that buys. `slug` is its address; `ends_on` is set for bodies that no longer exist."""

    __tablename__ = "authorities"
    __table_args__ = (
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="ends_after_it_starts"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    type: Mapped[AuthorityType] = mapped_column(index=True)
    subtype: Mapped[str] = mapped_column(String(60), default="")
    parent: Mapped[str] = mapped_column(String(200), default="")
    nation: Mapped[Nation]
    pcr_threshold_class: Mapped[AuthorityClass | None] = mapped_column(_classes("pcr_threshold_class"))
    pcr_contracts_finder_class: Mapped[AuthorityClass | None] = mapped_column(_classes("pcr_contracts_finder_class"))
    pa23_class: Mapped[AuthorityClass | None] = mapped_column(_classes("pa23_class"))
    scheme_scope: Mapped[SchemeScope]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    successor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("authorities.id"))
    source: Mapped[str] = mapped_column(String(200), default="")
    source_id: Mapped[str] = mapped_column(String(60), default="")
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    aliases: Mapped[list["AuthorityAlias"]] = relationship(
        back_populates="authority", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    successor: Mapped["Authority | None"] = relationship(remote_side=[id], lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class AuthorityAlias(Model):
    """A name a body goes by: its own (is_own), an old or short one. `folded` is what names are matched on."""

    __tablename__ = "authority_aliases"
    __table_args__ = (Index("ix_authority_aliases_folded", "folded"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authorities.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))
    is_own: Mapped[bool] = mapped_column(default=False)

    authority: Mapped[Authority] = relationship(back_populates="aliases", lazy="joined", innerjoin=True)
