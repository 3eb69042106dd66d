"""The sign-in page, and what is shown to whoever must sign in first.

Answers an unknown name and a wrong password alike, in words and in time.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import Response

from app.accounts import browsers, cookies, keeping, labels
from app.accounts.demo import DEMO_ACCOUNTS, DEMO_BUREAUS
from app.accounts.deps import DEVICE_COOKIE, address_of, limits_from
from app.accounts.passwords import DEMO_PASSWORD
from app.accounts.rules import PasswordNeededError, SignInNeededError
from app.accounts.service import sessions, signing_in
from app.accounts.service.signing_in import Attempt, SignInPolicy, Source, Welcome
from app.kernel.messages import mark
from app.settings import Settings
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep
from app.web.given_back import GivenBack
from app.web.preferences import safe_back
from app.web.security import SESSION_COOKIE
from app.web.templating import render, see_other

router = APIRouter()

_WRONG: Final = mark("The account name or the password is not right.")
_BLOCKED: Final = mark("Too many attempts. Wait %(minutes)s minutes and try again.")


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What the sign-in page shows."""

    next: str = ""
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    minutes: int = 0
    has_ended: bool = False
    kept: GivenBack | None = None
    kept_packed: str = ""
    demo: tuple[tuple[str, str], ...] = ()
    demo_password: str = ""


@router.get("/sign-in")
def show(request: Request, goal: Annotated[str, Query(alias="next")] = "") -> Response:
    """The form."""
    return _page(request, SignInPage(next=goal))


@router.post("/sign-in")
def sign_in(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Check name and password, then go where the person was going."""
    kept = keeping.unpack(form)
    name, password, goal = form.text("username"), form.text("password"), form.text("next")
    typed = {"username": name}
    if not name or not password:
        missing = "username" if not name else "password"
        errors = {missing: mark("Fill this in.")}
        return _page(request, SignInPage(goal, typed, errors, kept=kept), status=422)
    with edge.writing() as session:
        attempt = signing_in.begin(session, name, _source(request), now=edge.now())
    if attempt.blocked_until is not None:
        minutes = _minutes(attempt.blocked_until - edge.now())
        page = SignInPage(goal, typed, refused=_BLOCKED, minutes=minutes, kept=kept)
        return _page(request, page, status=429)
    welcome = _try(edge, attempt, password)
    if welcome is None:
        return _page(request, SignInPage(goal, typed, refused=_WRONG, kept=kept), status=422)
    return _let_in(request, welcome, goal, kept)


@router.post("/sign-out")
def sign_out(request: Request, edge: EdgeDep, _form: FormDep) -> Response:
    """End this browser's session; harmless when there is none."""
    with edge.writing() as session:
        sessions.end(session, request.cookies.get(SESSION_COOKIE, ""), now=edge.now())
    response = see_other("/sign-in")
    cookies.drop_session(response)
    return response


def install(app: FastAPI) -> None:
    """Answer whoever must sign in, or choose a password, before going on."""

    @app.exception_handler(SignInNeededError)
    def _(request: Request, _error: SignInNeededError) -> Response:
        return _ask(request)

    @app.exception_handler(PasswordNeededError)
    def _(_request: Request, _error: PasswordNeededError) -> Response:
        return see_other("/account/password")


def _ask(request: Request) -> Response:
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "POST":
        kept = keeping.kept_from(request)
        page = SignInPage(next=_front_of(request), has_ended=True, kept=kept)
        response = _page(request, page, status=401)
        response.headers["HX-Retarget"] = "#main"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    goal = f"/sign-in?{urlencode({'next': address})}"
    if "hx-request" in request.headers:
        # A part of a page cannot hold the sign-in form: htmx follows this with the whole window.
        is_background = "x-background" in request.headers
        return Response(status_code=401, headers={} if is_background else {"HX-Redirect": goal})
    return see_other(goal)


def _front_of(request: Request) -> str:
    # A form's address may accept POST alone; the page it stood on is the way back.
    came_from = request.headers.get("referer", "")
    base = str(request.base_url)
    return "/" + came_from.removeprefix(base) if came_from.startswith(base) else ""


def _page(request: Request, page: SignInPage, *, status: int = 200) -> Response:
    settings: Settings = request.app.state.settings
    context = {name: getattr(page, name) for name in SignInPage.__dataclass_fields__}
    context["kept_packed"] = keeping.pack(page.kept)
    if settings.demo:
        shown = [(a.username, labels.ROLES[a.role]) for a in DEMO_ACCOUNTS]
        context["demo"] = [*shown, *((name, labels.BUREAU) for name in DEMO_BUREAUS)]
        context["demo_password"] = DEMO_PASSWORD
    return render(request, "accounts/sign_in", context, status=status)


def _source(request: Request) -> Source:
    return Source(
        ip=address_of(request),
        device_token=request.cookies.get(DEVICE_COOKIE, "")[:64],
        device=browsers.describe(request.headers.get("user-agent", "")),
    )


def _try(edge: Edge, attempt: Attempt, password: str) -> Welcome | None:
    settings = edge.settings
    is_right = signing_in.is_right(attempt, password, is_demo=settings.demo)
    days = settings.password_max_days
    policy = SignInPolicy(limits_from(settings), timedelta(days=days) if days else None)
    with edge.writing() as session:
        return signing_in.finish(session, attempt, is_right=is_right, policy=policy, now=edge.now())


def _let_in(request: Request, welcome: Welcome, goal: str, kept: GivenBack | None) -> Response:
    # Forms on the page of this very answer must already belong to the new session.
    request.cookies[SESSION_COOKIE] = welcome.token
    if kept is not None and not welcome.must_change_password:
        response = render(request, "accounts/kept", {"kept": kept})
    elif welcome.must_change_password:
        response = see_other("/account/password")
    else:
        response = see_other(safe_back(goal) if goal else welcome.first_page)
    cookies.set_session(request, response, welcome.token)
    cookies.set_device(request, response, welcome.device_token)
    cookies.set_preferences(request, response, welcome.prefs)
    return response


def _minutes(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds()) // 60))
