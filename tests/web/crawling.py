"""Going through every page as somebody who clicks on everything."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
from fastapi.routing import APIRoute
from lxml import html

from web.app import PAGES

EACH = 3  #: addresses of one route that are opened
PARAMETER = re.compile(r"\{[^}]+\}")


@dataclass
class Crawl:
    """What was found: the addresses of pages, and where forms are sent."""

    pages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  #: route -> addresses
    others: set[str] = field(default_factory=set)  #: routes that answer something else than a page
    forms: dict[str, dict[str, str]] = field(default_factory=dict)  #: action -> its hidden and filled fields
    shown_at: dict[str, str] = field(default_factory=dict)  #: action -> the page it was found on

    @property
    def addresses(self) -> list[str]:
        """Every address that was opened."""
        return [address for some in self.pages.values() for address in some]


def routes(app: Any, method: str) -> dict[str, re.Pattern[str]]:
    """Route -> the pattern of its addresses."""
    return {
        route.path: route.path_regex
        for route in every_route(app)
        if method in (route.methods or ()) and not route.path.startswith("/static")
    }


def every_route(app: Any) -> Iterable[APIRoute]:
    """The routes of the application and of every group of pages, in the order in which they are tried."""
    found = [*(route for module in PAGES for route in module.router.routes), *app.routes]
    return (route for route in found if isinstance(route, APIRoute))


def route_of(path: str, known: dict[str, re.Pattern[str]]) -> str | None:
    """The first route that an address matches, as the application would choose it."""
    return next((route for route, pattern in known.items() if pattern.match(path)), None)


def crawl(client: httpx.Client, app: Any, starts: Iterable[str]) -> Crawl:
    """Opens every page that can be reached, a few of each route."""
    known, found, queue, seen = routes(app, "GET"), Crawl(), list(starts), set[str]()
    while queue:
        address = queue.pop(0)
        path = urlsplit(address).path
        route = route_of(path, known)
        if address in seen or route is None or len(found.pages[route]) >= EACH:
            continue
        seen.add(address)
        answer = client.get(address)
        if answer.status_code != 200:
            assert answer.status_code in (204, 303, 304), (address, answer.status_code, answer.text[:300])
            queue.append(answer.headers.get("location", ""))
            continue
        found.pages[route].append(address)
        framed = "sandbox" in answer.headers["content-security-policy"]  # a letter in its frame runs no script
        if "text/html" in answer.headers["content-type"] and not framed:
            queue += _look(answer.text, address, found)
        else:
            found.others.add(route)
    return found


def _look(text: str, address: str, found: Crawl) -> list[str]:
    tree = html.fromstring(text)
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() == "post":
            action = urljoin(address, form.get("action") or address)
            found.forms.setdefault(action, {name: value or "" for name, value in form.form_values()})
            found.shown_at.setdefault(action, address)
    links = [urldefrag(urljoin(address, link)).url for link in tree.xpath("//a/@href | //@hx-get | //iframe/@src")]
    return [link for link in links if not urlsplit(link).netloc]
