"""One function for each thing people do about an application beside the steps of its workflow."""

from app.service_requests.service.finishing import hand_out, verify
from app.service_requests.service.judging import defects_of, judge, may_judge, notify
from app.service_requests.service.opening import NewApplication, open_application, preview

__all__ = [
    "NewApplication",
    "defects_of",
    "hand_out",
    "judge",
    "may_judge",
    "notify",
    "open_application",
    "preview",
    "verify",
]
