"""Something is broken: a town with a lamp post, photos, and the pages a citizen goes through."""

import json
from decimal import Decimal
from io import BytesIO

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.repair_models import Repair
from app.facilities import service as facilities
from app.facilities.models import Asset, FacilityType
from app.facilities.rules import AssetState
from app.kernel import geo
from app.settings import Settings
from tests.portal.conftest import LAKE
from tests.support.city import City
from tests.support.clock import MONDAY_9AM
from tests.support.pages import Page, PageClient

LON, LAT = 83.2, 39.1
PLATE, CODE = "LD-0001", "9901010120000001"


def lit(city: City, settings: Settings) -> None:
    """Types of facilities, one lamp post, and a ground that ends."""
    folder = settings.data_dir / "geo"
    folder.mkdir(parents=True)
    ring = [[83.0, 39.0], [83.5, 39.0], [83.5, 39.4], [83.0, 39.4], [83.0, 39.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    area = {"type": "Feature", "properties": {"code": LAKE, "name": "平湖区"}, "geometry": shape}
    text = json.dumps({"type": "FeatureCollection", "features": [area]})
    (folder / "districts.geojson").write_text(text, "utf-8")
    with city.db.begin() as session:
        facilities.seed(session, now=MONDAY_9AM)
        session.add(
            Asset(
                code=CODE,
                plate=PLATE,
                type_id=type_id(session, "0120"),
                name="单臂路灯",
                place="样板路 12 号对面",
                region_code=LAKE,
                lon=Decimal("83.200000"),
                lat=Decimal("39.100000"),
                cell=geo.cell(LON, LAT),
                state=AssetState.IN_USE,
                changed_at=MONDAY_9AM,
            )
        )


def type_id(session: Session, code: str) -> int:
    return session.scalars(select(FacilityType.id).where(FacilityType.code == code)).one()


def a_photo(colour: str = "red", *, noted: bool = False, east: float = 83.0) -> bytes:
    """A small JPEG; if noted, taken at 39°6′ N, 12′ past `east`, on the first of March at noon."""
    data, notes = BytesIO(), Image.Exif()
    if noted:
        notes.get_ifd(0x8825).update({1: "N", 2: (39.0, 6.0, 0.0), 3: "E", 4: (east, 12.0, 0.0)})
        notes.get_ifd(0x8769).update({0x9003: "2026:03:01 12:00:00", 0x9011: "+08:00"})
    Image.new("RGB", (40, 30), colour).save(data, "JPEG", exif=notes)
    return data.getvalue()


def a_moving_picture() -> bytes:
    data = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:], duration=50)
    return data.getvalue()


def files(data: bytes, name: str = "IMG_0001.jpg") -> dict[str, tuple[str, bytes, str]]:
    return {"photos": (name, data, "image/jpeg")}


def to_what(pages: PageClient, **place: str) -> Page:
    page = pages.get("/report/repair/photo")
    pages.submit(page.form(field="photos"), press="next")
    page = pages.get("/report/repair/place")
    typed: dict[str, str | list[str]] = {**(place or {"region": LAKE})}
    return pages.submit(page.form(field="facility"), files=None, press="", **typed)


def choose(pages: PageClient, city: City, code: str) -> Page:
    """Choose a type by its class, as whoever looks through the list."""
    with city.db() as session:
        chosen = type_id(session, code)
    form = pages.get(f"/report/repair/what?group={code[:-2]}").form(field="type")
    return pages.submit(form, press="next", type=str(chosen))


def to_check(pages: PageClient, city: City, *, body: str = "", **place: str) -> Page:
    to_what(pages, **place)
    page = choose(pages, city, "0120")
    if page.url.endswith("/near"):
        page = pages.submit(page.form(action="/my/too"), same="other")
    page = pages.submit(page.form(field="how"), how="dark", danger="none")
    page = pages.submit(page.form(field="body"), body=body)
    form = page.form(field="phone")
    return pages.submit(form, anonymous="no", name="测试甲", phone="17900001234")


def send(pages: PageClient, page: Page) -> Page:
    return pages.submit(page.form(field="idempotency"))


def the_repair(city: City) -> tuple[Case, Repair]:
    with city.db() as session:
        case = session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        return case, session.get_one(Repair, case.id)
