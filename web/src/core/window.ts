// The units of a phrase, kept until the verdict is here: what the service lacks has to be sent again after a cut, and all of them
// where the service that had them is gone.
export interface Unit {
  number: number;
  seconds: number; // when it was taken, on the camera's clock
  encoding: 'h264' | 'jpeg';
  bytes: Uint8Array<ArrayBuffer>;
}

export class SentUnits {
  private readonly units = new Map<number, Unit>(); // not acknowledged
  private readonly there = new Map<number, Unit>(); // acknowledged, of those that can be kept
  private readonly again = new Set<number>(); // of units, those that were there and are sent once more
  private kept = 0; // bytes of there and again
  private complete = true;
  bytes = 0; // of units: what the service lacks
  newBytes = 0; // of these, what no service has had: so far the net is behind

  constructor(private readonly mostKept = 256 << 20) {}

  add(unit: Unit) {
    this.lack(unit);
    this.newBytes += unit.bytes.length;
  }

  acknowledge(number: number) {
    const unit = this.drop(number);
    if (!unit) return;
    if (this.kept + unit.bytes.length > this.mostKept) {
      this.complete = false;
      return;
    }
    this.there.set(number, unit);
    this.kept += unit.bytes.length;
  }

  // One that will never be taken.
  drop(number: number): Unit | undefined {
    const unit = this.units.get(number);
    if (!unit) return undefined;
    this.units.delete(number);
    this.bytes -= unit.bytes.length;
    if (this.again.delete(number)) this.kept -= unit.bytes.length;
    else this.newBytes -= unit.bytes.length;
    return unit;
  }

  // What the service has, as session_resumed tells it. What it had acknowledged and lacks is to be sent again.
  resumed(ranges: readonly (readonly [number, number])[]) {
    const has = (number: number) => ranges.some(([first, last]) => first <= number && number <= last);
    for (const number of [...this.units.keys()]) if (has(number)) this.acknowledge(number);
    for (const [number, unit] of [...this.there]) {
      if (has(number)) continue;
      this.there.delete(number);
      this.again.add(number);
      this.lack(unit);
    }
  }

  // No service has any of them any more. False: not all were kept.
  allLost(): boolean {
    this.resumed([]);
    return this.complete;
  }

  get(number: number): Unit | undefined {
    return this.units.get(number);
  }

  // In the order of their numbers.
  all(): Unit[] {
    return [...this.units.values()].sort((a, b) => a.number - b.number);
  }

  private lack(unit: Unit) {
    this.units.set(unit.number, unit);
    this.bytes += unit.bytes.length;
  }
}
