"""Writes docs/workflow-*.md from the workflows' tables: a state diagram and every step each.

Reads the code and the Chinese texts only; `check` says whether the pages are as the code says.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from app.accounts.labels import ROLES
from app.accounts.rules import APPOINTABLE, GRANTS, Permission
from app.cases.kinds import FINAL, Action, Status
from app.cases.labels import label
from app.cases.rules import MAX_RETURNS, REOPEN_WINDOW, CaseClock, ClockDoes, Guard, Step, Words
from app.cases.workflows import complaint, order, repair, service_request
from tools.translations import fragments, text_of

ROOT: Final = Path(__file__).resolve().parents[1]
DOCS: Final = ROOT / "docs"

_GUARDS: Final = {
    Guard.RETURN_ALLOWED: f"在退单时限内，未满 {MAX_RETURNS} 次，未经裁定，且无待批申请",
    Guard.RULING_ALLOWED: "退过单，未经裁定，且无待批申请",
    Guard.NOTHING_PENDING: "无待批申请",
    Guard.IN_TIME: "未超期，且无待批申请",
    Guard.ABOUT_SOMEBODY: "已写明被反映的单位",
    Guard.DRAWN: "已被抽中核查",
    Guard.EXTENSION_PENDING: "延期申请待批",
    Guard.SUSPENSION_PENDING: "挂起申请待批",
    Guard.TERMINATION_PENDING: "终止申请待批",
    Guard.REOPEN_PENDING: "重办申请待批",
    Guard.SEPARATION_PENDING: "“我的不一样”待处理",
    Guard.WITH_MASTER: "只随主单发生，无人可按",
    Guard.CALLBACK_OWED: "随主单办结，尚未回访",
    Guard.CALLBACK_UNSOLVED: "随主单办结，回访为未解决",
    Guard.HANDED_OVER: "已请本人接收",
    Guard.UNIT_ENDING: "承办单位已撤并或正在撤并",
    Guard.REOPEN_FRESH: f"办结 {REOPEN_WINDOW.days} 天内",
    Guard.HANDED_OVER: "交接待对方接手",
    Guard.UNIT_ENDING: "承办单位已撤销或将撤销",
    Guard.INQUIRY_MADE: "调查卷不为空，且无待批申请",
    Guard.FINDING_PENDING: "认定意见待确认",
    Guard.MEASURES_SETTLED: "不属实，或已有整改措施且无逾期未证明的；且无待批申请",
    Guard.RECHECK_OPEN: "未复核过，在申请复核的期限内，且无待批申请",
    Guard.RECHECK_OVER: "已复核过或期限已过，且无待批申请",
    Guard.CORRECTABLE: "有欠缺或有误的材料，未告知过，且未逾期",
    Guard.PAPERS_SETTLED: "材料齐全，或已约定容缺补交",
    Guard.AT_ONCE: "即办件或告知承诺，材料齐全，无容缺",
    Guard.NOTICE_LATE: "一次性告知已逾期",
    Guard.NOTICE_IN_TIME: "一次性告知未逾期",
    Guard.PROMISE_BROKEN: "容缺材料逾期未补",
    Guard.PROCEDURE_POSSIBLE: "事项规定有特别程序，且无待批申请",
    Guard.PROCEDURE_PENDING: "特别程序待批",
    Guard.EXTENDABLE: "未延期过，未超期，且无待批申请",
    Guard.DECIDABLE: "材料齐全，无容缺，且无待批申请",
    Guard.TO_ISSUE: "准予，且须制证",
    Guard.TO_HAND_OUT: "不须制证，或当场办结",
    Guard.CREWLESS: "尚无班组接单",
    Guard.HAS_CREW: "已派给班组",
    Guard.SUSPENDABLE: "未超期，危险的已做安全措施，且无待批申请",
    Guard.REOPEN_LATE: f"办结超过 {REOPEN_WINDOW.days} 天，且无待批申请",
}
_WORDS: Final = {
    Words.NONE: "—",
    Words.NOTE: "内部备注（可空）",
    Words.NOTE_REQUIRED: "内部备注（必填）",
    Words.PUBLIC: "给市民的话（必填）",
}
_CITIZENS_WORDS: Final = {
    Words.NOTE: "市民的话（可空）",
    Words.PUBLIC: "市民的话（必填）",
}
_CLOCKS: Final = {
    ClockDoes.START: "起",
    ClockDoes.MEET: "完成",
    ClockDoes.CANCEL: "取消",
    ClockDoes.PAUSE: "暂停",
    ClockDoes.RESUME: "续计",
    ClockDoes.EXTEND: "延长",
    ClockDoes.NEW_ROUND: "新一轮",
    ClockDoes.RUN: "自受理之日起计",
    ClockDoes.REBASE: "按新类别重定",
}
_HEAD: Final = """\
# 工单流程（order）

本页由 `tools/diagram.py` 按 `app/cases/workflows/` 生成，请勿手改；改了流程后运行
`make docs`。页面上能按的按钮、接口允许的步骤、发给市民的短信，都读同一张表。

This page is generated from the workflow's table. It holds for all kinds of matter until a kind
brings a table of its own.
"""
_COMPLAINT_HEAD: Final = """\
# 投诉流程（complaint）

本页由 `tools/diagram.py` 按 `app/cases/workflows/complaint.py` 生成，请勿手改；改了流程后运行
`make docs`。签收以前与工单相同；此后调查、认定、整改、答复，上级单位复核一次。

This page is generated from the table of complaints. The state 办理中 is left for complaints that
were in hand before there was this table; they go on as an investigation.
"""
_APPLICATION_HEAD: Final = """\
# 办件流程（service_request）

本页由 `tools/diagram.py` 按 `app/cases/workflows/service_request.py` 生成，请勿手改；改了流程后运行
`make docs`。依据《行政许可法》第二十九条至第四十五条。没有选事项、按诉求收下的办件仍走工单流程。

This page is generated from the table of applications. A matter of this kind that was taken in
without an item goes on as an order; those steps are on the order's page.
"""
_REPAIR_HEAD: Final = """\
# 报修流程（repair）

本页由 `tools/diagram.py` 按 `app/cases/workflows/repair.py` 生成，请勿手改；改了流程后运行
`make docs`。立案、核查、结案由监督中心办理，派遣由指挥中心办理；处置的班组不得自行核查。

This page is generated from the table of repairs. What had been taken in as an order before there
was this table goes on as one until it is dispatched; those steps are on the order's page.
"""
PAGES: Final = {
    DOCS / "workflow-order.md": (_HEAD, order.STEPS),
    DOCS / "workflow-complaint.md": (_COMPLAINT_HEAD, complaint.STEPS),
    DOCS / "workflow-service-request.md": (_APPLICATION_HEAD, service_request.STEPS),
    DOCS / "workflow-repair.md": (_REPAIR_HEAD, repair.STEPS),
}


def page(head: str, steps: tuple[Step, ...]) -> str:
    """One whole page as the code wants it now."""
    return "\n".join(
        [
            head,
            "## 状态图\n",
            *_diagram(steps),
            "\n图中不画停在原状态的步骤；它们在下表中。\n",
            "## 步骤表\n",
            *_table(steps),
            "\n## 谁可以做\n",
            *_who(steps),
            "",
        ]
    )


def _diagram(steps: Iterable[Step]) -> Iterator[str]:
    steps = tuple(steps)
    known = {state for step in steps for state in (step.source, step.target)}
    states = [state for state in Status if state in known]
    yield "```mermaid\nstateDiagram-v2"
    for status in states:
        yield f"    {status} : {zh(label(status))}"
    beginnings = (Status.SUBMITTED, Status.REPORTED, Status.RECEIVED)
    first = next(state for state in beginnings if state in known)
    yield f"    [*] --> {first} : {zh(label(Action.OPEN))}"
    for (source, target), actions in _moves(steps).items():
        yield f"    {source} --> {target} : {'、'.join(actions)}"
    for status in states:
        if status in FINAL:
            yield f"    {status} --> [*]"
    yield "```"


def _moves(steps: Iterable[Step]) -> dict[tuple[Status, Status], list[str]]:
    found: dict[tuple[Status, Status], list[str]] = {}
    for step in steps:
        if step.source is not step.target:
            found.setdefault((step.source, step.target), []).append(zh(label(step.action)))
    return found


def _table(steps: Iterable[Step]) -> Iterator[str]:
    yield "| 从 | 步骤 | 到 | 所需权限 | 必填 | 文字 | 时限 | 条件 | 告知市民 |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for step in sorted(steps, key=_place):
        yield "| " + " | ".join(_row(step)) + " |"


def _place(step: Step) -> tuple[int, int]:
    return list(Status).index(step.source), list(Action).index(step.action)


def _row(step: Step) -> Iterator[str]:
    yield _named(step.source)
    yield _named(step.action)
    yield _named(step.target) if step.target is not step.source else "（不变）"
    yield f"`{step.needs}`"
    yield "、".join(zh(label(field)) for field in step.requires) or "—"
    words = _CITIZENS_WORDS if step.needs is Permission.CASE_OWN else _WORDS
    yield words[step.words]
    yield "；".join(_clocks(step)) or "—"
    yield _GUARDS[step.guard] if step.guard else "—"
    yield zh(step.notice) if step.notice else "—"


def _clocks(step: Step) -> Iterator[str]:
    """What the step does to the clocks, shortened where it does the same to all of them."""
    deeds = {deed for _, deed in step.clocks}
    if len(deeds) == 1 and len(step.clocks) == len(CaseClock):
        yield f"全部{_CLOCKS[deeds.pop()]}"
        return
    stops = {clock for clock, deed in step.clocks if deed is ClockDoes.CANCEL}
    is_end = stops == set(CaseClock)
    for clock, deed in step.clocks:
        if not is_end or deed is not ClockDoes.CANCEL:
            yield f"{zh(label(clock))}{_CLOCKS[deed]}"
    if is_end:
        yield f"其余全部{_CLOCKS[ClockDoes.CANCEL]}"


def _who(steps: Iterable[Step]) -> Iterator[str]:
    yield "| 权限 | 角色 |\n|---|---|"
    needed = {step.needs for step in steps}
    for permission in Permission:
        if permission in needed:
            yield f"| `{permission}` | {'、'.join(_holders(permission))} |"


def _holders(permission: Permission) -> list[str]:
    if permission is Permission.CASE_OWN:
        return ["市民本人（凭链接或编号加查询码）"]
    return [zh(ROLES[role]) for role in APPOINTABLE if permission in GRANTS[role]]


def _named(value: StrEnum) -> str:
    return f"{zh(label(value))} `{value}`"


def zh(sentence: str) -> str:
    """The Chinese of an English sentence.

    Raises:
        KeyError: nobody has translated it.
    """
    return _texts()[sentence]


@cache
def _texts() -> dict[str, str]:
    pairs = ((message.id, text_of(message)) for _, message in fragments())
    return {words: texts[0] for words, texts in pairs if isinstance(words, str)}


def main(arguments: list[str]) -> None:
    """Write the pages, or say that one is stale.

    Raises:
        SystemExit: with `check`, a page is not what the code says.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("goal", choices=("write", "check"))
    is_writing = parser.parse_args(arguments).goal == "write"
    for path, (head, steps) in PAGES.items():
        if is_writing:
            path.write_text(page(head, steps), encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != page(head, steps):
            sys.exit(f"{path.relative_to(ROOT)} is stale: run `make docs`.")


if __name__ == "__main__":
    main(sys.argv[1:])
