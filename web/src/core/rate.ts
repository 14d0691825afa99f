// How many pictures a second a camera really gives: what it promises is no fact.
export class Rate {
  private readonly times: number[] = [];

  // seconds: when a picture was taken. The last 60 count.
  add(seconds: number) {
    if (seconds === this.times.at(-1)) return;
    this.times.push(seconds);
    if (this.times.length > 60) this.times.shift();
  }

  // By the median gap, which a hiccup does not move; nothing before there are 12.
  get perSecond(): number | undefined {
    if (this.times.length < 12) return undefined;
    const gaps = this.times
      .slice(1)
      .map((time, i) => time - this.times[i]!)
      .sort((a, b) => a - b);
    const median = gaps[gaps.length >> 1]!;
    return median > 0 ? 1 / median : undefined;
  }
}
