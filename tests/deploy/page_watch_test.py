"""A screen in the hall: nothing old is new, the next phrase is told as it comes, and blind means blind."""
import pathlib
import sys
import threading

from chromium import chromium, has_page
from proxy import proxy
from screens import judged_bout, judged_phrase, visit
from service import check, folder, service, skip


def nothing_old(page, port):
    visit(page, port, "watch", "!!document.querySelector('.watch-state')")
    check("an old verdict is not shown", not page.run("!!document.querySelector('.shown')"))


# window.live: 1 when the live picture was drawn, 2 the skeletons, 3 both.
DRAWN = """(() => { window.live = 0; const look = () => {
    const [picture, joints] = [...document.querySelectorAll('.live-look canvas')].map((one) =>
        one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some((value, i) => i % 4 === 3 && value));
    window.live |= Number(Boolean(picture)) + 2 * Number(Boolean(joints));
    setTimeout(look, 200); }; look(); })()"""


def the_next_one(page, port, programs, work):
    """Although the screen is cut off meanwhile."""
    with proxy(port) as between:
        cut = threading.Timer(2, between.cut)
        visit(page, between.port, "watch", "!!document.querySelector('.watch-state')")
        cut.start()
        page.run(DRAWN)
        judged_phrase(programs, work, port, "next", more=["--realtime"])
        cut.join()
        page.until("!!document.querySelector('.watch .shown')")
        check("meanwhile the picture and both fencers in it", page.run("window.live") == 3, page.run("window.live"))
        check("it was cut off", between.cuts == 1)
        it_is_shown(page)


def it_is_shown(page):
    check("the verdict of the phrase that came", "Touch right" in page.text(), page.text())
    check("both lamps", page.until("document.querySelectorAll('.lamp.on').length === 2"))
    begin = page.until("document.querySelector('.replay video')?.currentTime")
    check("the moment of the hit is played", page.until(f"document.querySelector('.replay video').currentTime !== {begin}")
          and 1.5 < begin < 4.1, begin)
    check("its age", page.until("/\\d+ s ago/.test(document.body.innerText)"))


def blind(page, port, programs, work):
    """Of a bout, whose film is shown while it goes on."""
    visit(page, port, "watch", "!!document.querySelector('.watch-head input')")
    page.click(".watch-head input")
    page.run(DRAWN)
    fencing = threading.Thread(target=judged_bout, args=(programs, work, port), kwargs={"more": ["--realtime", "--no-overlay", "--encoding", "h264"]})
    fencing.start()
    page.until("!!document.querySelector('.reveal')")
    check("blind: no verdict", "Touch right" not in page.text(), page.text())
    # On a busy machine the lamps may come when the time of being blind is over.
    page.until("!!document.querySelector('.lamp.on') || !document.querySelector('.reveal')")
    page.run("document.querySelector('.reveal')?.click()")
    check("until it is asked for", page.until("document.body.innerText.includes('Touch right')"))
    check("both lamps of a bout's phrase", page.until("document.querySelectorAll('.lamp.on').length === 2"))
    fencing.join()
    check("a bout's picture and both fencers in it", page.run("window.live") == 3, page.run("window.live"))
    check("its phrase leads to its review", page.run("document.querySelector('.watch-age a').hash").endswith("/phrase-01"))


def obs(page, port):
    visit(page, port, "watch?view=obs", "!!document.querySelector('.watch.obs')")
    check("OBS: no ground, no keys", page.run("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
          and not page.run("!!document.querySelector('.watch a, .watch button')"))


def run(programs, work):
    with service(programs / "referee_service", work) as (port, _), chromium(work) as page:
        if not has_page(port):
            skip("the service was built without the page (./dev build fetches esbuild)")
        judged_phrase(programs, work, port)
        nothing_old(page, port)
        the_next_one(page, port, programs, work)
        blind(page, port, programs, work)
        obs(page, port)
        check("nothing went wrong in the page", not page.problems, page.problems)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
