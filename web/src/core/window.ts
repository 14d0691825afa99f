// The units of a phrase that the service has not acknowledged yet: what has to be sent again after a cut.
export interface Unit {
  number: number;
  seconds: number; // when it was taken, on the camera's clock
  encoding: 'h264' | 'jpeg';
  bytes: Uint8Array<ArrayBuffer>;
}

export class Unacknowledged {
  private readonly units = new Map<number, Unit>();
  bytes = 0;

  add(unit: Unit) {
    this.units.set(unit.number, unit);
    this.bytes += unit.bytes.length;
  }

  acknowledge(number: number) {
    const unit = this.units.get(number);
    if (!unit) return;
    this.units.delete(number);
    this.bytes -= unit.bytes.length;
  }

  // What the service has, as session_resumed tells it.
  acknowledgeRanges(ranges: readonly (readonly [number, number])[]) {
    for (const number of [...this.units.keys()]) {
      if (ranges.some(([first, last]) => first <= number && number <= last)) this.acknowledge(number);
    }
  }

  get(number: number): Unit | undefined {
    return this.units.get(number);
  }

  // In the order of their numbers.
  all(): Unit[] {
    return [...this.units.values()].sort((a, b) => a.number - b.number);
  }

  get count(): number {
    return this.units.size;
  }
}
