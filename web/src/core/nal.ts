// H.264 as bytes: NAL units behind start codes (Annex B), which the service wants, or behind lengths (avcC), which an encoder may
// write though it was asked not to.
const SPS = 7;
const PPS = 8;

function startCodes(bytes: Uint8Array): { at: number; length: number }[] {
  const found: { at: number; length: number }[] = [];
  for (let i = 0; i + 2 < bytes.length; ++i) {
    if (bytes[i] !== 0 || bytes[i + 1] !== 0 || bytes[i + 2] !== 1) continue;
    const long = i > 0 && bytes[i - 1] === 0;
    found.push({ at: long ? i - 1 : i, length: long ? 4 : 3 });
    i += 2;
  }
  return found;
}

export function nalUnits(bytes: Uint8Array): Uint8Array[] {
  const codes = startCodes(bytes);
  return codes.map(({ at, length }, i) => bytes.subarray(at + length, codes[i + 1]?.at ?? bytes.length));
}

function joined(units: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(units.reduce((sum, unit) => sum + 4 + unit.length, 0));
  let at = 0;
  for (const unit of units) {
    out.set([0, 0, 0, 1], at);
    out.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return out;
}

function behindLengths(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units: Uint8Array[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = view.getUint32(at);
    units.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return units;
}

// SPS and PPS of an AVCDecoderConfigurationRecord.
function parameterSets(description: Uint8Array): Uint8Array[] {
  const view = new DataView(description.buffer, description.byteOffset, description.byteLength);
  const sets: Uint8Array[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = view.getUint8(at++) & mask;
    for (let i = 0; i < count; ++i) {
      const length = view.getUint16(at);
      sets.push(description.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return sets;
}

// Makes of an encoder's chunks the units that the protocol wants: Annex B, each key frame with its SPS and PPS.
export class UnitWriter {
  private lengths = false;
  private sets: Uint8Array[] = [];

  // description: of the encoder's decoderConfig; there is one only where it writes lengths.
  describe(description: Uint8Array) {
    this.lengths = true;
    this.sets = parameterSets(description);
  }

  write(bytes: Uint8Array<ArrayBuffer>, key: boolean): Uint8Array<ArrayBuffer> {
    const units = this.lengths ? behindLengths(bytes) : nalUnits(bytes);
    if (!key) return this.lengths ? joined(units) : bytes;
    const own = units.filter((unit) => (unit[0]! & 31) === SPS || (unit[0]! & 31) === PPS);
    if (own.length >= 2) {
      this.sets = own.map((unit) => unit.slice());
      return this.lengths ? joined(units) : bytes;
    }
    return joined([...this.sets, ...units.filter((unit) => !own.includes(unit))]);
  }
}
