"""Behind one address of ours: 天地图 and its shelf, a local file, or nothing; no page hangs."""

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from pmtiles.tile import Compression, TileType, deserialize_header, zxy_to_tileid
from pmtiles.writer import write

from app.maps.config import base_map
from app.maps.packedtiles import PackedTiles
from app.maps.rules import Bounds, Gathered, Tile, apart, tile_at
from app.maps.shelf import TileShelf
from app.maps.sources import grey, source_of
from app.maps.tilefile import TileFile
from app.settings import Settings
from tests.support.clock import MONDAY_9AM

CITY = tile_at(83.0, 39.0, 12)  # the demo city lies here
DAY = timedelta(days=1)
KEY = "k" * 32
MANY = 12_000  # tiles: more than one directory of a PMTiles file holds


def a_picture(colour: str, size: int = 256) -> bytes:
    target = BytesIO()
    Image.new("RGBA", (size, size), colour).save(target, "PNG")
    return target.getvalue()


@dataclass
class Service:
    """Stands in for the map service: what it was asked, and what it answers."""

    asked: list[str] = field(default_factory=list)
    status: int = 200
    answers: dict[str, bytes] = field(default_factory=dict)
    url: str = ""


@contextmanager
def a_service() -> Iterator[Service]:
    service = Service(answers={"vec": a_picture("white"), "cva": a_picture("#ff000080")})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            service.asked.append(self.path)
            layer = parse_qs(urlsplit(self.path).query)["LAYER"][0]
            self.send_response(service.status)
            self.end_headers()
            self.wfile.write(service.answers[layer])

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}/maps"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def the_city(data_dir: Path, **given: object) -> Settings:
    return Settings(data_dir=data_dir, demo=True, **given)  # type: ignore[arg-type]  # names are checked by Settings itself


def test_a_tile_is_fetched_once_with_its_labels_and_kept_until_its_time_is_over(
    tmp_path: Path,
) -> None:
    with a_service() as service:
        settings = the_city(tmp_path, map_tianditu_key=KEY, map_tianditu_url=service.url)
        source = source_of(settings)
        assert source is not None

        first = source.answer(CITY, MONDAY_9AM)
        again = source.answer(CITY, MONDAY_9AM + 29 * DAY)
        later = source.answer(CITY, MONDAY_9AM + 31 * DAY)

    with Image.open(BytesIO(first.data)) as image:
        red, green, blue = image.convert("RGB").getpixel((9, 9))  # type: ignore[misc]  # three bands
    assert red == 255
    assert 120 < green == blue < 135
    assert first.data == again.data == later.data
    assert len(service.asked) == 4
    assert all(f"tk={KEY}" in path and "TILEMATRIXSET=w" in path for path in service.asked)
    config = base_map(settings, is_public=True)
    assert config is not None
    assert KEY not in str(config)
    assert service.url not in str(config)
    assert "天地图" in config["attribution"]


def test_a_service_in_trouble_is_left_alone_and_old_tiles_are_better_than_none(
    tmp_path: Path,
) -> None:
    with a_service() as service:
        settings = the_city(tmp_path, map_tianditu_key=KEY, map_tianditu_url=service.url)
        source = source_of(settings)
        assert source is not None
        kept = source.answer(CITY, MONDAY_9AM)
        service.asked.clear()
        service.status = 403

        old = source.answer(CITY, MONDAY_9AM + 31 * DAY)
        none = source.answer(Tile(12, CITY.x + 1, CITY.y), MONDAY_9AM + 31 * DAY)
        service.status = 200
        soon = source.answer(Tile(12, CITY.x + 1, CITY.y), MONDAY_9AM + 32 * DAY)

        service.answers["vec"] = b"<html>not a picture</html>"
        broken = source.answer(Tile(12, CITY.x, CITY.y + 1), MONDAY_9AM + 32 * DAY)

    assert (old.data, old.is_passing, old.is_missing) == (kept.data, True, False)
    assert none.is_missing
    assert none.data == grey()
    assert not soon.is_missing
    assert broken.is_missing
    # Once refused, once asked again a day later, and once for what was no picture.
    assert len(service.asked) == 1 + 2 + 1


def test_nobody_walks_the_world_on_the_citys_key(tmp_path: Path) -> None:
    with a_service() as service:
        settings = the_city(tmp_path, map_tianditu_key=KEY, map_tianditu_url=service.url)
        source = source_of(settings)
        assert source is not None

        far = source.answer(tile_at(-0.1, 51.5, 12), MONDAY_9AM)

    assert far.data == grey()
    assert service.asked == []


def test_a_service_nobody_reaches_costs_one_try(tmp_path: Path) -> None:
    with a_service() as service:
        gone = service.url
    source = source_of(the_city(tmp_path, map_tianditu_key=KEY, map_tianditu_url=gone))
    assert source is not None

    answers = [source.answer(Tile(12, CITY.x, CITY.y + n), MONDAY_9AM) for n in range(3)]

    assert all(answer.is_missing for answer in answers)


def test_the_shelf_never_holds_more_than_it_may_and_the_oldest_go_first(tmp_path: Path) -> None:
    shelf = TileShelf(tmp_path / "tiles", most_bytes=1000, keeps=DAY)

    for n in range(15):
        shelf.put(Tile(12, 1, n), b"x" * 100, now=MONDAY_9AM + n * DAY)

    held = [n for n in range(15) if shelf.find(Tile(12, 1, n), now=MONDAY_9AM)]
    assert len(held) <= 10
    assert held[-1] == 14
    assert held == list(range(15 - len(held), 15))


def a_tile_file(path: Path, *, kind: str = "png") -> Path:
    database = sqlite3.connect(path)
    with database:
        database.execute("CREATE TABLE metadata (name text, value text)")
        database.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, "
            "tile_row integer, tile_data blob)"
        )
        about = {"format": kind, "attribution": "测绘院", "maxzoom": "12"}
        database.executemany("INSERT INTO metadata VALUES (?, ?)", about.items())
        row = (1 << 12) - 1 - CITY.y
        database.execute(
            "INSERT INTO tiles VALUES (12, ?, ?, ?)", (CITY.x, row, a_picture("green"))
        )
    database.close()
    return path


def test_a_tile_file_serves_its_tiles_and_the_public_sees_them_once_they_are_approved(
    tmp_path: Path,
) -> None:
    file = a_tile_file(tmp_path / "city.mbtiles")
    settings = the_city(tmp_path, map_tiles_file=file)
    source = source_of(settings)
    assert source is not None

    found = source.answer(CITY, MONDAY_9AM)
    beside = source.answer(Tile(12, CITY.x + 1, CITY.y), MONDAY_9AM)
    approved = the_city(tmp_path, map_tiles_file=file, map_approval="GS(2099)0000号")

    assert found.data == a_picture("green")
    assert beside.data == grey()
    staff, public = (base_map(settings, is_public=is_public) for is_public in (False, True))
    assert staff is not None
    assert (staff["tiles"], staff["deepest"]) == ("/tiles/{z}/{x}/{y}", 12)
    assert public is not None
    assert public["tiles"] == ""
    shown = base_map(approved, is_public=True)
    assert shown is not None
    assert shown["attribution"] == "测绘院 GS(2099)0000号"


def a_packed_file(
    path: Path, kind: TileType = TileType.PNG, *, beside: int = 0, said: str = "测绘院"
) -> Path:
    """A PMTiles file of the library's own writer: the city, and as many more tiles as asked."""
    pictures = {zxy_to_tileid(12, CITY.x, CITY.y): a_picture("green")}
    # Here and there, so that no directory of all of them is short enough to stand alone.
    pictures |= {zxy_to_tileid(14, 0, 0) + pow(5, n, 1 << 24): b"%d" % n for n in range(beside)}
    with write(str(path)) as writer:
        for key in sorted(pictures):
            writer.write_tile(key, pictures[key])
        about = {"tile_type": kind, "tile_compression": Compression.NONE}
        writer.finalize(about, {"attribution": said})
    assert (deserialize_header(path.read_bytes())["leaf_directory_length"] > 0) == bool(beside)
    return path


@pytest.mark.parametrize("beside", [0, MANY])
def test_a_packed_file_is_known_by_what_is_in_it_and_read_by_offset(
    tmp_path: Path, beside: int
) -> None:
    file = a_packed_file(tmp_path / "city.tiles", beside=beside)
    source = source_of(the_city(tmp_path, map_tiles_file=file))
    assert source is not None
    asked = [CITY, Tile(12, CITY.x + 1, CITY.y)] * 20

    with ThreadPoolExecutor(4) as readers:
        found = list(readers.map(lambda tile: source.answer(tile, MONDAY_9AM), asked))

    assert {(each.data, each.content_type) for each in found[::2]} == {
        (a_picture("green"), "image/png")
    }
    assert {each.data for each in found[1::2]} == {grey()}
    assert (source.attribution, source.max_zoom) == ("测绘院", 14 if beside else 12)
    assert not source.is_approved


def test_a_packed_file_that_broke_afterwards_shows_grey_and_no_page_breaks(tmp_path: Path) -> None:
    file = a_packed_file(tmp_path / "city.pmtiles", beside=MANY)
    source = source_of(the_city(tmp_path, map_tiles_file=file))
    assert source is not None

    os.truncate(file, 1_000)  # the root is still there, the directory it leads to is not

    assert source.answer(CITY, MONDAY_9AM).data == grey()


@pytest.mark.parametrize("what", ["vector", "unknown", "old", "cut"])
def test_a_packed_file_browsers_cannot_draw_is_refused_when_the_house_is_opened(
    tmp_path: Path, what: str
) -> None:
    kinds = {"vector": TileType.MVT, "unknown": TileType.UNKNOWN}
    path = a_packed_file(tmp_path / "city.pmtiles", kinds.get(what, TileType.PNG))
    if what == "old":
        path.write_bytes(b"PMTiles\x02" + path.read_bytes()[8:])
    if what == "cut":
        path.write_bytes(path.read_bytes()[:7])

    with pytest.raises(ValueError, match="CIVICWINDOW_MAP_TILES_FILE") as refusal:
        PackedTiles(path)

    assert ("vector tiles" in str(refusal.value)) == (what == "vector")


@pytest.mark.parametrize("what", ["missing", "text", "vector"])
def test_a_file_that_is_none_is_refused_when_the_house_is_opened(tmp_path: Path, what: str) -> None:
    path = tmp_path / "city.mbtiles"
    if what == "text":
        path.write_text("no database at all, but long enough to be looked at" * 20)
    if what == "vector":
        a_tile_file(path, kind="pbf")

    with pytest.raises(ValueError, match="CIVICWINDOW_MAP_TILES_FILE"):
        TileFile(path)


def test_tiles_know_the_rectangle_they_lie_in() -> None:
    city = Bounds(82.8, 38.9, 83.2, 39.2)

    assert tile_at(0, 0, 1) == Tile(1, 1, 1)
    assert tile_at(180, -90, 3) == Tile(3, 7, 7)
    assert CITY.touches(city)
    assert not Tile(12, CITY.x, CITY.y - 100).touches(city)
    assert not Tile(19, 0, 0).exists
    assert not Tile(2, 4, 0).exists


def test_marks_that_would_cover_each_other_are_joined_and_none_is_lost() -> None:
    cells = [
        Gathered(3, 1, 0.99, 0.5, 7),
        Gathered(1, 1, 1.01, 0.5, 2),
        Gathered(1, 0, 3.5, 0.5, 9),
    ]

    marks = apart(cells, 1.0)

    assert [(each.count, each.open, each.first) for each in marks] == [(4, 2, 2), (1, 0, 9)]
    assert round(marks[0].lon, 6) == 0.995


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_house_without_tiles_says_there_are_none(client: TestClient) -> None:
    assert client.get("/tiles/12/1/1").status_code == 404
    assert client.get("/tiles/12/1/north").status_code == 404
