"""What all browser tests share: one chromium, pages with every host blocked, and axe-core."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("GAN_LESSONS_REQUIRE_BROWSER") == "1"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
FINGER = 44  # CSS pixels: the smallest thing that a finger hits


def pytest_collection_modifyitems(items):
    """Mark what lies in this folder; without chromium it is skipped and says so."""
    missing = pytest.mark.skipif(
        not BROWSER and not REQUIRED,
        reason="needs chromium: on Debian or Ubuntu `apt-get install chromium`",
    )
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Open a file; at the end nothing may have gone wrong or been asked of the network."""
    contexts, complaints = [], []

    def go(path, width="desktop", anchor="", *, before="", **options):
        """``before``: a script that runs first; ``options``: Playwright's for a context."""
        w, h = SIZES[width]
        phone = {"has_touch": True, "is_mobile": True} if width == "phone" else {}
        context = chromium.new_context(viewport={"width": w, "height": h}, **phone, **options)
        contexts.append(context)
        tab = context.new_page()

        def gate(route):
            if route.request.url.startswith(("file:", "data:", "blob:")):
                route.continue_()
            else:
                complaints.append(f"{path.name} asks for {route.request.url}")
                route.abort()

        def heard(message):
            if message.type == "error":
                complaints.append(f"{path.name}: {message.text}")

        tab.route("**/*", gate)
        tab.on("pageerror", lambda e: complaints.append(f"{path.name}: {e}"))
        tab.on("console", heard)
        if before:
            tab.add_init_script(before)
        tab.goto(path.as_uri() + anchor)
        return tab

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def violations():
    """What axe-core finds on a page, or in the part of it that a selector names."""
    program = (HERE / "axe.min.js").read_text("utf-8")

    def run(tab, part=None, rules=None):
        tab.evaluate(program)
        found = tab.evaluate(
            "([part, rules]) => axe.run(part ? {include: [[part]]} : document, "
            # preloading would fetch the style sheets, which file:// refuses
            "{preload: false, ...(rules ? {runOnly: rules} : {})}).then(r => r.violations)",
            [part, rules],
        )
        return [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]

    return run


@pytest.fixture(scope="session")
def fits():
    """Nothing scrolls sideways, and a finger hits every control."""

    def check(tab, part="body"):
        wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 1, f"scrolls sideways by {wide} px"
        small = tab.evaluate(
            """([part, least]) => [...document.querySelector(part).querySelectorAll(
              'button, select, summary, label:has(input[type=checkbox]), input:not([type=checkbox])'
            )].filter(e => e.checkVisibility() && (e.getBoundingClientRect().height < least - 0.1
              || e.getBoundingClientRect().width < least - 0.1)).map(e => e.outerHTML.slice(0, 90))
            """,
            [part, FINGER],
        )
        assert small == []

    return check


@pytest.fixture(scope="session")
def tab_through():
    """Press Tab until the focus leaves a part; what was reached, and whether it could be seen."""

    def walk(tab, part, most=150):
        names, unseen = [], []
        for _ in range(most):
            tab.keyboard.press("Tab")
            here = tab.evaluate(
                """part => { const e = document.activeElement;
                  if (!e || !document.querySelector(part).contains(e)) return null;
                  const s = getComputedStyle(e);
                  return [e.getAttribute('aria-label') || e.labels?.[0]?.textContent
                    || e.textContent, s.outlineStyle !== 'none' && s.outlineWidth !== '0px']; }""",
                part,
            )
            if here is None:
                if names:
                    break
                continue
            names.append(here[0].strip())
            if not here[1]:
                unseen.append(here[0])
        assert unseen == []
        return names

    return walk


@pytest.fixture(scope="session")
def busy(chromium):
    """How long the main thread of a page was at each task, in ms of its own processor time.

    The clock on the wall would also count what other programs of the machine do meanwhile.
    """

    @contextlib.contextmanager
    def watch(tab):
        tasks = []
        chromium.start_tracing(page=tab, categories=["toplevel", "__metadata"])
        yield tasks
        events = json.loads(chromium.stop_tracing())["traceEvents"]
        main = {
            (e["pid"], e["tid"])
            for e in events
            if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
        }
        tasks += [
            e["tdur"] / 1000
            for e in events
            if e["name"].endswith("RunTask") and (e["pid"], e["tid"]) in main and "tdur" in e
        ]
        assert len(tasks) > 10

    return watch


@pytest.fixture(scope="session")
def html(tmp_path_factory, play):
    """The whole book, built from what its notebooks showed in quick mode."""
    folder = tmp_path_factory.mktemp("book")
    for name in ("_config.yml", "_toc.yml", "book", "vendor"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        played = play(path)
        assert played.passed, played.said
        shutil.copy(played.copy, folder / "book")
    config = (folder / "_config.yml").read_text("utf-8")
    assert config.count("execute_notebooks: force") == 1
    config = config.replace("execute_notebooks: force", "execute_notebooks: 'off'")
    (folder / "_config.yml").write_text(config, "utf-8")
    environment = dict(os.environ)
    environment["PATH"] = str(Path(sys.executable).parent) + os.pathsep + environment["PATH"]
    done = subprocess.run(
        ["jupyter-book", "build", "-W", "--keep-going", "--all", str(folder)],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "_build" / "html"


@pytest.fixture
def read(visit):
    """Open a page of the book and wait until it has settled."""

    def go(path, width="desktop", **options):
        tab = visit(path, width, **options)
        tab.wait_for_timeout(800)
        return tab

    return go


@pytest.fixture(scope="session")
def wake():
    """Scroll to each widget of a page, as a reader does, and wait until it lives."""

    def go(tab):
        tab.mouse.move(5, 5)
        for widget in tab.locator("[data-gl-parts]").all():
            widget.scroll_into_view_if_needed()
            for _ in range(100):  # Playwright's own waiting would need 'unsafe-eval'
                if {"gl-live", "ganp-on"} & set(widget.get_attribute("class").split()):
                    break
                tab.wait_for_timeout(100)
            else:
                pytest.fail(f"dead: {widget.get_attribute('aria-label')}")

    return go
