"""Writes app/calendars/data/statutory_days.json from the development-only package chinesecalendar.

Run once a year at most; what is shipped is the file, never the package.
"""

import json
from datetime import date
from importlib.metadata import version
from pathlib import Path

from chinese_calendar import constants  # type: ignore[import-untyped]  # ships no types

TARGET = Path(__file__).parents[1] / "app" / "calendars" / "data" / "statutory_days.json"
SOURCE = f"chinesecalendar {version('chinesecalendar')} (MIT), after the State Council's notices"
# The numbers that were looked up; for earlier years the package alone speaks.
NOTICES = {2025: "国办发明电〔2024〕12号", 2026: "国办发明电〔2025〕7号"}
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


def main() -> None:
    """Write the file anew."""
    days: dict[int, list[list[str]]] = {}
    for kind, dates in (("rest", constants.holidays), ("work", constants.workdays)):
        for day, name in dates.items():
            days.setdefault(day.year, []).append([day.isoformat(), kind, NAMES[str(name)]])
    years = [
        {"year": year, "notice_no": NOTICES.get(year, ""), "days": sorted(days[year])}
        for year in sorted(days)
    ]
    first, last = date(years[0]["year"], 1, 1), date(years[-1]["year"], 12, 31)  # type: ignore[arg-type]  # years are ints
    names = {chinese: english for english, chinese in NAMES.items()}
    head = {
        "source": SOURCE,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "names": names,
    }
    body = ",\n".join(json.dumps(year, ensure_ascii=False) for year in years)
    text = json.dumps(head, ensure_ascii=False)[:-1] + ',\n"years": [\n' + body + "\n]}\n"
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(years)} years, {sum(map(len, days.values()))} days")


if __name__ == "__main__":
    main()
