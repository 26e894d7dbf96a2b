"""A small table for a notebook: HTML where HTML is shown, lines of text elsewhere."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from gan_lessons.errors import InputError


class Table:
    """A table whose first column names the rows.

    Args:
        columns: the names of the other columns.
        rows: name to one cell for each column.

    Raises:
        InputError: for a row with another number of cells.
    """

    def __init__(self, columns: Sequence[str], rows: Mapping[str, Sequence[object]]) -> None:
        for name, cells in rows.items():
            if len(cells) != len(columns):
                raise InputError(
                    f"The row {name!r} has {len(cells)} cells for {len(columns)} columns: give one "
                    "for each."
                )
        self.columns = list(columns)
        self.rows = {name: [str(cell) for cell in cells] for name, cells in rows.items()}

    def __repr__(self) -> str:
        lines = [["", *self.columns], *([name, *cells] for name, cells in self.rows.items())]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(c)}</th>' for c in self.columns)
        body = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(name)}</th>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for name, cells in self.rows.items()
        )
        return (
            f'<table class="table"><thead><tr><td></td>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>"
        )
