"""How fast the page is in Debian's Chromium, without a GPU: from a phrase's address to its first picture, and pictures a second while a key
is held down; and how many bytes its screens fetch first, by brotli (web/budgets). usage: page_figures.py PROGRAMS [--seconds 60] [--size 1280x720]"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/deploy"))
from chromium import chromium  # noqa: E402
from service import folder, service  # noqa: E402

# ms until the review of that phrase shows a picture of its film.
FIRST = """new Promise((shown) => { const begin = performance.now(); location.hash = '#/phrase/long'; const look = () => {
    const video = document.querySelector('.frame video');
    if (!video) return setTimeout(look, 1);
    video.requestVideoFrameCallback(() => shown(performance.now() - begin)); }; look(); })"""
# Pictures that are shown in two seconds while the key repeats as fast as keyboards do.
HELD = """new Promise((done) => { const video = document.querySelector('.frame video'); let pictures = 0, over = false;
    const count = () => { ++pictures; if (!over) video.requestVideoFrameCallback(count); }; video.requestVideoFrameCallback(count);
    const press = setInterval(() => dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', code: 'ArrowRight', repeat: true})), 33);
    setTimeout(() => { over = true; clearInterval(press); done(pictures / 2); }, 2000); })"""


def film(programs, work, seconds, size):
    """The drawn phrase, and then what follows a phrase: again and again the same."""
    drawn, long = work / "drawn.mp4", work / "long.mp4"
    width, height = size.split("x")
    subprocess.run([programs / "referee", "render", ROOT / "samples/attack-from-right.json", "--out", drawn, "--width", width, "--height", height],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", drawn, "-t", str(seconds), "-c", "copy", long], check=True)
    return long


def first_picture(page, port):
    page.go("about:blank")
    page.go(f"http://127.0.0.1:{port}/#/piste")
    page.until("!!document.querySelector('.rows a')")
    return page.run(FIRST)


def bytes_fetched(programs):
    """As the build has measured them: {"first": 23456, ...}."""
    told = next((programs.parent / "src/site").rglob("sizes"), None)
    return {line.split()[0]: int(line.split()[1]) for line in told.read_text().splitlines()} if told else {}


def measure(options):
    with folder() as work, service(options.programs / "referee_service", work) as (port, _):
        subprocess.run([options.programs / "referee_client_streaming", f"http://127.0.0.1:{port}", "--video",
                        film(options.programs, work, options.seconds, options.size), "--signal", ROOT / "samples/attack-from-right.txt",
                        "--encoding", "h264", "--session-id", "long", "--output", work / "result.json"], check=True, stdout=subprocess.DEVNULL)
        with chromium(work) as page:
            page.size(1440, 900)
            first = [first_picture(page, port) for _ in range(5)]
            page.run("dispatchEvent(new KeyboardEvent('keydown', {key: 'Home', code: 'Home'}))")
            held = [page.run(HELD) for _ in range(3)]
            return {"bytes": bytes_fetched(options.programs), "seconds": options.seconds, "size": options.size, "first_picture_ms": round(statistics.median(first), 1),
                    "first_picture_slowest_ms": round(max(first), 1), "held_pictures_per_second": round(statistics.median(held), 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--size", default="1280x720")
    print(json.dumps(measure(parser.parse_args())))


main()
