"""A phone's browser films a whole bout to its end, and another that is left amid it. The camera is Chromium's fake one."""
import json
import pathlib
import sys
import time
import urllib.request

from chromium import chromium, has_page
from film import begin, camera_file, here
from service import PATIENCE, check, folder, need, service, skip

WHOLE_BOUT = """(() => { const select = [...document.querySelectorAll('.film-choices select')].find((one) => one.querySelector('[value=bout]'));
    select.value = 'bout'; select.dispatchEvent(new Event('change', {bubbles: true})); })()"""


def whole_bout(page, address):
    """One film; hits are told at once, its phrase while it goes on. Where this machine is too busy to film the guard before it, the hits
    are no phrase's, and that is told."""
    begin(page, address, choose=WHOLE_BOUT)
    page.until("window.answered?.includes('touch_ack')")
    told = page.wait("document.querySelector('.film-score')?.innerText", 10)
    check("a bout goes on", page.run("!!document.querySelector('.tap')") and told in ("", "Phrase 1 · L 0 : 1 R"), told)
    page.click(".film-keys .main")
    page.until("document.querySelector('.film-verdict')?.innerText.includes('The bout is over')")
    page.click(".film-keys a")
    page.until("location.hash.startsWith('#/bout/') && !!document.querySelector('.score')")
    phrases = page.run("document.querySelectorAll('.rows a').length")
    check("its phrase is in it, or why there is none", phrases == 1 or (not told and "no phrase" in page.text()), page.text())


def left_amid_a_bout(page, address):
    """Whoever leaves the screen ends the bout in which somebody hit; it is not thrown away."""
    begin(page, address, choose=WHOLE_BOUT)
    page.until("window.answered?.includes('touch_ack')")
    page.run("location.hash = '#/piste'")
    page.until("!document.querySelector('.film')")
    bout = page.run("window.started.session_id")
    end, state = time.monotonic() + 60, ""
    while time.monotonic() < end and state != "COMPLETE":
        with urllib.request.urlopen(f"{address}/sessions/{bout}", timeout=PATIENCE) as answer:
            state = json.load(answer)["state"]
        time.sleep(0.2)
    check("a bout that was left is there, and has ended", state == "COMPLETE", state)


def run(programs, work):
    need("ffmpeg")
    with chromium(work, f"--use-file-for-fake-video-capture={camera_file(programs / 'referee', work)}") as page, \
            service(programs / "referee_service", work) as (port, _):
        if not has_page(port):
            skip("the service was built without the page (./dev build fetches esbuild)")
        whole_bout(page, here(port))
        left_amid_a_bout(page, here(port))
        check("nothing went wrong in the page", not page.problems, page.problems)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
