"""What the domain says when it cannot do what was asked."""

from __future__ import annotations


class Refusal(Exception):
    """A request that cannot be carried out, for a reason the person who asked can mend.

    Nothing has been stored when it is raised. `code` is a key of the word catalogue
    (`config/words/<language>/<file>.toml`, written "file.key"); `params` fill its placeholders.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params
