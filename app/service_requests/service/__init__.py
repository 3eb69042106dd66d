"""One function for each thing people do about an application beside the steps of its workflow."""

from app.service_requests.service.finishing import hand_out, verify
from app.service_requests.service.judging import judge, may_judge
from app.service_requests.service.opening import NewApplication, open_application, preview

__all__ = [
    "NewApplication",
    "hand_out",
    "judge",
    "may_judge",
    "open_application",
    "preview",
    "verify",
]
