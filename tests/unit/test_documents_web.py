"""Saved pages: the notice or the story on them, and nothing of what a site puts around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.reading import load_document
from tests.unit import documents_made as made

STORY = [
    "Sáng 12/5, Chủ tịch UBND tỉnh kiểm tra tiến độ xây dựng cầu Bến Đá và làm việc với các nhà thầu tại công trường.",
    "Tại buổi làm việc, Chủ tịch UBND tỉnh yêu cầu Sở Xây dựng rà soát từng hạng mục, báo cáo trước ngày 20/5.",
    "Ông cũng đề nghị UBND các xã vận động người dân bàn giao mặt bằng, không để chậm tiến độ vì những hộ cuối cùng.",
]
PAGE = f"""<html><head><title>Báo tỉnh</title><meta charset="utf-8"></head><body>
<header class="site"><a href="/">Báo điện tử tỉnh</a></header>
<div class="top"><div class="col-menu"><ul><li><a href="/a">Thời sự chính trị trong tỉnh</a></li></ul></div>
<div class="detail"><h1>Kiểm tra tiến độ xây dựng cầu Bến Đá</h1><div class="date">Thứ ba, 12/5/2026 - 15:30</div>
<div class="fck"><p>{STORY[0]}</p><figure><img src="a.jpg"><figcaption>Quang cảnh công trường</figcaption></figure>
<p>{STORY[1]}</p><div class="tin-lien-quan"><a href="/b">Khởi công cầu Bến Đá</a></div><p>{STORY[2]}</p></div></div>
<div class="sidebar"><h3>Đọc nhiều</h3>{'<p><a href="/c">Giao Sở Y tế kiểm tra trước 02/02</a></p>' * 9}</div></div>
<div id="binh-luan"><p>{"Bạn đọc đề nghị trả lời. " * 5}</p></div><footer>Bản quyền</footer></body></html>"""


def lines_of(folder: Path, page: str | bytes, name: str = "a.html") -> list[str]:
    path = folder / name
    path.write_bytes(page if isinstance(page, bytes) else page.encode("utf-8"))
    return [line for line in load_document(path).text.split("\n") if line]


def test_a_story_is_its_title_its_day_and_its_paragraphs(tmp_path: Path) -> None:
    title, day, *story = lines_of(tmp_path, PAGE)
    assert (title, day) == ("Kiểm tra tiến độ xây dựng cầu Bến Đá", "Thứ ba, 12/5/2026 - 15:30")
    assert story == STORY


def test_a_plain_page_is_read_whole(tmp_path: Path) -> None:
    assert lines_of(tmp_path, "<p>Giao Sở Y tế báo cáo.</p><p>Giao Sở Nội vụ&nbsp;<b>rà soát</b>.<br>Hết.</p>") == [
        *("Giao Sở Y tế báo cáo.", "Giao Sở Nội vụ rà soát.", "Hết."),
    ]


def test_lists_keep_their_marks(tmp_path: Path) -> None:
    page = "<ul><li>một</li><li>hai<ol type='a'><li>ba</li><li>bốn</li></ol></li></ul><ol start='4'><li>năm</li></ol>"
    assert lines_of(tmp_path, f"<html>{page}</html>") == ["- một", "- hai", "a) ba", "b) bốn", "4. năm"]


def test_tables_of_data_are_rows_and_merged_cells_are_said_again(tmp_path: Path) -> None:
    head = "<tr><th>TT</th><th>Việc</th><th>Chủ trì</th></tr>"
    rows = f"{head}<tr><td>1</td><td>Đo<br>đạc</td><td rowspan=2>Sở Y tế</td></tr>"
    page = f"<html><table border=1>{rows}<tr><td>2</td><td>Lập sổ</td></tr><tr><td colspan=3>Hết</td></tr></table>"
    assert lines_of(tmp_path, page) == [
        *("| TT | Việc | Chủ trì |", "| 1 | Đo đạc | Sở Y tế |", "| 2 | Lập sổ | Sở Y tế |", "| Hết |  |  |"),
    ]


def test_what_is_hidden_or_runs_is_not_text(tmp_path: Path) -> None:
    page = (
        "<html><p>Thấy</p><p style='display: none'>giấu</p><script>chạy()</script><style>p{}</style>"
        "<p hidden>giấu</p><!-- giấu --><noscript>giấu</noscript></html>"
    )
    assert lines_of(tmp_path, page) == ["Thấy"]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "utf-8"), ("utf-8-sig", ""), ("utf-16", "utf-16"), ("utf-8", "iso-8859-1"), ("cp1258", "windows-1258")],
)
def test_a_page_is_decoded_as_it_is_and_not_only_as_it_says(tmp_path: Path, encoding: str, declared: str) -> None:
    words = "Đề nghị các cơ quan" if encoding != "cp1258" else "Ðê\u0300 nghi\u0323".replace("Ð", "Đ")
    page = f"<html><head><meta charset='{declared}'></head><body><p>{words}</p></body></html>"
    assert lines_of(tmp_path, page.encode(encoding)) == ["Đề nghị các cơ quan" if encoding != "cp1258" else "Đề nghị"]


def test_a_page_of_a_portal_keeps_the_letterhead_of_its_notice(tmp_path: Path) -> None:
    assert lines_of(tmp_path, made.page())[:4] == list(made.NOTICE.left)
