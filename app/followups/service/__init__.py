"""Following up: calling citizens back, taking their answer by link, drawing and checking."""

from app.followups.service.answering import answer_by_link
from app.followups.service.calling import Try, give_up, record_try
from app.followups.service.sampling import draw_month

__all__ = ["Try", "answer_by_link", "draw_month", "give_up", "record_try"]
