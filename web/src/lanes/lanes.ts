// What happened when, on one canvas: lamps, blades, what each fencer does, and the findings as bars, up for left, down for right.
import type { Span } from '../core/events';
import type { Action, Finding, Result, Side } from '../core/protocol';

export interface LaneStyle {
  left: string;
  right: string;
  text: string;
  quiet: string;
  line: string;
  accent: string;
  font: string;
}

export interface LaneView {
  result: Result;
  span: Span;
  now: number;
  chosen: Finding | undefined;
  piece: Span | undefined; // that is to be cut
  word(kind: string): string;
  sides: [Side, Side];
  style: LaneStyle;
}

// The lanes' heights in CSS pixels, in the order in which they lie.
export const laneHeights = { lamps: 28, contacts: 20, first: 34, second: 34, findings: 84 } as const;
export const lanesHeight = Object.values(laneHeights).reduce((sum, height) => sum + height, 0);

class Painter {
  constructor(
    readonly context: CanvasRenderingContext2D,
    readonly width: number,
    readonly view: LaneView,
  ) {}

  x(time: number): number {
    const { begin, end } = this.view.span;
    return ((time - begin) / (end - begin)) * this.width;
  }

  colour(side: Side): string {
    return this.view.style[side];
  }

  line(x: number, y: number, height: number, colour: string, width = 1) {
    this.context.fillStyle = colour;
    this.context.fillRect(x - width / 2, y, width, height);
  }
}

function lamps(painter: Painter, y: number, height: number) {
  const { context, view } = painter;
  for (const { side, time, valid, error_ms } of view.result.phrase.touches) {
    const at = painter.x(time);
    const reach = Math.max(1, painter.x(time + (error_ms ?? 0) / 1000) - at);
    context.fillStyle = view.style[side];
    context.globalAlpha = 0.3;
    context.fillRect(at - reach, y + 3, 2 * reach, height - 6);
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(at, y + height / 2, 8, 0, 7);
    if (valid) context.fill();
    context.strokeStyle = view.style[side];
    context.lineWidth = 2;
    context.stroke();
  }
}

function actionBar(painter: Painter, { kind, start, end, confidence, side }: Action, y: number, height: number) {
  const { context, view } = painter;
  const [from, to] = [painter.x(start), Math.max(painter.x(end), painter.x(start) + 2)];
  const quietly = kind === 'pause';
  context.globalAlpha = (quietly ? 0.15 : 0.35) + 0.4 * confidence * (quietly ? 0.2 : 1);
  context.fillStyle = painter.colour(side);
  context.fillRect(from, y + 2, to - from, height - 4);
  context.globalAlpha = 1;
  const word = view.word(kind);
  if (context.measureText(word).width + 8 > to - from) return;
  context.fillStyle = view.style.text;
  context.fillText(word, from + 4, y + height / 2);
}

// What is short lies over what is long: an attack over the advance that it is part of.
function actions(painter: Painter, side: Side, y: number, height: number) {
  const own = painter.view.result.actions.filter((action) => action.side === side);
  const long = new Set(['advance', 'retreat', 'pause']);
  for (const one of own.filter(({ kind }) => long.has(kind))) actionBar(painter, one, y + height / 2, height / 2);
  for (const one of own.filter(({ kind }) => !long.has(kind))) actionBar(painter, one, y, height / 2);
}

function findings(painter: Painter, y: number, height: number) {
  const { view } = painter;
  const middle = y + height / 2;
  const heaviest = Math.max(0.5, ...view.result.decision.trace.map(({ weight }) => weight));
  painter.line(painter.width / 2, middle, 1, view.style.quiet, painter.width);
  for (const finding of view.result.decision.trace) {
    if (!finding.favours) continue;
    const long = Math.max(3, (finding.weight / heaviest) * (height / 2 - 4));
    const at = painter.x(finding.time);
    const top = finding.favours === 'left' ? middle - long : middle;
    painter.line(at, top, long, painter.colour(finding.favours), finding === view.chosen ? 14 : 8);
    if (finding === view.chosen) painter.line(at, y, height, view.style.accent, 2);
  }
}

// What is not in it lies in the shade.
function piece(painter: Painter, { begin, end }: Span) {
  const { context, view, width } = painter;
  const [from, to] = [painter.x(begin), painter.x(end)];
  context.fillStyle = view.style.line;
  context.globalAlpha = 0.6;
  context.fillRect(0, 0, from, lanesHeight);
  context.fillRect(to, 0, width - to, lanesHeight);
  context.globalAlpha = 1;
  painter.line(from, 0, lanesHeight, view.style.text, 2);
  painter.line(to, 0, lanesHeight, view.style.text, 2);
}

export function drawLanes(canvas: HTMLCanvasElement, view: LaneView) {
  const dense = globalThis.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round(lanesHeight * dense);
  const context = canvas.getContext('2d');
  if (!context || !width) return;
  context.scale(dense, dense);
  context.font = view.style.font;
  context.textBaseline = 'middle';
  const painter = new Painter(context, width, view);
  let y = 0;
  for (const [name, height] of Object.entries(laneHeights)) {
    painter.line(width / 2, y + height - 1, 1, view.style.line, width);
    if (name === 'lamps') lamps(painter, y, height);
    if (name === 'contacts') {
      for (const { time } of view.result.phrase.blade_contacts)
        painter.line(painter.x(time), y + 3, height - 6, view.style.text, 3);
    }
    if (name === 'first') actions(painter, view.sides[0], y, height);
    if (name === 'second') actions(painter, view.sides[1], y, height);
    if (name === 'findings') findings(painter, y, height);
    y += height;
  }
  if (view.piece) piece(painter, view.piece);
  painter.line(painter.x(view.now), 0, lanesHeight, view.style.accent, 2);
}
