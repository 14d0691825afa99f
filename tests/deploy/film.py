"""A drawn phrase as a camera of Chromium's shows it, again and again, with marks in a corner that tell when its hits are."""
import json
import ssl
import subprocess
import time
import urllib.request

from service import PATIENCE, ROOT, check

LEAD = 3.4  # s that the fencers stand before the phrase begins
BEGIN = 1.8  # s, when the mark says that filming should begin: so late that the page is ready the first time round
FPS = 30
PHRASE = 4.2  # s that the phrase and what precedes it take at least
# When the box's lamps come on in samples/attack-from-right.txt, by the picture's sides.
HITS = {"right": 3.19, "left": 3.32}


def camera_file(referee, work, fps=FPS, kind="mjpeg"):
    """The file that the fake camera plays; 640x360, which every machine encodes in time."""
    drawn, shown = work / "drawn.mkv", work / f"camera{fps}.{kind}"
    if not drawn.exists():
        subprocess.run([referee, "render", ROOT / "samples/attack-from-right.json", "--out", drawn, "--width", "640",
                        "--height", "360", "--fps", str(FPS)], check=True, stdout=subprocess.DEVNULL)
    mark = "drawbox=x=0:y=0:w=24:h=24:t=fill:color={}:enable='between(t,{},{})'"
    marks = [mark.format("black", 0, BEGIN), mark.format("cyan", BEGIN, BEGIN + .5), mark.format("black", BEGIN + .5, LEAD + HITS["right"] - .02),
             mark.format("magenta", LEAD + HITS["right"], LEAD + HITS["right"] + .6)]
    quality = ["-q:v", "3", "-f", "mjpeg"] if kind == "mjpeg" else ["-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", drawn, "-vf",
                    f"tpad=start_duration={LEAD}:start_mode=clone,{','.join(marks)},fps={fps}", *quality, shown], check=True)
    return shown


# In the page: window.started, what was said as the phrase began; window.mark is the colour in the corner of the preview; both sides are tapped when the hits' mark comes up, as a
# person who sees the lamps does.
WATCH = """(() => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function(data) {
    if (typeof data === 'string' && data.includes('session_start')) window.started = JSON.parse(data);
    send.call(this, data);
  };
  const Real = window.WebSocket;
  window.answered = [];
  window.WebSocket = class extends Real {
    constructor(url) { super(url); this.addEventListener('message', ({data}) => window.answered.push(JSON.parse(data).type)); }
  };
  const video = document.querySelector('video'), canvas = document.createElement('canvas');
  canvas.width = canvas.height = 8;
  const context = canvas.getContext('2d', {willReadFrequently: true});
  const look = () => {
    context.drawImage(video, 0, 0, 16, 16, 0, 0, 8, 8);
    const [r, g, b] = context.getImageData(4, 4, 1, 1).data;
    window.mark = b > 120 ? (r > 120 ? 'hit' : g > 120 ? 'begin' : '') : '';
    if (window.mark === 'hit' && window.tapping && document.querySelector('.tap')) {
      window.tapping = false;
      setTimeout(() => { for (const zone of document.querySelectorAll('.tap'))
        zone.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true})); }, 120);
    }
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
})()"""


def begin(page, address, query="", choose="0"):
    """To a film that runs; choose is run in the set-up."""
    page.go("about:blank")
    page.go(f"{address}/#/film{query}")
    page.until("document.querySelector('video')?.videoWidth > 0")
    page.run(WATCH)
    page.run(choose)
    page.until("!document.querySelector('.film-keys .main').disabled && window.mark === 'begin'")
    page.run("window.tapping = true, document.querySelector('.film-keys .main').click()")
    page.until("!!document.querySelector('.film-running')")


def film(page, address, query="", amid=lambda: None):
    """Films the phrase; amid is called while it runs. The verdict's text."""
    begin(page, address, query)
    amid()
    page.until("!!document.querySelector('.film-verdict')", 120)
    return page.run("document.querySelector('.film-verdict').innerText")


def here(port):
    return f"http://127.0.0.1:{port}"


def result_of(page, address, token):
    """The result of the phrase that was just filmed, once it is there."""
    phrase = page.run("document.querySelector('.film-keys a').hash.split('/').pop()")
    question = urllib.request.Request(f"{address}/sessions/{phrase}/result", headers={"Authorization": f"Bearer {token}"})
    trusting = ssl._create_unverified_context()
    end = time.monotonic() + 240
    while time.monotonic() < end:
        with urllib.request.urlopen(question, timeout=PATIENCE, context=trusting) as answer:
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
