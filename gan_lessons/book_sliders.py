"""A Sphinx directive: a shipped painter with his sliders on a page that runs no cells."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


class LatentSliders(SphinxDirective):
    """What ``page.latent_sliders`` shows, of one of the shipped pairs.

    In MyST: a block ``{latent-sliders} frogs`` with the options ``:title:``, ``:what:``,
    ``:seed:`` and ``:count:``, which are those of ``page.latent_sliders``, and its note as the
    content.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "title": directives.unchanged_required,
        "what": directives.unchanged_required,
        "seed": directives.nonnegative_int,
        "count": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        """The widget as HTML."""
        from gan_lessons import page, pretrained

        self.assert_has_content()
        painter = pretrained.load(self.arguments[0]).generator
        widget = page.latent_sliders(painter, note=" ".join(self.content), **self.options)
        return [nodes.raw("", widget.body, format="html")]
