"""A review in a real browser: opened, answered by link, late, sent back, compiled, looked at, signed off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import col, select

from domain.accounts import Rank
from domain.conclusions import Conclusion, Directive
from domain.drafts import DirectiveKind
from domain.keys import key
from domain.obligations import Obligation
from domain.offices import the_office
from domain.reviews.tables import Compilation, Submission
from domain.written import parse_moment
from tests.story import directive, draft
from tests.web.conftest import PHONE, WIDE, a_page
from tests.web.office_online import PASSWORD, OfficeOnline
from tests.web.test_lists import statements

HOME, FINANCE, FRONT = "Sở Nội vụ", "Sở Tài chính", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"
REQUIRED = {"results": "Đã họp bốn lần.", "limits": "Có việc còn chậm.", "plan": "Họp hằng quý."}


def lives_until(online: OfficeOnline, moment: str) -> None:
    """Time goes on in the simulated office, rounds are held."""
    online.story.waits_until(moment)
    with online.story.ledger.change(now=online.story.now, actor="test") as change:
        office = the_office(change.session, change.office_id)
        office.simulated_at = online.story.now
        change.session.add(office)


def manager(browser: Browser, online: OfficeOnline) -> Page:
    page = a_page(browser, online, WIDE)
    page.goto("/login")
    page.fill("[name=username]", online.account(Rank.MANAGER))
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")
    return page


def fills(page: Page, **texts: str) -> None:
    for code, text in (REQUIRED | texts).items():
        page.fill(f"[name=t_{code}]", text)
    page.fill("[name=f_meetings]", "4")
    page.fill("[name=f_papers]", "1.234,5")
    page.fill("[name=who]", "Trần Thị Hoa")
    page.fill("[name=phone]", "0912345678")


def opens_its_report(browser: Browser, online: OfficeOnline, agency: str) -> Page:
    """The agency's page by its link, on a telephone, without a script."""
    _, path = online.link(agency)
    page = a_page(browser, online, PHONE, java_script_enabled=False)
    page.goto(path)
    page.click("a[href$='/submission']")
    return page


def submits(browser: Browser, online: OfficeOnline, agency: str, **texts: str) -> str:
    page = opens_its_report(browser, online, agency)
    fills(page, **texts)
    page.click("button[value=submit]")
    said = page.inner_text("main")
    page.context.close()
    return said


def test_a_review_from_opening_to_the_signed_report(online: OfficeOnline, browser: Browser, tmp_path: Path) -> None:
    online.story.now = parse_moment("2018-03-07 09:00")
    online.story.files(draft(directive(HOME, "2018-03-21"), directive(FINANCE, "2018-03-26", path="2")))
    lives_until(online, "2018-03-26 09:00")

    # the manager takes a regulation down, puts the notice under it, and opens the review
    page = manager(browser, online)
    page.click("nav a[href='/regulations']")
    page.fill("[name=number]", "03/QCPH")
    page.fill("[name=issued_on]", "2017-01-10")
    page.fill("[name=title]", "Quy chế phối hợp công tác")
    page.fill("[name=sides]", f"Ủy ban nhân dân tỉnh = {HOME}; {FINANCE}\n{FRONT}")
    page.click("form[action='/regulations/add'] button")
    expect(page.locator("h1")).to_have_text("Quy chế số 03/QCPH")
    page.goto("/conclusions/1")
    page.select_option("#regulation", label="03/QCPH (10/01/2017)")
    page.click("form[action$='/regulation'] button")
    page.goto("/directives/2")
    page.click("summary:has-text('Loại và lĩnh vực')")
    page.select_option("[name=kind]", DirectiveKind.PETITION)
    page.click("form[action$='/classify'] button")
    page.goto("/regulations/1")
    page.click("a[href^='/reviews?regulation']")
    page.fill("form[action='/reviews/open'] [name=period]", "2018-Q1")
    page.fill("form[action='/reviews/open'] [name=due]", "2018-04-06")
    page.click("form[action='/reviews/open'] button")
    expect(page.locator("h1")).to_contain_text("Kỳ đánh giá quý I năm 2018")
    expect(page.locator("tbody tr")).to_have_count(3)
    with page.expect_download() as letter:
        page.click("a[href$='letter.docx']")
    assert letter.value.suggested_filename == "de-nghi-bao-cao-2018-Q1-ky-1.docx"

    # an agency saves a draft, comes back, and submits it with a file
    lives_until(online, "2018-03-27 09:00")
    report = opens_its_report(browser, online, HOME)
    report.fill("[name=t_results]", "Đang viết dở.")
    paper = tmp_path / "phu-luc.pdf"
    paper.write_bytes(b"%PDF-1.7\n")
    report.set_input_files("#files", str(paper))
    report.click("button[value=save]")
    assert "Đã lưu bản đang soạn." in report.inner_text("main")
    page.reload()
    expect(page.locator("tr", has_text=HOME)).to_contain_text("đang soạn")
    again = opens_its_report(browser, online, HOME)
    assert again.input_value("[name=t_results]") == "Đang viết dở."
    assert "phu-luc.pdf" in again.inner_text("main")
    again.click("button[value=submit]")
    assert "Chưa gửi được" in again.inner_text("main")  # what is required is missing; what was typed stays
    assert again.input_value("[name=t_results]") == "Đang viết dở."
    fills(again)
    again.click("button[value=submit]")
    assert "Biên nhận" in again.inner_text("h1")
    assert "phu-luc.pdf" in again.inner_text("main")

    # the office sends it back; the agency sees why, and submits again
    page.reload()
    page.click(f"tr:has-text('{HOME}') a")
    expect(page.locator("main")).to_contain_text("1.234,5")
    page.fill("[name=reason]", "Chưa có số liệu giám sát")
    page.click("form[action$='/send-back'] button")
    expect(page.locator("tr", has_text=HOME)).to_contain_text("đã trả lại: Chưa có số liệu giám sát")
    lives_until(online, "2018-03-28 09:00")
    assert any("Chưa chấp nhận" in said for said in online.story.told(HOME))
    returned = opens_its_report(browser, online, HOME)
    assert "Chưa có số liệu giám sát" in returned.inner_text("main")
    assert returned.input_value("[name=t_plan]") == REQUIRED["plan"]
    fills(returned, results="Đã bổ sung.")
    returned.click("button[value=submit]")
    assert "Biên nhận" in returned.inner_text("h1")
    submits(browser, online, FRONT)

    # the other is late: told, then its head is; it is marked late
    lives_until(online, "2018-04-10 09:00")
    assert "09/4 Quá hạn" in online.story.told(FINANCE) or "07/4 Quá hạn" in online.story.told(FINANCE)
    assert any("Báo cáo vượt cấp" in said for said in online.story.told(f"Giám đốc {FINANCE}"))
    late = opens_its_report(browser, online, FINANCE)
    assert "được ghi là chậm" in late.inner_text("main")
    late.context.close()
    submits(browser, online, FINANCE)
    page.goto("/reviews/1")
    expect(page.locator("tr", has_text=FINANCE)).to_contain_text("Hoàn thành quá hạn")
    for agency in (HOME, FINANCE, FRONT):
        page.click(f"tr:has-text('{agency}') th a")
        page.click("form[action$='/accept'] button")
        expect(page.locator("tbody tr", has_text=agency).last).to_contain_text("đã chấp nhận")

    # compiled, looked at, signed off; downloads are what was signed
    page.click("form[action='/reviews/1/compile'] button")
    expect(page.locator("h1")).to_have_text("Tổng hợp quý I năm 2018")
    expect(page.locator("main")).to_contain_text("Trong tổng số 2 phần việc phải theo dõi")
    expect(page.locator("main")).to_contain_text("Kiến nghị của cử tri: 1; đã giải quyết, trả lời 0")
    page.fill("form[action$='/sign'] [name=note]", "Đồng ý trình hội nghị")
    page.click("form[action$='/sign'] button")
    expect(page.locator("main")).to_contain_text("Số liệu và các tệp được giữ nguyên như lúc ký")
    kept = downloads(page)
    assert [name.rpartition(".")[2] for name, _ in kept] == ["docx", "xlsx", "docx"]
    lives_until(online, "2018-04-12 09:00")
    assert downloads(page) == kept
    page.goto("/reviews/1")
    page.click("form[action='/reviews/1/compile'] button")
    expect(page.locator("main")).to_contain_text("Bản tổng hợp lần 2")
    page.goto("/compilations/1")
    expect(page.locator("main")).to_contain_text("Đã có bản tổng hợp lần sau")
    expect(page.locator("form[action$='/sign']")).to_have_count(0)
    page.context.close()


def downloads(page: Page) -> list[tuple[str, bytes]]:
    found = []
    for link in page.locator("a[href^='/compilations/']:has(svg)").all():
        with page.expect_download() as download:
            link.click()
        found.append((download.value.suggested_filename, Path(download.value.path()).read_bytes()))
    return found


# --- what a browser cannot show ---------------------------------------------------------------------------------------


@pytest.fixture
def asked(online: OfficeOnline) -> tuple[OfficeOnline, int]:
    """An open review; answers the obligation of the first agency."""
    online.story.now = parse_moment("2018-03-07 09:00")
    client = online.client(Rank.MANAGER)
    sides = f"Ủy ban nhân dân tỉnh = {HOME}; {FINANCE}\n{FRONT}"
    given = {"number": "03/QCPH", "issued_on": "2017-01-10", "title": "Quy chế", "sides": sides}
    assert online.posts(client, "/regulations/add", "/regulations", **given).status_code == 303
    opening = {"regulation": "03/QCPH", "period": "2018", "due": "2018-04-06"}
    first = online.posts(client, "/reviews/open", "/reviews", **opening)
    assert first.headers["location"].startswith("/reviews/1?")
    assert online.posts(client, "/reviews/open", "/reviews", **opening).headers["location"].endswith("open_before")
    with online.story.ledger.look() as session:
        query = select(Obligation).join(Directive, col(Directive.id) == col(Obligation.directive_id))
        query = query.join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        row = session.exec(query.where(Conclusion.kind == "review_request").order_by(col(Obligation.id))).first()
    assert row is not None
    return online, key(row.id)


def form_of(**more: str) -> dict[str, str]:
    texts = {f"t_{code}": text for code, text in REQUIRED.items()}
    return texts | {"form": "x" * 20, "who": "Hoa", "phone": "0912345678", "act": "submit"} | more


def agency_of(online: OfficeOnline, obligation: int) -> str:
    return next(row.agency for row in online.story.status() if row.id == obligation)


def test_a_report_sent_twice_over_a_slow_line_is_taken_once(asked: tuple[OfficeOnline, int]) -> None:
    online, obligation = asked
    _, path = online.link(agency_of(online, obligation))
    client = online.client()
    answers = [client.post(f"{path}/{obligation}/submission", data=form_of()) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    with online.story.ledger.look() as session:
        assert len(session.exec(select(Submission)).all()) == 1


def test_another_agencys_report_is_a_page_that_is_not_there(asked: tuple[OfficeOnline, int]) -> None:
    online, obligation = asked
    _, path = online.link(FRONT)
    client = online.client()
    assert client.get(f"{path}/{obligation}/submission").status_code == 404
    assert client.post(f"{path}/{obligation}/submission", data=form_of()).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"f_meetings": "nhiều"}, "Số hội nghị"),
        ({"t_plan": ""}, "Phương hướng"),
        ({"who": ""}, ""),
        ({"phone": "1"}, ""),
        ({"letter_number": "5/BC"}, ""),
    ],
)
def test_a_wrong_report_is_shown_again_with_what_was_typed(
    asked: tuple[OfficeOnline, int], wrong: dict[str, str], says: str
) -> None:
    online, obligation = asked
    _, path = online.link(agency_of(online, obligation))
    answer = online.client().post(f"{path}/{obligation}/submission", data=form_of(**wrong))
    assert answer.status_code == 422
    assert says in answer.text
    assert REQUIRED["results"] in answer.text


def test_nobody_signs_figures_that_they_have_not_seen(asked: tuple[OfficeOnline, int]) -> None:
    online, _ = asked
    client = online.client(Rank.MANAGER)
    assert online.posts(client, "/reviews/1/compile", "/reviews/1").status_code == 303
    refused = online.posts(client, "/compilations/1/sign", "/compilations/1", seen="khác", note="")
    assert refused.status_code == 422
    with online.story.ledger.look() as session:
        assert session.exec(select(Compilation)).one().signed_at is None


def test_a_clerk_compiles_and_does_not_sign(asked: tuple[OfficeOnline, int]) -> None:
    online, _ = asked
    clerk = online.client(Rank.CLERK)
    assert online.posts(clerk, "/reviews/1/compile", "/reviews/1").status_code == 303
    assert online.posts(clerk, "/compilations/1/sign", "/account", seen="", note="").status_code == 403
    assert online.posts(clerk, "/reviews/open", "/account", regulation="1", period="2019").status_code == 403


def test_the_list_of_reviews_takes_few_statements_however_many_there_are(asked: tuple[OfficeOnline, int]) -> None:
    online, _ = asked
    client = online.client(Rank.MANAGER)
    with statements(online) as few:
        client.get("/reviews")
    for period in ("2018-H1", "2018-9M", "2018-Q1", "2018-Q2"):
        opening = {"regulation": "03/QCPH", "period": period, "due": "2018-04-06"}
        assert online.posts(client, "/reviews/open", "/reviews", **opening).status_code == 303
    with statements(online) as more:
        assert ">0/3<" in client.get("/reviews").text
    assert len(few) == len(more) < 15


def test_a_report_for_a_review_comes_by_its_own_form_only(asked: tuple[OfficeOnline, int]) -> None:
    online, obligation = asked
    _, path = online.link(agency_of(online, obligation))
    client = online.client()
    assert client.get(f"{path}/{obligation}/report").headers["location"] == f"{path}/{obligation}/submission"
    done = {"what": "done", "words": "Xong.", "who": "Hoa", "phone": "0912345678", "form": "z" * 20}
    assert client.post(f"{path}/{obligation}/report", data=done).status_code == 404
    assert "chưa gửi" in online.client(Rank.VIEWER).get(f"/reviews/1/reports/{obligation}").text


def test_whoever_wrote_a_report_that_is_sent_back_need_not_say_so_again(asked: tuple[OfficeOnline, int]) -> None:
    online, obligation = asked
    _, path = online.link(agency_of(online, obligation))
    assert online.client().post(f"{path}/{obligation}/submission", data=form_of()).status_code == 303
    where = f"/reviews/1/reports/{obligation}"
    manager = online.client(Rank.MANAGER)
    assert where in manager.get(f"/obligations/{obligation}").text
    assert online.posts(manager, f"{where}/send-back", where, reason="Thiếu").status_code == 303
    again = online.client().get(f"{path}/{obligation}/submission").text
    assert 'value="Hoa"' in again
    assert 'value="0912345678"' in again
