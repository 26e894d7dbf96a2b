"""Small tables of computed text, for a notebook's page and for a terminal."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from gan_lessons.errors import InputError


class Table:
    """Rows of text under a head; the first column names the row.

    Args:
        head: the names of the columns.
        rows: what stands in them, each row as long as the head; or name to cells, where the head
            names the columns after the first. Text between backticks is shown as code.
        caption: what the table shows.
        numbers: whether all columns but the first hold numbers, which end at a common edge.
        last_under: on a page, set the last column under its row, across the others: room for a
            sentence, also on a phone.

    Raises:
        InputError: when a row is longer or shorter than the head.
    """

    def __init__(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[object]] | Mapping[str, Sequence[object]],
        *,
        caption: str = "",
        numbers: bool = False,
        last_under: bool = False,
    ) -> None:
        if isinstance(rows, Mapping):
            for name, cells in rows.items():
                if len(cells) != len(head):
                    raise InputError(
                        f"The row {name!r} has {len(cells)} cells for {len(head)} columns: give "
                        "one for each."
                    )
            head, rows = ["", *head], [[name, *cells] for name, cells in rows.items()]
        self.head, self.caption, self.numbers = list(head), caption, numbers
        self.last_under = last_under
        self.rows = [[str(cell) for cell in row] for row in rows]
        for row in self.rows:
            if len(row) != len(self.head):
                raise InputError(
                    f"A row has {len(row)} cells under a head of {len(self.head)}: {row}."
                )

    def __str__(self) -> str:
        lines = [self.head, *self.rows]
        wide = [max(len(line[i]) for line in lines) for i in range(len(self.head))]
        return "\n".join(
            "  ".join(
                cell.rjust(w) if self.numbers and i else cell.ljust(w)
                for i, (cell, w) in enumerate(zip(line, wide, strict=True))
            ).rstrip()
            for line in lines
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        side = "right" if self.numbers else "left"

        def cell(tag: str, text: str, i: int) -> str:
            if tag == "th" and not text:  # an empty head names nothing
                return "<td></td>"
            scope = f' scope="{"col" if tag == "th" else "row"}"' if tag == "th" or not i else ""
            name = "th" if tag == "th" or not i else "td"
            weight = "" if tag == "th" else ";font-weight:400"
            style = f"{_CELL};text-align:{side if i else 'left'}{weight if not i else ''}"
            return f'<{name}{scope} style="{style}">{_code(text)}</{name}>'

        def line(tag: str, cells: Sequence[str]) -> str:
            if not self.last_under:
                return f"<tr>{''.join(cell(tag, text, i) for i, text in enumerate(cells))}</tr>"
            *above, under = cells
            shown = "".join(cell(tag, text, i) for i, text in enumerate(above))
            if tag == "th":
                return f"<tr>{shown}</tr>"
            return (
                f'<tr style="border-top:1px solid rgba(128,128,128,.35)">{shown}</tr><tr><td></td>'
                f'<td colspan="{len(above) - 1}" style="{_CELL};padding-top:0;font-style:italic">'
                f"{_code(under)}</td></tr>"
            )

        caption = (
            '<caption style="caption-side:top;text-align:left;white-space:normal;color:inherit">'
            f"{_code(self.caption)}</caption>"
            if self.caption
            else ""
        )
        return (
            '<table class="gl-table" style="font-size:.85rem;line-height:1.45;'
            f'border-collapse:collapse">{caption}<thead>{line("th", self.head)}</thead>'
            f"<tbody>{''.join(line('td', row) for row in self.rows)}</tbody></table>"
        )


_CELL = "padding:4px 8px;vertical-align:top"


def _code(text: str) -> str:
    """Escaped, and every second part between backticks as code."""
    parts = html.escape(text).split("`")
    if len(parts) % 2 == 0:  # a backtick alone means itself
        return html.escape(text)
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
