"""From the case page a repair is looked at as the public will see it, released, and taken back."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw

from app.accounts.rules import Role
from app.cases.kinds import DoerKind
from app.cases.models import Attachment
from app.catalogue.rules import CaseKind
from app.kernel.files import FileStore
from app.settings import Settings
from tests.desk.stepping import Enter
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """As everybody's, with the public side switched on."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "var",
        worker_inside=False,
        public_reports=True,
    )


def a_photo() -> bytes:
    """Stripes, so that anything left of what was hidden would be seen."""
    image = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(image)
    for at in range(0, 400, 4):
        pen.line((at, 0, at, 400), fill="black", width=2)
    target = BytesIO()
    image.save(target, "JPEG", quality=95)
    return target.getvalue()


@pytest.fixture
def repair(city: City, settings: Settings) -> tuple[str, int]:
    """A repair with one photo of the citizen; its number, and the photo's key."""
    sha256 = FileStore(settings.data_dir / "files").put(a_photo())
    with city.db.begin() as session:
        case = a_case(session, lon=Decimal("83.012345"), lat=Decimal("39.054321"))
        case.kind, case.title = CaseKind.REPAIR, "路灯不亮"
        case.body = "我住幸福路12号，晚上一片漆黑，电话17900001234。"
        file = Attachment(
            case_id=case.id,
            sha256=sha256,
            content_type="image/jpeg",
            size=1,
            by_kind=DoerKind.CITIZEN,
            at=MONDAY_9AM,
        )
        session.add(file)
        session.flush()
        return case.number, file.id


def test_a_repair_is_previewed_released_and_taken_back(
    repair: tuple[str, int], person: Enter, app: FastAPI
) -> None:
    number, photo = repair
    reviewer = person(Role.REVIEWER)
    anybody = PageClient(TestClient(app, follow_redirects=False))

    page = reviewer.get(f"/cases/{number}")
    form = reviewer.get(page.links["公开发布"]).form(field="title")
    assert form.values()["words"] == ["我住幸福路**号，晚上一片漆黑，电话****。"]
    typed = {"answer": "已派人，联系人电话17900009999。", f"boxes-{photo}": "250,250,500,500"}
    boxes = f"boxes-{photo}"
    seen = reviewer.submit(form, press="preview", files=None, **typed, **{f"show-{photo}": "on"})
    refused = reviewer.submit(
        seen.form(field="title"), press="release", files=None, **{boxes: "250,250,5000,5"}
    )
    reviewer.submit(
        refused.form(field="title"), press="release", files=None, **{boxes: "250,250,500,500"}
    )

    assert "电话****。" in seen.tree.all("blockquote")[0].text
    assert refused.status == 422
    case = reviewer.get(f"/cases/{number}")
    address = case.links["查看公开页面"]
    public = anybody.get(address)
    assert "17900009999" not in public.html
    assert "已派人" in public.text
    assert number not in public.html
    shown = anybody.http.get(f"{address}/photos/1")
    assert shown.headers["cache-control"] == "no-cache"
    with Image.open(BytesIO(shown.content)) as image:
        darkest, brightest = image.convert("L").crop((108, 108, 292, 292)).getextrema()
    assert float(brightest) - float(darkest) < 24  # type: ignore[arg-type]  # one band: two numbers

    reviewer.submit(reviewer.get(f"/cases/{number}/publish").form(action="revoke"))

    assert anybody.http.get(address).status_code == 404
    assert anybody.http.get(f"{address}/photos/1").status_code == 404


def test_who_may_not_release_neither_sees_the_page_nor_the_way(
    repair: tuple[str, int], person: Enter
) -> None:
    number, photo = repair
    clerk = person(Role.CLERK)

    assert "公开发布" not in clerk.get(f"/cases/{number}").links
    assert clerk.get(f"/cases/{number}/publish").status == 403
    assert clerk.http.get(f"/cases/{number}/publish/photos/{photo}").status_code == 403
