"""The same photo sent again while the first one is still under way is kept once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.cases.models import Attachment
from tests.crew.test_pages import a_jpeg, given
from tests.repairs.mending import the_works
from tests.support.pages import PASSWORD_HASH, PageClient

SENDERS = 4


# Where writers stand in line anyway (SQLite) there is nothing to try.
@pytest.mark.parametrize("database_url", ["pg"], indirect=True)
def test_a_photo_sent_again_while_it_is_still_under_way_is_kept_once(
    app: FastAPI, db: sessionmaker[Session]
) -> None:
    works = the_works(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)
    case_id, number = given(works)
    phones = [PageClient(TestClient(app, follow_redirects=False)) for _ in range(SENDERS)]
    for phone in phones:
        phone.sign_in("mender0")
    start, shot = Barrier(SENDERS), a_jpeg()

    def send(phone: PageClient) -> int:
        sent = {"csrf": phone.http.get("/crew/token").json()["csrf"], "client_id": "photo-0001"}
        start.wait()
        answer = phone.http.post(
            f"/crew/{number}/act",
            data={**sent, "action": "note", "stage": "before"},
            files={"photos": ("photo", shot, "image/jpeg")},
            headers={"Accept": "application/json", "X-Background": "1"},
        )
        return answer.status_code

    with ThreadPoolExecutor(SENDERS) as pool:
        answers = list(pool.map(send, phones))

    assert answers == [200] * SENDERS
    with db() as session:
        files = select(func.count()).select_from(Attachment).where(Attachment.case_id == case_id)
        assert session.scalar(files) == 1
