"""One function for each thing people do about an application beside the steps of its workflow."""

from app.service_requests.service.deeds import ask_hearing, do, may_ask_hearing, open_deeds
from app.service_requests.service.finishing import may_verify, verify
from app.service_requests.service.judging import defects_of, judge, latest_promise, may_judge
from app.service_requests.service.opening import NewApplication, open_application, preview

__all__ = [
    "NewApplication",
    "ask_hearing",
    "defects_of",
    "do",
    "judge",
    "latest_promise",
    "may_ask_hearing",
    "may_judge",
    "may_verify",
    "open_application",
    "open_deeds",
    "preview",
    "verify",
]
