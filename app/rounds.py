"""What the worker does: every job by its name, and which of them come round by themselves.

Literal tables only; `wiring` hands them on.
"""

from datetime import timedelta
from typing import Final

from app.accounts import jobs as account_jobs
from app.cases import jobs as case_jobs
from app.cases.service import drafts
from app.citizens import jobs as citizen_jobs
from app.citizens.service import merging as citizen_merging
from app.crews import jobs as crew_jobs
from app.desk.bulk import jobs as bulk_jobs
from app.desk.bulk import service as bulk_service
from app.dispatching import jobs as dispatch_jobs
from app.documents import jobs as document_jobs
from app.exports import jobs as export_jobs
from app.exports import service as export_service
from app.followups import jobs as follow_up_jobs
from app.imports.people import lists as people
from app.inspections import jobs as inspection_jobs
from app.interactions import jobs as interaction_jobs
from app.keeping import sweeping
from app.kernel import idempotency, outbox
from app.kernel.jobs import Tasks
from app.kernel.schedule import Periodic, Schedule
from app.knowledge import jobs as knowledge_jobs
from app.mypage.service import sessions as citizen_sessions
from app.notifications import jobs as notice_jobs
from app.privacy import jobs as privacy_jobs
from app.privacy.service import erasing, packaging, retention
from app.questions import jobs as question_jobs
from app.queueing import jobs as queue_jobs
from app.service_requests import jobs as application_jobs
from app.signals import jobs as signal_jobs
from app.sla import jobs as clock_jobs
from app.supervision import jobs as supervision_jobs
from app.watching import jobs as watch_jobs
from app.watching.service import telling as watch_telling
from app.web import jobs as doors

# What the worker knows how to do, by the name a job is enqueued under.
JOBS: Final[Tasks] = {
    "web:sweep_doors": doors.sweep_doors,
    "kernel:forget_sent_forms": idempotency.forget_old,
    outbox.JOB: outbox.ERRAND,
    "accounts:seal_audit": account_jobs.seal_audit,
    "accounts:forget_failures": account_jobs.forget_failures,
    clock_jobs.SWEEP: clock_jobs.sweep,
    clock_jobs.RECOMPUTE: clock_jobs.recompute,
    "cases:resume_suspended": case_jobs.resume_suspended,
    dispatch_jobs.WATCH: dispatch_jobs.watch_directory,
    "cases:forget_drafts": drafts.forget_old,
    citizen_jobs.FINDABLE: citizen_jobs.make_findable,
    citizen_jobs.CHANGED: citizen_jobs.look_at_changed,
    citizen_jobs.ALL: citizen_jobs.look_at_all,
    citizen_jobs.LATE: citizen_merging.gather_late,
    people.RUN: people.take_part,
    people.FORGET: people.forget_old,
    interaction_jobs.END_CALLS: interaction_jobs.end_missed_calls,
    interaction_jobs.MARK_BROKEN: interaction_jobs.mark_broken,
    retention.RUN: privacy_jobs.run_batch,
    packaging.MAKE: privacy_jobs.MAKE_PACKAGE,
    erasing.REMOVE_FILE: privacy_jobs.REMOVE_FILE,
    erasing.REMOVE_PACKAGE: privacy_jobs.REMOVE_PACKAGE,
    privacy_jobs.SWEEP: privacy_jobs.sweep,
    export_service.JOB: export_jobs.MAKE,
    export_jobs.FORGET: export_jobs.forget,
    "mypage:sweep": citizen_sessions.sweep,
    notice_jobs.FORGET: notice_jobs.forget_read,
    supervision_jobs.REMIND: supervision_jobs.remind,
    bulk_service.JOB: bulk_jobs.run,
    bulk_jobs.FORGET: bulk_jobs.forget,
    "keeping:sweep_files": sweeping.SWEEP,
    queue_jobs.FORGET: queue_jobs.forget,
    crew_jobs.FORGET: crew_jobs.forget,
    question_jobs.REMIND: question_jobs.remind,
    question_jobs.FORGET: question_jobs.forget,
    "cases:end_followers": case_jobs.end_followers,
    watch_telling.TELL: watch_telling.tell,
    watch_jobs.FORGET: watch_jobs.forget,
    application_jobs.DEEM: application_jobs.deem,
    application_jobs.FILE: application_jobs.file_delivered,
    signal_jobs.WATCH: signal_jobs.watch,
    signal_jobs.FORGET: signal_jobs.forget,
    follow_up_jobs.DRAW: follow_up_jobs.draw_last_month,
    document_jobs.PRINT: document_jobs.WAITING,
    knowledge_jobs.REMIND: knowledge_jobs.remind,
    inspection_jobs.MAKE: inspection_jobs.make_rounds,
}

# What comes round by itself.
SCHEDULE: Final[Schedule] = (
    Periodic("web:sweep_doors", timedelta(hours=1)),
    Periodic("kernel:forget_sent_forms", timedelta(hours=6)),
    Periodic("accounts:seal_audit", timedelta(minutes=10)),
    Periodic("accounts:forget_failures", timedelta(hours=1)),
    Periodic(clock_jobs.SWEEP, timedelta(minutes=1)),
    Periodic("cases:resume_suspended", timedelta(hours=1)),
    Periodic(dispatch_jobs.WATCH, timedelta(minutes=1)),
    Periodic("cases:forget_drafts", timedelta(hours=6)),
    Periodic("cases:end_followers", timedelta(minutes=10)),
    Periodic(application_jobs.DEEM, timedelta(minutes=1)),
    Periodic(application_jobs.FILE, timedelta(hours=1)),
    Periodic(signal_jobs.WATCH, timedelta(minutes=1)),
    Periodic(signal_jobs.FORGET, timedelta(hours=6)),
    Periodic(citizen_jobs.FINDABLE, timedelta(minutes=5)),
    Periodic(citizen_jobs.CHANGED, timedelta(minutes=1)),
    Periodic(citizen_jobs.LATE, timedelta(minutes=10)),
    Periodic(people.FORGET, timedelta(hours=12)),
    Periodic(citizen_jobs.ALL, timedelta(days=1), offset=timedelta(hours=19)),  # 03:00 in China
    Periodic(interaction_jobs.END_CALLS, timedelta(minutes=1)),
    Periodic(interaction_jobs.MARK_BROKEN, timedelta(minutes=5)),
    Periodic(privacy_jobs.SWEEP, timedelta(hours=1)),
    Periodic(export_jobs.FORGET, timedelta(hours=1)),
    Periodic("mypage:sweep", timedelta(hours=6)),
    Periodic(notice_jobs.FORGET, timedelta(days=1)),
    Periodic(supervision_jobs.REMIND, timedelta(minutes=5)),
    Periodic(bulk_jobs.FORGET, timedelta(days=1)),
    Periodic("keeping:sweep_files", timedelta(hours=12)),
    Periodic(queue_jobs.FORGET, timedelta(hours=6)),
    Periodic(crew_jobs.FORGET, timedelta(hours=1)),
    Periodic(watch_jobs.FORGET, timedelta(hours=6)),
    Periodic(question_jobs.REMIND, timedelta(minutes=5)),
    Periodic(question_jobs.FORGET, timedelta(days=1)),
    Periodic(document_jobs.PRINT, timedelta(minutes=1)),
    Periodic(follow_up_jobs.DRAW, timedelta(days=1), offset=timedelta(hours=20)),
    Periodic(inspection_jobs.MAKE, timedelta(hours=1)),
    Periodic(knowledge_jobs.REMIND, timedelta(days=1), offset=timedelta(hours=22)),
)
