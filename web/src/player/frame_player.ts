// A <video> that is led by frames, not by seconds: a frame is sought at the middle of its interval, and what is shown is read back
// from the browser. One seek at a time is under way; of the wishes that come meanwhile only the last counts.
import { clamp, middleOf, nearest, typicalGap } from '../core/times';

const patience = 1500; // ms, for a seek
// Slower than that, or backwards, browsers do not play: frames are stepped by the clock.
const slowestPlayed = 0.25;
// While a key is held forward the browser plays, at this pace: it shows pictures that follow each other much sooner than it seeks
// one. Where nothing is heard of the key any more it is let go.
const heldPictures = 25; // a second
const heldPatience = 400; // ms

export class FramePlayer {
  frame = 0;
  rate = 1;
  playing = false;
  private wanted: number | undefined;
  private seeking = false;
  private onScreen = -1;
  private timer = 0;
  private held = 0; // the timer while a key is held; 0: none is
  private over = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly times: readonly number[],
    // exact: the browser says that this frame is shown.
    private readonly shown: (frame: number, exact: boolean) => void,
    private readonly played: (playing: boolean) => void,
  ) {
    const follow = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      if (this.over) return;
      this.onScreen = nearest(times, mediaTime);
      // One more picture may come after the pause.
      if (!video.paused || (!this.seeking && this.onScreen !== this.frame)) this.tell(this.onScreen, true);
      video.requestVideoFrameCallback(follow);
    };
    video.requestVideoFrameCallback(follow);
  }

  show(frame: number) {
    this.halt();
    this.seek(frame);
  }

  step(by: number) {
    this.show((this.wanted ?? this.frame) + by);
  }

  // A key that goes on one picture is held: told again and again.
  hold() {
    const going = this.held > 0 && this.playing;
    clearTimeout(this.held);
    if (!going) this.play(Math.max(slowestPlayed, heldPictures * typicalGap(this.times)));
    this.held = window.setTimeout(() => this.release(), heldPatience);
  }

  release() {
    if (this.held && this.playing) this.pause();
    clearTimeout(this.held);
    this.held = 0;
  }

  play(rate = this.rate) {
    this.halt();
    this.rate = rate;
    this.playing = true;
    this.played(true);
    if (rate >= slowestPlayed) {
      this.video.playbackRate = rate;
      void this.video.play().catch(() => this.pause());
    } else {
      this.stepByClock();
    }
  }

  // A browser that is busy may show one picture more, or tell of one less: what it stopped at is asked for.
  pause() {
    const played = this.playing && this.rate >= slowestPlayed;
    this.halt();
    if (!played) return;
    this.onScreen = -1;
    this.seek(nearest(this.times, this.video.currentTime));
  }

  close() {
    this.over = true;
    clearTimeout(this.held);
    this.halt();
  }

  private halt() {
    clearTimeout(this.timer);
    this.video.pause();
    if (this.playing) this.played(false);
    this.playing = false;
  }

  private stepByClock() {
    const next = this.frame + Math.sign(this.rate);
    const gap = Math.abs((this.times[next] ?? 0) - (this.times[this.frame] ?? 0));
    if (next < 0 || next >= this.times.length) return this.pause();
    this.timer = window.setTimeout(
      () => {
        this.seek(next);
        if (this.playing) this.stepByClock();
      },
      (gap / Math.abs(this.rate)) * 1000,
    );
  }

  private seek(frame: number) {
    this.wanted = clamp(frame, 0, this.times.length - 1);
    this.frame = this.wanted;
    if (!this.seeking) void this.follow();
  }

  private async follow() {
    this.seeking = true;
    for (let i = this.wanted; i !== undefined; i = this.wanted) {
      this.wanted = undefined;
      const exact = (await this.sought(i)) || (await this.sought(i));
      if (this.wanted === undefined) this.tell(i, exact);
    }
    this.seeking = false;
  }

  private sought(i: number): Promise<boolean> {
    if (this.onScreen === i) return Promise.resolve(true);
    return new Promise((resolve) => {
      const given = setTimeout(() => resolve(false), patience);
      this.video.requestVideoFrameCallback((_, { mediaTime }) => {
        clearTimeout(given);
        this.onScreen = nearest(this.times, mediaTime);
        resolve(this.onScreen === i);
      });
      this.video.currentTime = middleOf(this.times, i);
    });
  }

  private tell(frame: number, exact: boolean) {
    this.frame = frame;
    this.shown(frame, exact);
    // The file may go on behind the last frame, to hold the verdict.
    if (this.playing && this.rate > 0 && frame === this.times.length - 1) this.pause();
  }
}
