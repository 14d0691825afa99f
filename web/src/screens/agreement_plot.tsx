// How sure the service was against how often people agreed: on the line, its confidences are what they say. The table beside it
// says the same in numbers.
import { type Count, interval } from '../core/agreement';
import { more } from '../words/more';

const size = 200;
const least = 0.4; // nothing is less sure, of two

function at(share: number): number {
  return ((Math.max(share, least) - least) / (1 - least)) * size;
}

function Point({ of }: { of: Count }) {
  const [low, high] = interval(of);
  const x = at(of.expected);
  const y = (share: number) => size - at(share);
  return (
    <>
      <line x1={x} x2={x} y1={y(low)} y2={y(high)} />
      <circle cx={x} cy={y(of.agreed / of.of)} r={4 + Math.min(8, Math.sqrt(of.of))} />
    </>
  );
}

export function Calibration({ counts }: { counts: readonly Count[] }) {
  const t = more.value.agreement;
  return (
    <figure class="calibration">
      <svg viewBox={`-8 -8 ${size + 16} ${size + 16}`} role="img" aria-label={t.plot}>
        <path d={`M0 0V${size}H${size}M0 ${size}L${size} 0`} />
        {counts
          .filter(({ of }) => of > 0)
          .map((one) => (
            <Point key={one.expected} of={one} />
          ))}
      </svg>
      <figcaption class="quiet small">{t.plot}</figcaption>
    </figure>
  );
}
