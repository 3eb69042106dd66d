"""What people read on the picture for stored words; translated at the edge.

Nothing but labels.
"""

from collections.abc import Mapping
from typing import Final

from app.cases.kinds import Action
from app.citizens.rules import ContactKind, Ground, IdentifierKind, MarkKind
from app.kernel.messages import mark
from app.kernel.outbox import Channel

WAYS: Final[Mapping[ContactKind, str]] = {
    ContactKind.MOBILE: mark("Mobile"),
    ContactKind.LANDLINE: mark("Landline"),
    ContactKind.EMAIL: mark("E-mail"),
    ContactKind.ADDRESS: mark("Address"),
}
PAPERS: Final[Mapping[IdentifierKind, str]] = {
    IdentifierKind.RESIDENT_ID: mark("Identity card"),
    IdentifierKind.HMT_RESIDENCE: mark("Residence permit for Hong Kong, Macao and Taiwan"),
    IdentifierKind.FOREIGN_PERMANENT: mark("Permanent residence card"),
    IdentifierKind.FOREIGN_PERMANENT_OLD: mark("Permanent residence card (old)"),
    IdentifierKind.PASSPORT: mark("Passport"),
    IdentifierKind.HM_PERMIT: mark("Travel permit, Hong Kong and Macao"),
    IdentifierKind.TW_PERMIT: mark("Travel permit, Taiwan"),
    IdentifierKind.USCC: mark("Unified social credit code"),
    IdentifierKind.OTHER: mark("Other document"),
}
MARKS: Final[Mapping[MarkKind, str]] = {
    MarkKind.SENIOR: mark("65 or older"),
    MarkKind.DISABLED: mark("Disabled"),
    MarkKind.MINOR: mark("Under 14"),
    MarkKind.PREGNANT: mark("Pregnant"),
    MarkKind.VETERAN: mark("Veteran"),
    MarkKind.LOW_INCOME: mark("Low income"),
    MarkKind.LANGUAGE: mark("Needs an interpreter"),
    MarkKind.SAFETY: mark("Take care: earlier threats"),
}
# How the other one stands to the citizen: where the citizen acts for them, then where they do.
ACTS_FOR: Final[Mapping[Ground, str]] = {
    Ground.AGENT: mark("is represented by this citizen"),
    Ground.GUARDIAN: mark("is this citizen's ward"),
    Ground.LEGAL_REPRESENTATIVE: mark("this citizen is its legal representative"),
    Ground.CONTACT_PERSON: mark("this citizen is its contact"),
}
ACTED_BY: Final[Mapping[Ground, str]] = {
    Ground.AGENT: mark("acts for this citizen"),
    Ground.GUARDIAN: mark("is the guardian"),
    Ground.LEGAL_REPRESENTATIVE: mark("is the legal representative"),
    Ground.CONTACT_PERSON: mark("is the contact"),
}
SHARES: Final[Mapping[ContactKind, str]] = {
    ContactKind.MOBILE: mark("has the same telephone"),
    ContactKind.LANDLINE: mark("has the same telephone"),
    ContactKind.EMAIL: mark("has the same e-mail"),
    ContactKind.ADDRESS: mark("lives at the same address"),
}
SAME_PRINCIPAL: Final = mark("acts for the same organisation or person")
DEEDS: Final[Mapping[Action, str]] = {
    Action.SUPPLEMENT: mark("added something"),
    Action.URGE: mark("asked for speed"),
    Action.ANSWER_QUESTION: mark("answered a question"),
    Action.CONTACT: mark("was contacted by the handler"),
    Action.CLOSE: mark("was called back"),
}
SENT: Final[Mapping[Channel, str]] = {
    Channel.SMS: mark("Text message"),
    Channel.MAIL: mark("E-mail"),
}
