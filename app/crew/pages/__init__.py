"""The addresses under /crew; what a phone asks without a person stands before the cards."""

from app.crew.pages import acting, card, pool, shell, today

ROUTERS = (shell.router, today.router, pool.router, acting.router, card.router)
