"""Fixtures: an office whose pages are served, and a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.story import OfficeStory
from tests.web.office_online import PASSWORD, OfficeOnline, served

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (  # a browser of tests looks nothing up on the net
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture
def online(office: OfficeStory) -> Iterator[OfficeOnline]:
    """An office on SQLite, with its pages."""
    with served(office) as running:
        yield running


@pytest.fixture
def any_online(any_office: OfficeStory) -> Iterator[OfficeOnline]:
    """An office on each database, with its pages."""
    with served(any_office) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium of one file: while it is there, this thread has a running event loop, which others trip over."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


def a_page(browser: Browser, online: OfficeOnline, size: dict[str, int], **options: object) -> Page:
    """A new browser window on the office's pages, whose errors fail the test."""
    context: BrowserContext = browser.new_context(
        base_url=online.url, viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options
    )
    context.set_default_timeout(20_000)
    return context.new_page()


@pytest.fixture
def desk(browser: Browser, online: OfficeOnline) -> Iterator[Page]:
    """A wide screen."""
    page = a_page(browser, online, WIDE)
    yield page
    page.context.close()


@pytest.fixture
def phone(browser: Browser, online: OfficeOnline) -> Iterator[Page]:
    """A phone's screen."""
    page = a_page(browser, online, PHONE)
    yield page
    page.context.close()


def sign_in(page: Page, online: OfficeOnline, rank: str) -> None:
    """Signs in through the door."""
    username = online.account(rank)
    page.goto("/login")
    page.fill("#f-username", username)
    page.fill("#f-password", PASSWORD)
    page.click("button.btn-primary")
    page.wait_for_url(lambda url: "/login" not in url)
