"""Keys of programs: shown once, kept as digests, changed, revoked, each written down."""

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.facilities import service as facilities
from app.kernel.audit import AuditEntry
from app.kernel.errors import ForbiddenError
from app.partners import queries, service
from app.partners.models import PartnerKey
from app.partners.rules import KeyRefusedError, KeyTerms, Right, codes_in
from tests.support.city import City, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH, PageClient

Db = sessionmaker[Session]
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_key_lets_in_until_it_is_revoked_and_is_stored_nowhere(db: Db) -> None:
    city = a_city(db)
    security = city[Role.SECURITY]
    terms = KeyTerms("邻市应用", frozenset({Right.CREATE}), codes=("0120",))
    with city.db.begin() as session:
        key, secret = service.give_out(
            session, terms, actor=security, by=security.author(), now=MONDAY_9AM
        )
        service.count_use(session, key.id, now=MONDAY_9AM)

    with city.db() as session:
        found = service.let_in(session, secret)
        row = session.execute(select(PartnerKey.__table__)).one()
        assert (found.terms, found.uses, found.last_used_at) == (terms, 1, MONDAY_9AM)
        assert secret not in str(row)
        assert found.tail == secret[-4:]
        for refused in (Right.READ, Right.UPDATE):
            with pytest.raises(KeyRefusedError):
                found.terms.require(refused)
        with pytest.raises(KeyRefusedError):
            found.terms.require(Right.CREATE, "0206")
        assert service.find(session, f"{secret}x") is None

    with city.db.begin() as session:
        version = queries.get_key(session, key.id).version
        service.revoke(
            session, key.id, seen=version, actor=security, by=security.author(), now=MONDAY_9AM
        )
    with city.db() as session, pytest.raises(KeyRefusedError):
        service.let_in(session, secret)
    with city.db.begin() as session, pytest.raises(ForbiddenError):
        service.give_out(
            session, terms, actor=city[Role.ADMIN], by=security.author(), now=MONDAY_9AM
        )


def test_codes_are_read_however_they_stand_apart() -> None:
    assert codes_in(" 0120，0206;E0101\n0120 ") == ("0120", "0206", "E0101")


@ONE_DATABASE
def test_the_security_administrator_gives_a_key_out_changes_and_revokes_it(
    app: FastAPI, db: Db, pages: PageClient
) -> None:
    city: City = a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)
    with city.db.begin() as session:
        facilities.seed(session, now=MONDAY_9AM)
    pages.sign_in("security")
    form = pages.get("/admin/partners/new").form(field="codes")

    refused = pages.submit(form, name="", codes="0120 9999", hourly="0", may_create=[])
    unknown = pages.submit(form, name="邻市应用", codes="0120 9999")
    shown = pages.submit(form, name="邻市应用", codes="0120", hourly="60")
    secret = shown.tree.all("p", **{"class": "code num"})[0].text
    listed = pages.get("/admin/partners")

    assert (refused.status, unknown.status, shown.status) == (422, 422, 200)
    assert all(f'href="#f-{name}"' in refused.html for name in ("name", "codes", "hourly"))
    assert unknown.form(field="codes").values()["codes"] == ["0120 9999"]
    assert secret.startswith("cwk_")
    assert secret not in listed.html
    assert f"…{secret[-4:]}" in listed.text

    one = pages.get(listed.links["邻市应用"])
    pages.submit(one.form(field="codes"), codes="", hourly="70")
    with city.db() as session:
        assert service.let_in(session, secret).terms.codes == ()
    stale = pages.submit(one.form(field="codes"), hourly="80")
    assert stale.status == 409
    pages.submit(pages.get(one.url).form(action="/revoke"))
    assert "已撤销" in pages.get("/admin/partners").text
    with city.db() as session:
        assert service.find(session, secret) is None
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.object_type == "partner_key").order_by("id")
        ).all()
        said = str([entry.details for entry in entries])
    assert [entry.action for entry in entries] == [
        *("partner:give_out", "partner:change", "partner:revoke"),
    ]
    assert secret not in said

    pages.sign_in("admin")
    assert pages.get("/admin/partners").status == 403
