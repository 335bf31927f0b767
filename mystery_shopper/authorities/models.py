"""Tables of the register of contracting authorities."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.authorities.policy import (
    AuthorityClass,
    AuthorityType,
    Nation,
    Scope,
    Sector,
    calendar_division,
    sector_of,
)
from mystery_shopper.core.db import Model, named_enum, new_id

NAME_MAX = 200
SUBTYPE_MAX = 60
SOURCE_MAX = 120
FOLDED_MAX = 1200
"""Folding can lengthen a name: short forms are written out."""

successions = Table(
    "authority_successions",
    Model.metadata,
    Column("authority_id", ForeignKey("authorities.id", ondelete="CASCADE"), primary_key=True),
    Column("successor_id", ForeignKey("authorities.id", ondelete="CASCADE"), primary_key=True, index=True),
    CheckConstraint("authority_id <> successor_id", name="nobody_succeeds_itself"),
)
"""Which bodies took over from a closed one: a county that was cut in two has two."""


class Authority(Model):
    """A public body that buys. A closed one keeps its row, because old cases are about it.

    `starts_on` and `ends_on` are the first day it existed and the first day it no longer did; None where not recorded.
    `folded_name` is `policy.fold_name(name)`; `search_text` holds the words of all its names, each after a space.
    The classes differ by regime; None means not known, and a rule that needs it is then undecided.
    """

    __tablename__ = "authorities"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on", name="ends_after_it_starts"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(NAME_MAX), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX), index=True)
    folded_name: Mapped[str] = mapped_column(String(FOLDED_MAX), index=True)
    search_text: Mapped[str] = mapped_column(Text)
    type: Mapped[AuthorityType]
    subtype: Mapped[str] = mapped_column(String(SUBTYPE_MAX))
    parent: Mapped[str] = mapped_column(String(NAME_MAX), default="")
    nation: Mapped[Nation]
    pcr_threshold_class: Mapped[AuthorityClass | None] = mapped_column(
        named_enum(AuthorityClass, "pcr_threshold_class")
    )
    pcr_contracts_finder_class: Mapped[AuthorityClass | None] = mapped_column(
        named_enum(AuthorityClass, "pcr_contracts_finder_class")
    )
    pa23_class: Mapped[AuthorityClass | None] = mapped_column(named_enum(AuthorityClass, "pa23_class"))
    scope: Mapped[Scope]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(SOURCE_MAX))
    source_id: Mapped[str] = mapped_column(String(SOURCE_MAX), default="")
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    aliases: Mapped[list["AuthorityAlias"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="AuthorityAlias.name"
    )
    successors: Mapped[list["Authority"]] = relationship(
        secondary=successions,
        primaryjoin=lambda: Authority.id == successions.c.authority_id,
        secondaryjoin=lambda: Authority.id == successions.c.successor_id,
        lazy="raise_on_sql",
        order_by=lambda: Authority.name,
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_closed(self) -> bool:
        """Tell whether a last day is recorded."""
        return self.ends_on is not None

    @property
    def sector(self) -> Sector:
        """Return the sector whose target a case about this authority gets."""
        return sector_of(self.type, self.subtype)

    @property
    def calendar_division(self) -> str:
        """Return the division of the bank holiday list this authority's working days follow."""
        return calendar_division(self.nation)


class AuthorityAlias(Model):
    """Another name of an authority: an old one, a short one, or one that an imported list used."""

    __tablename__ = "authority_aliases"
    __table_args__ = (UniqueConstraint("authority_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authorities.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    folded: Mapped[str] = mapped_column(String(FOLDED_MAX), index=True)


class RegisterLoad(Model):
    """Which content of the program's own register was loaded last, so that the same is not loaded twice."""

    __tablename__ = "authority_register_loads"

    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    loaded_at: Mapped[datetime]
