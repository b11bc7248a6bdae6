"""Whether a directive can be followed: it has something to deliver, or a word of time that bounds it."""

from __future__ import annotations

import re

from domain.drafts import DeadlineKind
from domain.reading.deadlines import TimeWord

_PAPER = (
    r"kế\s+hoạch|chương\s+trình|văn\s+bản|hồ\s+sơ|phương\s+án|đề\s+án|báo\s+cáo|tờ\s+trình|quy\s+chế"
    r"|quyết\s+định|nghị\s+quyết|danh\s+sách|dự\s+thảo|"
    r"dự\s+toán|quy\s+trình|quy\s+định|tiêu\s+chí|kết\s+quả|thông\s+báo|hướng\s+dẫn|kinh\s+phí|vốn"
    r"|hợp\s+đồng|biên\s+bản|danh\s+mục|bản\s+đồ|tài\s+liệu|định\s+mức|thủ\s+tục"
)
_MAKES = (
    r"xây\s+dựng|lập|ban\s+hành|trình|hoàn\s+thiện|hoàn\s+chỉnh|dự\s+thảo|soạn\s+thảo|sửa\s+đổi"
    r"|bổ\s+sung|ký|phê\s+duyệt|thẩm\s+định|gửi|công\s+khai|công\s+bố|bố\s+trí|nghiên\s+cứu|có"
    r"|chuẩn\s+bị|cung\s+cấp|đề\s+xuất|hướng\s+dẫn|thực\s+hiện\s+tốt\s+chế\s+độ\s+\w+\s+\w+"
)
_DELIVERABLE = re.compile(
    rf"(?<!\w)(?:(?:{_MAKES})(?!\w)[^.;]{{0,60}}?(?<!\w)(?:{_PAPER})(?!\w)"
    r"|báo\s+cáo|tham\s+mưu|ký\s+kết|thanh\s+toán|giải\s+ngân|nghiệm\s+thu|khởi\s+công|khánh\s+thành"
    r"|sáp\s+nhập|thành\s+lập|kiện\s+toàn|bàn\s+giao"
    r"|tổ\s+chức\s+(?:\w+\s+){0,3}?(?:hội\s+nghị|cuộc\s+thi|họp|diễn\s+tập|tập\s+huấn|lễ|hội\s+thảo"
    r"|cuộc\s+bầu\s+cử|sơ\s+kết|tổng\s+kết|đánh\s+giá|đoàn|kiểm\s+tra|ra\s+quân)"
    r"|sơ\s+kết|tổng\s+kết|trả\s+lời|công\s+khai)(?!\w)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(?:^|[,;]\s*)(?:khi|nếu|trong\s+quá\s+trình)\s[^,;.]*", re.IGNORECASE)
_STANDING = re.compile(r"^(?:thường\s+xuyên|tiếp\s+tục)(?!\w)", re.IGNORECASE)


def tracked(text: str, word: TimeWord | None) -> bool:
    """False for an exhortation: nothing to hand over, and no word of time that bounds it."""
    if word and (word.firm or word.attached):
        return True
    delivers = bool(_DELIVERABLE.search(_CONDITION.sub(" ", text)))
    if word and word.kind is DeadlineKind.CONTINUOUS:
        return bool(re.search(r"(?<!\w)(?:báo\s+cáo|trình|gửi)(?!\w)", text, re.IGNORECASE))
    return delivers
