"""Words that a pack may use and that the program must know: roles and kinds of agencies, desks and halls."""

from __future__ import annotations

from enum import StrEnum

ROLES = frozenset(
    {
        "visitor",
        "applicant",
        "desk_clerk",
        "desk_head",
        "handler",
        "agency_leader",
        "reporter",
        "town_officer",
        "dispatcher",
        "coordinator",
        "oversight",
        "discipline",
        "auditor",
        "officer",
        "planner",
        "register_editor",
        "legal_reviewer",
        "approver",
        "draw_operator",
        "pack_admin",
        "publisher",
        "district_leader",
        "assessor",
        "external_reviewer",
        "partner",
        "system_admin",
        "security_admin",
    }
)
"""Role codes of the security rules (security.md section 3); a procedure names them as `PARTY.ROLE`."""

ANYWHERE = "any"
APPLICANT = "applicant"


class AgencyKind(StrEnum):
    """What an agency is, for lists and group names."""

    DEPARTMENT = "department"
    TOWN = "town"
    PARK = "park"
    COURT = "court"
    PARTY = "party"
    HOTLINE = "hotline"
    INSTITUTION = "institution"
    UTILITY = "utility"


class OrganKind(StrEnum):
    """主体性质: decides what may be entrusted to an agency."""

    STATUTORY = "statutory"
    INSTITUTION = "institution"
    AUTHORISED = "authorised"
    ENTRUSTED = "entrusted"
    OTHER = "other"


class MatterKind(StrEnum):
    """事项类型 by the code table of GB/T 39046 annex A (01 permit to 10 other, 20 public service)."""

    PERMIT = "permit"
    PENALTY = "penalty"
    COERCION = "coercion"
    COLLECTION = "collection"
    PAYMENT = "payment"
    INSPECTION = "inspection"
    CONFIRMATION = "confirmation"
    REWARD = "reward"
    RULING = "ruling"
    OTHER = "other"
    PUBLIC_SERVICE = "public_service"


class CaseKind(StrEnum):
    """办件类型: done while the applicant waits (即办件), or promised (承诺件)."""

    ON_THE_SPOT = "on_the_spot"
    COMMITTED = "committed"


class DeskKind(StrEnum):
    """What a desk does: any matter, some matters, or handing over results."""

    GENERAL = "general"
    SPECIAL = "special"
    DELIVERY = "delivery"


class WarningMode(StrEnum):
    """Who is told about lights in a hall: nobody, staff only, everybody (desks.md section 10)."""

    OFF = "off"
    TRIAL = "trial"
    LIVE = "live"


class Movement(StrEnum):
    """Which way a figure has to go where a plan names none."""

    NONE = "none"
    UP = "up"
    DOWN = "down"


class Level(StrEnum):
    """At which level of government a matter is handled."""

    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


class SubjectType(StrEnum):
    """Who may apply."""

    ENTERPRISE = "enterprise"
    PERSON = "person"
    ANY = "any"
