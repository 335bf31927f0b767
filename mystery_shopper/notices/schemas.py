"""What we read of an OCDS release, and what must hold of it. Everything else in it is kept and not read.

A field that is null counts as not given. Every dialect leaves out much, so that nothing but the identifier, the date
and the tag of a release is required.
"""

import re
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from mystery_shopper.notices.jsonfields import Amount, Limit, Moment, Name, Text, Truth, Whole

TEXT_MAX = 60_000
ITEMS_MAX = 2_000
DAYS_MAX = 40_000
OCID = re.compile(r"ocds-[0-9A-Za-z]{6}-[!-~]{1,100}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def _currency(value: str) -> None:
    if value and not _CURRENCY.fullmatch(value):
        raise ValidationError("must be a currency of three letters, like GBP")


def _moment() -> Moment:
    return Moment(allow_none=True)


def _truth() -> Truth:
    return Truth(allow_none=True)


def _words() -> fields.List[str]:
    return fields.List(Text(), allow_none=True, validate=validate.Length(max=ITEMS_MAX))


def _one(kind: type[Schema]) -> fields.Nested:
    return fields.Nested(kind, allow_none=True)


def _many(kind: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(kind), allow_none=True, validate=validate.Length(max=ITEMS_MAX))


class Tolerant(Schema):
    """Base: keys that we do not read are left alone, and a value of null or "" is none."""

    class Meta:
        """Unknown keys are no fault."""

        unknown = EXCLUDE

    @post_load
    def leave_out_nothing(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Drop what was not given."""
        return {key: value for key, value in data.items() if value is not None and value != ""}


class ValueSchema(Tolerant):
    """An amount of money."""

    amount = Amount(allow_none=True)
    amountGross = Amount(allow_none=True)  # noqa: N815
    currency = Text(validate=_currency)


class PeriodSchema(Tolerant):
    """A stretch of time."""

    startDate = _moment()  # noqa: N815
    endDate = _moment()  # noqa: N815
    durationInDays = Whole(DAYS_MAX)  # noqa: N815
    durationInMonths = Whole(DAYS_MAX)  # noqa: N815


class IdentifierSchema(Tolerant):
    """The number of an organisation in a register."""

    scheme = Text()
    id = Name()
    legalName = Text()  # noqa: N815


class ClassSchema(Tolerant):
    """A class of something in a scheme."""

    scheme = Text()
    id = Name()
    description = Text(TEXT_MAX)


class AddressSchema(Tolerant):
    """Where an organisation is."""

    streetAddress = Text()  # noqa: N815
    locality = Text()
    region = Text()
    postalCode = Text()  # noqa: N815
    countryName = Text()  # noqa: N815


class DetailsSchema(Tolerant):
    """More about an organisation."""

    classifications = _many(ClassSchema)


class PartySchema(Tolerant):
    """A body that takes part."""

    id = Name()
    name = Text()
    roles = _words()
    identifier = _one(IdentifierSchema)
    additionalIdentifiers = _many(IdentifierSchema)  # noqa: N815
    address = _one(AddressSchema)
    details = _one(DetailsSchema)


class NamedSchema(Tolerant):
    """A body named elsewhere in the release."""

    id = Name()
    name = Text()


class DocumentSchema(Tolerant):
    """A document: the notice itself is one."""

    id = Name()
    documentType = Text()  # noqa: N815
    noticeType = Text()  # noqa: N815
    datePublished = _moment()  # noqa: N815


class CriterionSchema(Tolerant):
    """A condition of taking part."""

    type = Text()
    description = Text(TEXT_MAX)
    minimum = Text(TEXT_MAX)


class CriteriaSchema(Tolerant):
    """Conditions of taking part."""

    criteria = _many(CriterionSchema)


class TextSchema(Tolerant):
    """Something described in words."""

    description = Text(TEXT_MAX)


class LotSchema(Tolerant):
    """A part of the procurement for which one may tender alone."""

    id = Name()
    title = Text()
    description = Text(TEXT_MAX)
    status = Text()
    value = _one(ValueSchema)
    contractPeriod = _one(PeriodSchema)  # noqa: N815
    selectionCriteria = _one(CriteriaSchema)  # noqa: N815
    renewal = _one(TextSchema)


class LotDetailsSchema(Tolerant):
    """What holds of all lots."""

    noLotsDivisionRationale = Text(TEXT_MAX)  # noqa: N815
    maximumLotsBidPerSupplier = Limit()  # noqa: N815
    maximumLotsAwardedPerSupplier = Limit()  # noqa: N815


class FrameworkSchema(Tolerant):
    """A framework agreement."""

    isOpenFrameworkScheme = _truth()  # noqa: N815
    maximumParticipants = Limit()  # noqa: N815
    periodRationale = Text(TEXT_MAX)  # noqa: N815


class TechniquesSchema(Tolerant):
    """Ways of buying."""

    hasFrameworkAgreement = _truth()  # noqa: N815
    hasDynamicPurchasingSystem = _truth()  # noqa: N815
    frameworkAgreement = _one(FrameworkSchema)  # noqa: N815


class ProcedureSchema(Tolerant):
    """More about the procedure."""

    isAccelerated = _truth()  # noqa: N815
    acceleratedRationale = Text(TEXT_MAX)  # noqa: N815


class SuitabilitySchema(Tolerant):
    """Whom the contract suits."""

    sme = _truth()
    vcse = _truth()


class SubmissionSchema(Tolerant):
    """How tenders are sent."""

    electronicSubmissionPolicy = Text()  # noqa: N815


class AmendmentSchema(Tolerant):
    """A change that the buyer announced."""

    id = Name()
    date = _moment()
    description = Text(TEXT_MAX)
    rationale = Text(TEXT_MAX)


class TenderSchema(Tolerant):
    """The invitation to tender."""

    id = Name()
    title = Text()
    description = Text(TEXT_MAX)
    status = Text()
    datePublished = _moment()  # noqa: N815
    value = _one(ValueSchema)
    minValue = _one(ValueSchema)  # noqa: N815
    procurementMethod = Text()  # noqa: N815
    procurementMethodDetails = Text(TEXT_MAX)  # noqa: N815
    procurementMethodRationale = Text(TEXT_MAX)  # noqa: N815
    mainProcurementCategory = Text()  # noqa: N815
    legalBasis = _one(ClassSchema)  # noqa: N815
    specialRegime = _words()  # noqa: N815
    aboveThreshold = _truth()  # noqa: N815
    tenderPeriod = _one(PeriodSchema)  # noqa: N815
    enquiryPeriod = _one(PeriodSchema)  # noqa: N815
    contractPeriod = _one(PeriodSchema)  # noqa: N815
    awardPeriod = _one(PeriodSchema)  # noqa: N815
    expressionOfInterestDeadline = _moment()  # noqa: N815
    lots = _many(LotSchema)
    lotDetails = _one(LotDetailsSchema)  # noqa: N815
    techniques = _one(TechniquesSchema)
    procedure = _one(ProcedureSchema)
    suitability = _one(SuitabilitySchema)
    submissionMethod = _words()  # noqa: N815
    submissionMethodDetails = Text(TEXT_MAX)  # noqa: N815
    submissionTerms = _one(SubmissionSchema)  # noqa: N815
    selectionCriteria = _one(CriteriaSchema)  # noqa: N815
    documents = _many(DocumentSchema)
    amendments = _many(AmendmentSchema)


class AwardSchema(Tolerant):
    """A decision for a supplier."""

    id = Name()
    date = _moment()
    datePublished = _moment()  # noqa: N815
    value = _one(ValueSchema)
    suppliers = _many(NamedSchema)
    contractPeriod = _one(PeriodSchema)  # noqa: N815
    standstillPeriod = _one(PeriodSchema)  # noqa: N815
    documents = _many(DocumentSchema)


class ContractSchema(Tolerant):
    """A contract that was made."""

    id = Name()
    dateSigned = _moment()  # noqa: N815
    period = _one(PeriodSchema)
    value = _one(ValueSchema)
    documents = _many(DocumentSchema)
    amendments = _many(AmendmentSchema)


class PlanningSchema(Tolerant):
    """What is planned."""

    documents = _many(DocumentSchema)


class ReleaseSchema(Tolerant):
    """One release: what one notice says, or (compiled) what all of them say."""

    ocid = Text(required=True, allow_none=False, validate=validate.Regexp(OCID, error="must be an OCID"))
    id = Name()
    date = Moment(required=True)
    tag = fields.List(Text(), required=True, validate=validate.Length(1, 30))
    language = Text()
    title = Text()
    description = Text(TEXT_MAX)
    buyer = _one(NamedSchema)
    parties = _many(PartySchema)
    planning = _one(PlanningSchema)
    tender = _one(TenderSchema)
    awards = _many(AwardSchema)
    contracts = _many(ContractSchema)
