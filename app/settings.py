"""What an operator may configure: read once from the environment, frozen afterwards.

Every name is prefixed CIVICWINDOW_; nothing here opens a file or a connection.
"""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SHORTEST_KEY = 16
# For `tools/ring.py` against a demo city; outside a demo there is no key but the operator's.
DEMO_TELEPHONE_KEY = "only-for-the-demo-city"


class Settings(BaseSettings):
    """The whole configuration of one process."""

    model_config = SettingsConfigDict(env_prefix="CIVICWINDOW_", frozen=True, extra="ignore")

    # Where things are
    data_dir: Path = Path("var")
    database_url: str = ""
    replica_url: str = ""
    secret_key_file: Path | None = None
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000

    # What the hall is
    city_name: str = "示例市"
    city_name_en: str = "Sample City"
    zone: str = "Asia/Shanghai"
    hotline: str = "12345"
    demo: bool = False

    # How it runs
    threads: int = 16
    worker_inside: bool | None = None
    debug: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_token: str = ""
    trusted_proxies: tuple[str, ...] = ()

    # How it is guarded
    cookie_secure: bool = False
    crypto_suite: Literal["aes", "sm"] = "aes"
    staff_idle_minutes: int = 15
    staff_session_hours: int = 10
    staff_single_session: bool = False
    password_max_days: int = 0
    max_form_bytes: int = 2_000_000
    max_upload_bytes: int = 60_000_000
    max_file_bytes: int = 12_000_000
    max_files: int = 6
    pow_threshold: int = 5
    pow_difficulty: int = 50_000
    delay_seconds: int = 20

    # Ways out
    sms_gateway_url: str = ""
    sms_gateway_token: str = ""
    # Signs what goes to the gateway; its receipts are signed with the same key
    sms_gateway_key: str = Field(default="", repr=False)
    smtp_url: str = Field(default="", repr=False)
    mail_sender: str = ""

    # Maps (docs/manual/publishing.md): 天地图 with a key, or a raster MBTiles
    # or PMTiles file, or neither
    map_tianditu_key: str = Field(default="", repr=False)
    map_tianditu_url: str = "https://t0.tianditu.gov.cn"
    map_tiles_file: Path | None = None
    map_attribution: str = ""
    map_approval: str = ""  # 审图号; without one tiles from a file are shown to staff only
    map_cache_days: int = Field(default=30, ge=1)
    map_cache_mb: int = Field(default=500, ge=1)

    # What the public sees of repairs a person released; None: in the demo city only
    public_reports: bool | None = None
    open_data_least: int = Field(default=3, ge=1)

    # Ways in: the key a telephone system signs its messages with; without one it is not heard
    telephone_key: str = ""
    # How programs of other cities call us besides the code of our region, such as a domain
    georeport_jurisdiction: str = ""

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        if not self.database_url:
            url = f"sqlite:///{self.data_dir / 'civicwindow.db'}"
            object.__setattr__(self, "database_url", url)
        if self.telephone_key and len(self.telephone_key) < _SHORTEST_KEY:
            msg = f"CIVICWINDOW_TELEPHONE_KEY needs at least {_SHORTEST_KEY} characters"
            raise ValueError(msg)
        if self.sms_gateway_key and len(self.sms_gateway_key) < _SHORTEST_KEY:
            msg = f"CIVICWINDOW_SMS_GATEWAY_KEY needs at least {_SHORTEST_KEY} characters"
            raise ValueError(msg)
        if self.demo and not self.telephone_key:
            object.__setattr__(self, "telephone_key", DEMO_TELEPHONE_KEY)
        if self.base_url.startswith("https://"):
            object.__setattr__(self, "cookie_secure", True)
        return self

    @property
    def key_file(self) -> Path:
        """Where the master key lies; keep a copy of it apart from the database's."""
        return self.secret_key_file or self.data_dir / "secret.key"

    @property
    def bar_seconds(self) -> int:
        """How often a page asks for what goes on beside it; a telephone does not ring for long."""
        return 4 if self.telephone_key else 30

    @property
    def shows_reports(self) -> bool:
        """Whether there is a public map with pages, feeds and open data of released repairs."""
        return self.demo if self.public_reports is None else self.public_reports

    @property
    def is_sqlite(self) -> bool:
        """Whether one process on one machine holds everything."""
        return self.database_url.startswith("sqlite")

    @property
    def runs_worker_inside(self) -> bool:
        """Whether the web process also runs the background jobs."""
        return self.is_sqlite if self.worker_inside is None else self.worker_inside
