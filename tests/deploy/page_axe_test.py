"""Whether everybody can use the page: axe on every screen in both colours, and a walk by keyboard alone."""
import os
import pathlib
import sys

from chromium import chromium, has_page
from film import camera_file
from screens import BOUT, FENCERS, PHRASE, asking_for_tokens, judged_bout, judged_phrase, screens, visit
from service import check, folder, need, service, skip

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "piste/web-tested"
AXE = CACHE / "node_modules/axe-core/axe.min.js"
ALL = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
COLOURS = "['color-contrast']"
FOUND = """axe.run(document, {runOnly: %s}).then(({violations}) => violations.map(({id, nodes}) =>
    id + ': ' + nodes.map(({html, failureSummary}) => html.slice(0, 160) + ' ' + failureSummary).join('\\n  ')).join('\\n'))"""


def finds_nothing(page, name, colours, rules):
    found = page.run(FOUND % rules)
    check(f"{name}, {colours}: axe finds nothing", not found, found)


def axe_is_content(page, port, shown):
    """All rules in the dark; in the light, on the same screen, what depends on colours."""
    script = AXE.read_text()
    for name, show in shown.items():
        page.dark(True)
        show(page, port)
        page.run(script + ";0")
        finds_nothing(page, name, "dark", ALL)
        page.dark(False)
        finds_nothing(page, name, "light", COLOURS)
        if name == "filming":
            marks_are_told(page)


def marks_are_told(page):
    started = page.run("window.started")
    near = [abs(a - b) < 3 for told, wanted in zip(started["fencers"], FENCERS) for a, b in zip(told, wanted)]
    check("the marks are told as they were made", all(near) and len(started["piste_corners"]) == 4, started)


def focused(page):
    """What the focused link, key or field says; nothing while the focus is nowhere, where the whole page would say it."""
    return page.run("""(() => { const e = document.activeElement;
        return e.matches('a, button, input, select, summary') ? (e.innerText || e.ariaLabel || '').trim() : ''; })()""")


def tab_to(page, what, most=40):
    for _ in range(most):
        page.key("Tab")
        if what in focused(page):
            return
    raise AssertionError(f"{what} is not reached by Tab; the focus is on {focused(page)}")


def through_a_bout_by_keyboard(page, port):
    """From the list to a bout, to one of its phrases, and beside another one."""
    visit(page, port, "piste", "document.querySelectorAll('.rows a').length === 2")
    tab_to(page, BOUT)
    page.key("Enter")
    page.until("document.querySelector('.score')?.innerText.replaceAll(/\\s+/g, ' ').includes('Left 0 Right 1')")
    tab_to(page, "0 : 1")
    page.key("Enter")
    page.until(f"location.hash === '#/phrase/{BOUT}/phrase-01' && document.body.innerText.includes('Touch right')")
    check("a bout's phrase is reviewed", page.until("document.querySelector('video')?.readyState >= 2"))
    tab_to(page, "Compare with")
    page.key("Enter")
    page.until("location.hash.startsWith('#/compare') && !!document.querySelector('.rows a')")
    tab_to(page, PHRASE)
    page.key("Enter")
    page.until("[...document.querySelectorAll('.half video')].filter((one) => one.readyState >= 2).length === 2")
    page.key("h")
    at_the_hit = "document.querySelector('.position').innerText === '10 ms after the hit'"
    check("two phrases lie side by side at their hits", page.until(at_the_hit))
    page.run("document.querySelectorAll('.half video')[1].dispatchEvent(new Event('loadeddata'))")
    check("a film that comes late moves nobody", page.run(at_the_hit))
    page.key("ArrowRight")
    check("and are stepped by keys", page.until("document.querySelector('.position').innerText === '43 ms after the hit'"))
    visit(page, port, f"compare?a={PHRASE}", "!!document.querySelector('summary.row')")
    tab_to(page, BOUT)
    page.key("Enter")
    page.until("!!document.querySelector('details[open] .rows a')")
    tab_to(page, "0 : 1")
    page.key("Enter")
    shown = "[...document.querySelectorAll('.half video')].filter((one) => one.readyState >= 2).length === 2"
    check("a bout opens to its phrases, of which one is chosen", page.until(shown))


def walk_by_keyboard(page, port):
    """From the first screen to a film's set-up, and in the review from picture to picture."""
    visit(page, port, "piste", "!!document.querySelector('main h1')")
    page.run("document.body.focus()")
    page.key("Tab")
    check("the first stop leads to the content", "content" in focused(page), focused(page))
    tab_to(page, "Film")
    page.key("Enter")
    page.until("location.hash === '#/film' && document.activeElement.matches('main.film')")
    check("the focus goes on in the new screen, which is named", page.run("document.title") == "Film · Piste")
    tab_to(page, "Back")
    page.key("Enter")
    page.until("location.hash === '#/piste'")
    check("focus is seen", page.run("""(() => { document.querySelector('a').focus();
        return getComputedStyle(document.activeElement).outlineStyle; })()""") != "none")
    page.go("about:blank")
    page.go(f"http://127.0.0.1:{port}/#/phrase/{PHRASE}")
    page.until("!!document.querySelector('.finding')")
    odds = page.run("document.querySelector('.odds').innerText")
    page.run("document.querySelector('.counts input').focus()")
    page.key(" ")
    page.until(f"document.querySelector('.odds').innerText !== {odds!r}")
    check("a finding is left out by keyboard, and the odds move", True)


def run(programs, work):
    need("ffmpeg")
    if not AXE.exists():
        skip("axe is not in the cache (./dev test fetches it)")
    with service(programs / "referee_service", work) as (port, _), asking_for_tokens(programs, work) as guarded:
        if not has_page(port):
            skip("the service was built without the page (./dev build fetches esbuild)")
        judged_phrase(programs, work, port)
        judged_bout(programs, work, port)
        camera = camera_file(programs / "referee", work, fps=15, kind="y4m")  # what is filmed is judged sooner
        with chromium(work, f"--use-file-for-fake-video-capture={camera}") as page:
            page.size(390, 844)
            walk_by_keyboard(page, port)
            through_a_bout_by_keyboard(page, port)
            axe_is_content(page, port, screens(programs, work, guarded))
            check("nothing went wrong in the page", not page.problems, page.problems)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
