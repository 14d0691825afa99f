"""A phone's browser films a phrase to its verdict: each encoding, each source, a camera that gives half of what it says, over TLS
with a token, over a slow net that is cut, to a service that is killed. The camera is Chromium's fake one, which plays a drawn phrase."""
import base64
import hashlib
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import time
import urllib.request

from chromium import chromium, has_page
from film import FPS, begin, camera_file, film
from proxy import proxy
from service import ROOT, check, folder, free_port, need, service, skip

PHRASE = 4.2  # s that the phrase and what precedes it take at least


def here(port):
    return f"http://127.0.0.1:{port}"


def result_of(page, address, token):
    """The result of the phrase that was just filmed, once it is there."""
    phrase = page.run("document.querySelector('.film-keys a').hash.split('/').pop()")
    question = urllib.request.Request(f"{address}/sessions/{phrase}/result", headers={"Authorization": f"Bearer {token}"})
    trusting = ssl._create_unverified_context()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with urllib.request.urlopen(question, timeout=10, context=trusting) as answer:
            if answer.status == 200:
                return json.load(answer)
        time.sleep(0.2)
    raise AssertionError("the result does not come")


def check_phrase(what, page, address, text, rate=FPS, token=""):
    result = result_of(page, address, token)
    stats = result["streaming_stats"]
    check(f"{what}: touch right", "Touch right" in text and result["winner"] == "right", (text, result["decision"]))
    check(f"{what}: nothing is lost", stats["missing_frames"] == 0 and stats["rejected_frames"] == 0
          and result["undecodable_frames"] == 0, stats)
    check(f"{what}: enough pictures", stats["frames_received"] > PHRASE * rate * 0.6, stats)
    check(f"{what}: they keep their own time", result["time_source"] == "timestamps", result["time_source"])
    return result


# Chromium has track processors on pages alone, Safari in workers alone: here the page has none, and the worker's own script runs
# beside the page with the one that there is.
SAFARI = """(() => {
  const Processor = window.MediaStreamTrackProcessor, Real = window.Worker;
  delete window.MediaStreamTrackProcessor;
  window.Worker = function(address) {
    if (!String(address).endsWith('track_worker.js')) return new Real(address);
    const outer = {postMessage: (data) => later(inner, data), terminate() {}};
    const inner = {MediaStreamTrackProcessor: Processor, postMessage: (data) => later(outer, data), close() { window.closed_worker = true; }};
    const later = (end, data) => queueMicrotask(() => end.onmessage?.({data}));
    (function(globalThis) { %s })(inner);
    return outer;
  };
})()"""


def as_in_safari(page, address):
    with urllib.request.urlopen(f"{address}/assets/track_worker.js", timeout=10) as script:
        return page.ask("Page.addScriptToEvaluateOnNewDocument", source=SAFARI % script.read().decode())["identifier"]


def every_way(page, address):
    for query in ("", "?encoding=jpeg", "?source=video"):
        result = check_phrase(query or "H.264", page, address, film(page, address, query))
        wanted = "phrase.mkv" if "jpeg" in query else "phrase.mp4"
        check(f"{query or 'H.264'}: its video", result["artifacts"]["video"] == wanted, result["artifacts"])
    script = as_in_safari(page, address)
    check_phrase("a worker's track", page, address, film(page, address, "?source=worker"))
    check("the worker was used, and ended", page.run("window.closed_worker === true"))
    page.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=script)


WHOLE_BOUT = """(() => { const select = [...document.querySelectorAll('.film-choices select')].find((one) => one.querySelector('[value=bout]'));
    select.value = 'bout'; select.dispatchEvent(new Event('change', {bubbles: true})); })()"""


def whole_bout(page, address):
    """One film; hits are told at once, its phrase while it goes on. Where this machine is too busy to film the guard before it, the hits
    are no phrase's, and that is told."""
    begin(page, address, choose=WHOLE_BOUT)
    page.until("window.answered?.includes('touch_ack')")
    told = page.wait("document.querySelector('.film-score')?.innerText", 20)
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
        with urllib.request.urlopen(f"{address}/sessions/{bout}", timeout=10) as answer:
            state = json.load(answer)["state"]
        time.sleep(0.2)
    check("a bout that was left is there, and has ended", state == "COMPLETE", state)


def secured(programs, work):
    """Settings of a service with TLS and tokens; what the browser needs to trust it; a token."""
    subprocess.run([ROOT / "deploy/make-certificate.sh", work / "tls"], check=True, stdout=subprocess.DEVNULL)
    made = subprocess.run([programs / "referee", "token", "page", "--file", work / "tokens"], check=True, capture_output=True, text=True)
    public = subprocess.run(["openssl", "x509", "-in", work / "tls/certificate.pem", "-noout", "-pubkey"], check=True, capture_output=True)
    key = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=public.stdout, check=True, capture_output=True).stdout
    trusted = base64.b64encode(hashlib.sha256(key).digest()).decode()
    settings = {"REFEREE_TLS_CERT": str(work / "tls/certificate.pem"), "REFEREE_TLS_KEY": str(work / "tls/key.pem"),
                "REFEREE_AUTH_TOKENS_FILE": str(work / "tokens")}
    return settings, f"--ignore-certificate-errors-spki-list={trusted}", next(word for word in made.stdout.split() if word.startswith("piste_"))


def slow_camera_over_tls(programs, work):
    """15 pictures a second, whatever a camera says; a certificate of one's own, and a token."""
    slow = camera_file(programs / "referee", work, fps=15, kind="y4m")
    settings, trust, token = secured(programs, work)
    with service(programs / "referee_service", work, settings) as (port, _), \
            chromium(work, f"--use-file-for-fake-video-capture={slow}", trust) as page:
        address = f"https://127.0.0.1:{port}"
        page.go(f"{address}/#/settings")
        page.until("!!document.querySelector('main')")
        page.run(f"localStorage.setItem('token', '{token}')")
        page.problems.clear()  # before it had the token
        check_phrase("15 a second over TLS", page, address, film(page, address), rate=15, token=token)
        announced = page.run("window.started.fps")
        check("the rate that is measured is announced", 14 < announced < 16, announced)
        check("nothing went wrong over TLS", not page.problems, page.problems)


def cut_and_killed(programs, work, page):
    """A slow net is cut twice amid the phrase, then the service is killed; the phrase is judged all the same."""
    port, processes = free_port(), []
    settings = {"REFEREE_PORT": str(port)}
    with proxy(port) as between:
        def cut():
            for _ in range(2):
                time.sleep(0.6)
                between.cut()
        with service(programs / "referee_service", work, settings):
            between.bytes_per_second = 150_000
            text = film(page, here(between.port), amid=cut)
            between.bytes_per_second = None
            check_phrase("slow and cut twice", page, here(port), text)
            check("it was cut", between.cuts == 2)

        with service(programs / "referee_service", work, settings, processes):
            def kill():
                time.sleep(1.5)
                processes[0].kill()
                processes[0].wait(timeout=10)
                again.__enter__()
            again = service(programs / "referee_service", work, settings, processes)
            try:
                text = film(page, here(between.port), amid=kill)
                check_phrase("killed and started again", page, here(port), text)
            finally:
                again.__exit__(None, None, None)

        with service(programs / "referee_service", work, settings, processes):
            def lose():
                time.sleep(1.5)
                processes[-1].kill()
                processes[-1].wait(timeout=10)
                shutil.rmtree(work / "phrases")
                another.__enter__()
            another = service(programs / "referee_service", work, settings, processes)
            try:
                text = film(page, here(between.port), amid=lose)
                check_phrase("gone for good, another at its address", page, here(port), text)
            finally:
                another.__exit__(None, None, None)


def run(programs, work):
    need("ffmpeg", "openssl")
    with chromium(work, f"--use-file-for-fake-video-capture={camera_file(programs / 'referee', work)}") as page:
        with service(programs / "referee_service", work) as (port, _):
            if not has_page(port):
                skip("the service was built without the page (./dev build fetches esbuild)")
            every_way(page, here(port))
            whole_bout(page, here(port))
            left_amid_a_bout(page, here(port))
            check("nothing went wrong in the page", not page.problems, page.problems)
        cut_and_killed(programs, work, page)
        check("nothing else went wrong in the page", not page.problems, page.problems)
    slow_camera_over_tls(programs, work)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
