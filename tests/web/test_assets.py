"""Built assets: who may keep them, in which form they travel."""

import gzip
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.web.assets import AssetsMissingError, HashedFiles, asset

SHEET = b"body { margin: 0 }"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "app-3XQ.css").write_bytes(SHEET)
    (tmp_path / "app-3XQ.css.gz").write_bytes(gzip.compress(SHEET))
    (tmp_path / "marker-7AB.png").write_bytes(b"\x89PNG")
    (tmp_path / "manifest.json").write_text("{}")
    return TestClient(Starlette(routes=[Mount("/static", HashedFiles(tmp_path))]))


def test_a_page_names_a_file_by_the_hash_of_its_content() -> None:
    address = asset("app.css")

    assert re.fullmatch(r"/static/app-[A-Z0-9]{8}\.css", address)


def test_a_misspelt_asset_is_found_out_at_once() -> None:
    with pytest.raises(AssetsMissingError, match="make assets"):
        asset("ap.css")


def test_a_hashed_file_may_be_kept_for_ever(client: TestClient) -> None:
    answer = client.get("/static/marker-7AB.png")

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_file_without_a_hash_is_asked_for_again(client: TestClient) -> None:
    answer = client.get("/static/manifest.json")

    assert answer.headers["cache-control"] == "no-cache"


def test_the_copy_packed_at_build_time_goes_to_browsers_that_unpack(client: TestClient) -> None:
    answer = client.get("/static/app-3XQ.css", headers={"accept-encoding": "br, gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.content == SHEET  # the client has unpacked it


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br"])
def test_others_get_the_plain_file(client: TestClient, accepted: str) -> None:
    answer = client.get("/static/app-3XQ.css", headers={"accept-encoding": accepted})

    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.content == SHEET


def test_an_outdated_name_is_absent_and_nobody_keeps_that_answer(client: TestClient) -> None:
    answer = client.get("/static/app-OLD.css")

    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_nobody_climbs_out_of_the_folder(client: TestClient) -> None:
    answer = client.get("/static/%2e%2e/%2e%2e/pyproject.toml")

    assert answer.status_code == 404
