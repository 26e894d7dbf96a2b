"""The playground under the strict Content-Security-Policy that it needs, and not under less."""

import pytest

from gan_lessons import page as pages

ADDRESS = "http://book.test/"
REST = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
)


@pytest.fixture
def served(chromium, tmp_path):
    """Serve a page with one playground under a policy; the tab, and what the browser refused."""
    body = pages.playground().save(tmp_path / "playground.html").read_bytes()
    contexts = []

    def go(policy):
        context = chromium.new_context()
        contexts.append(context)
        tab, refused = context.new_page(), []
        headers = {"content-type": "text/html", "content-security-policy": policy}

        def answer(route):
            if route.request.url == ADDRESS:
                route.fulfill(body=body, headers=headers)
            else:
                route.fulfill(status=204)

        tab.route("**/*", answer)
        tab.on("console", lambda m: refused.append(m.text) if m.type == "error" else None)
        tab.on("pageerror", lambda e: refused.append(str(e)))
        tab.goto(ADDRESS)
        return tab, refused

    yield go
    for context in contexts:
        context.close()


def test_the_playground_trains_under_the_policy(served):
    tab, refused = served(REST + "script-src 'self' 'unsafe-inline'; worker-src blob:")
    tab.locator(".ganp-main").click()
    for _ in range(100):  # Playwright's own waiting would need 'unsafe-eval'
        if int(tab.get_attribute(".ganp", "data-step") or 0) > 20:  # not there before the first
            break
        tab.wait_for_timeout(100)
    else:
        pytest.fail("the playground did not train")
    assert refused == []


@pytest.mark.parametrize(
    "scripts",
    [
        "script-src 'self'; worker-src blob:",
        "script-src 'self' 'unsafe-inline'; worker-src 'none'",
    ],
)
def test_less_is_refused(served, scripts):
    """The policy is enforced here: without inline scripts, or without the worker, it complains."""
    tab, refused = served(REST + scripts)
    tab.wait_for_timeout(1000)
    assert any("Content Security Policy" in text for text in refused)
