"""One deliverable, two leads: "A hoàn chỉnh báo cáo X với B" and, elsewhere, "B phối hợp A hoàn chỉnh báo cáo X"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from domain.drafts import DraftDirective
from domain.linting.findings import Code, Finding
from domain.linting.who import single_bodies
from domain.names import Registry, fold

MOST = 400  #: directives that are compared with each other
ALIKE, ALIKE_AMONG_PARTNERS = 0.75, 0.6  #: share of the fewer words that both descriptions have
FEWEST = 5  #: words that say what a paper is about; fewer can be alike by chance
WINDOW = 40  #: words of a description that count
_VERBS = (
    "xay dung|lap|ban hanh|trinh|hoan thien|hoan chinh|du thao|soan thao|sua doi|bo sung|ky|ky ket|tham muu|chuan bi|"
    "thuc hien|to chuc"
)
_PAPERS = (
    "ke hoach|chuong trinh|van ban|ho so|phuong an|de an|bao cao|to trinh|quy che|quyet dinh|nghi quyet|danh sach|"
    "du thao|du toan|quy trinh|quy dinh|danh muc|huong dan|quy hoach|cong van|chi thi|hop dong|hoi nghi|hoi thao"
)
_MAKES = re.compile(rf"\b(?:{_VERBS})\b(?:\s\w+){{0,6}}?\s(?P<paper>{_PAPERS})\b(?P<about>.*)")
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "va cua voi cho ve tai tu den trong cac la de theo viec giua mot nhung nay nam thang ngay truoc uy ban "
        "nhan dan tinh ubnd huyen xa phuong phoi hop chu tri thuc hien co duoc bao cao trinh "
        "so nganh don vi lien quan to chuc",
    )
)  #: words that stand in every paper


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A paper that a directive has made, and the words that say what it is about."""

    paper: str
    about: frozenset[str]

    def likeness(self, other: Deliverable) -> float:
        """Share of the fewer words that both have; 0 for different papers, or where too little is said."""
        fewer = min(len(self.about), len(other.about))
        if self.paper != other.paper or fewer < FEWEST:
            return 0.0
        return len(self.about & other.about) / fewer


def overlaps(directives: Sequence[DraftDirective], registry: Registry, on: date) -> Iterator[Finding]:
    """The pairs of directives that have different bodies make the same paper; each is found once, at the later one."""
    made = [
        (one, leads, deliverables(one.text))
        for one in directives[:MOST]
        if (leads := frozenset(single_bodies(one, registry, on)))
    ]
    for (first, leads, papers), (second, others, theirs) in combinations(made, 2):
        if leads == others:
            continue
        partners = leads & {*second.cooperating} or others & {*first.cooperating}
        enough = ALIKE_AMONG_PARTNERS if partners else ALIKE
        if any(mine.likeness(other) >= enough for mine in papers for other in theirs):
            said = {"other": first.path, "first": "; ".join(first.lead), "second": "; ".join(second.lead)}
            yield Finding(Code.SAME_DELIVERABLE, second.path, said)


def deliverables(text: str) -> list[Deliverable]:
    """The papers that a directive has made, each clause by itself."""
    found = []
    for clause in re.split(r"[;.](?!\d)", text):
        if match := _MAKES.search(fold(clause)):
            words = match["about"].split()[:WINDOW]
            about = frozenset(word for word in words if word not in _EMPTY and not word.isdigit())
            found.append(Deliverable(match["paper"], about))
    return found
