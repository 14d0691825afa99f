"""Every screen of the page with something in it, one after the other; as a program, pictures of each in two sizes and both
colours. usage: screens.py PROGRAMS FOLDER"""
import contextlib
import json
import pathlib
import subprocess
import sys
import time
import urllib.request

from chromium import chromium
from film import WATCH, camera_file
from service import PATIENCE, ROOT, folder, service

PHRASE = "sample-phrase"
BOUT = "sample-bout"
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}


def drawn_phrase(programs, work, sample, size=(640, 360), fps=15):
    """A film of a drawn phrase, drawn once: small, as tests judge many, unless it was drawn larger before."""
    video = work / f"{sample}.mp4"
    if not video.exists():
        subprocess.run([programs / "referee", "render", ROOT / f"samples/{sample}.json", "--out", video, "--width", str(size[0]),
                        "--height", str(size[1]), "--fps", str(fps)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return video


def judged_phrase(programs, work, port, name=PHRASE, sample="attack-from-right", more=(), encoding="h264"):
    """A drawn phrase, streamed to the service, so that there is something to look at."""
    subprocess.run([programs / "referee_client_streaming", f"http://127.0.0.1:{port}", "--video",
                    drawn_phrase(programs, work, sample), "--signal",
                    ROOT / f"samples/{sample}.txt", "--encoding", encoding, "--session-id", name, "--output",
                    work / "result.json", *more], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def judged_bout(programs, work, port, name=BOUT, more=()):
    """A bout of one phrase, with what its box said."""
    told = [{"event": "lamp", "side": "right", "state": "valid", "at_ms": 3190},
            {"event": "lamp", "side": "left", "state": "valid", "at_ms": 3320}]
    films = work / "bout"  # with pictures enough to see half a second on guard
    films.mkdir(exist_ok=True)
    (work / "box.jsonl").write_text("".join(json.dumps({**one, "error_ms": 2}) + "\n" for one in told))
    subprocess.run([programs / "referee_client_streaming", f"http://127.0.0.1:{port}", "--bout", "--video",
                    drawn_phrase(programs, films, "attack-from-right", fps=30), "--box-events", work / "box.jsonl", "--session-id", name, *more],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def visit(page, port, hash_, ready):
    page.go("about:blank")
    page.go(f"http://127.0.0.1:{port}/#/{hash_}")
    page.until(ready)
    time.sleep(0.4)  # pictures that come a little later


def to_setup(page, port):
    visit(page, port, "film", "document.querySelector('.film-keys .main')?.disabled === false && /both fencers seen|under 20/.test(document.querySelector('.lights').innerText)")


FENCERS = [[178, 210], [462, 210]]  # in the drawn phrase as the camera shows it


def to_marks(page, _):
    """In the set-up: the fencers by finger, the corners of the piste by keys, with shift in long steps."""
    page.click(".mark-keys summary")
    page.click(".mark-keys .pair button:first-child")
    for x, y in FENCERS:
        at = page.until(f"(() => {{ const m = document.querySelector('.marks')?.getScreenCTM(); return m && [{x} * m.a + m.e, {y} * m.d + m.f]; }})()")
        for kind in ("mousePressed", "mouseReleased"):
            page.ask("Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], button="left", clickCount=1)
    page.click(".mark-keys .pair button:nth-child(2)")
    page.run("document.querySelector('.marks').focus()")
    for key in ["ArrowDown"] * 6 + ["Enter"]:
        page.key(key)
    for way, times in (("ArrowLeft", 6), ("ArrowDown", 2), ("ArrowRight", 11)):
        for _ in range(times):
            page.key(way, modifiers=8)
        page.key("Enter")
    page.until("document.querySelectorAll('.marks circle').length === 6")


def to_filming(page, _):
    """From the set-up, as the camera begins its phrase anew."""
    page.run(WATCH)
    page.until("window.mark === 'begin'")
    page.run("document.querySelector('.film-keys .main').click()")
    page.until("!!document.querySelector('.film-running')")
    time.sleep(1)


def to_verdict(page, _):
    """Of the phrase that is being filmed."""
    page.run("window.tapping = true")
    page.until("!!document.querySelector('.film-verdict')", 120)


def to_review(page, port):
    visit(page, port, f"phrase/{PHRASE}", "!!document.querySelector('.card')")
    page.run("document.querySelector('.finding-text').click()")
    time.sleep(1)


def to_watch(page, port, programs, work):
    """A phrase that comes while the screen is open."""
    visit(page, port, "watch", "!!document.querySelector('.watch-state')")
    judged_phrase(programs, work, port, f"watched-{time.monotonic_ns()}", more=["--realtime"])
    page.until("!!document.querySelector('.watch .shown')")


def to_compare(page, port):
    """The phrase and itself in the bout, both at the hit."""
    visit(page, port, f"compare?a={PHRASE}&b={BOUT}%2Fphrase-01", "document.querySelectorAll('.half video').length === 2")
    page.until("[...document.querySelectorAll('.half video')].every((one) => one.readyState >= 2)")
    page.click(".compare-keys .key:last-child")
    time.sleep(1)


def to_choose(page, port):
    """What the phrase is laid beside: a bout, opened."""
    visit(page, port, f"compare?a={PHRASE}", "!!document.querySelector('summary.row')")
    page.click("summary.row")
    page.until("!!document.querySelector('details[open] .rows a')")


def to_share(page, port):
    visit(page, port, f"phrase/{PHRASE}", "!!document.querySelector('.share summary')")
    page.click(".share summary")
    page.click(".share .stack > button")
    page.until("!!document.querySelector('.share input[readonly]')")


def posted(port, path, body, token=""):
    fields = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", json.dumps(body).encode(), fields, method="POST")
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


@contextlib.contextmanager
def asking_for_tokens(programs, work):
    """Another service, which asks for tokens and has a wall paired: its port, and an owner's token."""
    own = work / "tokens"
    own.mkdir(exist_ok=True)
    made = subprocess.run([programs / "referee", "token", "club", "--file", own / "tokens"], check=True, capture_output=True, text=True)
    token = next(word for word in made.stdout.split() if word.startswith("piste_"))
    with service(programs / "referee_service", own, {"REFEREE_AUTH_TOKENS_FILE": str(own / "tokens")}) as (port, _):
        posted(port, "pair/claim", {"code": posted(port, "pair", {"role": "viewer", "device": "The wall"}, token)["code"]})
        yield port, token


def to_devices(page, guarded):
    """With a code for a phone."""
    port, token = guarded
    # Before the page's own scripts: without a token they are refused, and what is no page of ours seeks a favicon.
    page.ask("Page.addScriptToEvaluateOnNewDocument", source=f"if (location.port === '{port}') localStorage.setItem('token', '{token}')")
    visit(page, port, "devices", "!!document.querySelector('.rows button')")
    page.click("main form [type=submit]")
    page.until("document.querySelector('.qr img')?.naturalWidth > 0")


def to_agreement(page, port):
    """A person has said something."""
    said = json.dumps({"winner": "right", "reasons": ["attack"], "by": "A"}).encode()
    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/sessions/{PHRASE}/human_verdict", said, method="PUT"))
    visit(page, port, "agreement", "!!document.querySelector('.counts-table')")


def screens(programs, work, guarded):
    """Name: what leads to it, given page and port; in this order, as a film's screens follow each other."""
    return {
        "piste": lambda page, port: visit(page, port, "piste", "!!document.querySelector('.rows a')"),
        "film": to_setup,
        "marks": to_marks,
        "filming": to_filming,
        "verdict": to_verdict,
        "watch": lambda page, port: to_watch(page, port, programs, work),
        "review": to_review,
        "agreement": to_agreement,
        "bout": lambda page, port: visit(page, port, f"bout/{BOUT}", "!!document.querySelector('.rows a')"),
        "choose": to_choose,
        "compare": to_compare,
        "share": to_share,
        "upload": lambda page, port: visit(page, port, "upload", "!!document.querySelector('#video')"),
        "settings": lambda page, port: visit(page, port, "settings", "!!document.querySelector('#language')"),
        "devices": lambda page, _: to_devices(page, guarded),
        "pair": lambda page, _: visit(page, guarded[0], "pair/K7QF-2M9X", "!!document.querySelector('main .code')"),
    }


def picture_all(programs, out):
    out.mkdir(parents=True, exist_ok=True)
    with folder() as work, service(programs / "referee_service", work) as (port, _), asking_for_tokens(programs, work) as guarded:
        drawn_phrase(programs, work, "attack-from-right", size=(1280, 720), fps=30)  # pictures are looked at
        judged_phrase(programs, work, port)
        judged_bout(programs, work, port)
        with chromium(work, f"--use-file-for-fake-video-capture={camera_file(programs / 'referee', work)}",
                      "--hide-scrollbars") as page:
            for size, (width, height) in SIZES.items():
                for dark in (True, False):
                    page.size(width, height)
                    page.dark(dark)
                    for name, show in screens(programs, work, guarded).items():
                        show(page, port)
                        page.picture(out / f"{name}-{size}-{'dark' if dark else 'light'}.png")
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")


if __name__ == "__main__":
    picture_all(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
