// Curves over the lanes' time, by uPlot: the distance between the fencers, and how fast each comes forward.
import uPlot from 'uplot';
import type { Span } from '../core/events';

export interface Line {
  label: string;
  colour(): string;
  dash?: number[];
  values: readonly (number | null)[];
}

export interface PlotStyle {
  quiet: string;
  line: string;
  accent: string;
  font: string;
}

// Its y axis is as wide as the lanes' names, so that both have one time axis.
export interface Size {
  width: number;
  height: number;
  names: number;
}

export class Plot {
  private readonly plot: uPlot;
  private now = 0;

  constructor(host: HTMLElement, times: readonly number[], lines: readonly Line[], style: () => PlotStyle, size: Size) {
    const options: uPlot.Options = {
      width: size.width,
      height: size.height,
      padding: [6, 0, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false } },
      axes: [
        { show: false },
        {
          size: size.names,
          font: style().font,
          stroke: () => style().quiet,
          grid: { stroke: () => style().line },
          ticks: { stroke: () => style().line },
        },
      ],
      series: [
        {},
        ...lines.map(({ label, colour, dash }) => ({ label, stroke: colour, width: 2, ...(dash && { dash }) })),
      ],
      hooks: { draw: [(plot) => this.drawNow(plot, style().accent)] },
    };
    const data = [times, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;
    this.plot = new uPlot(options, data, host);
  }

  show({ begin, end }: Span, now: number) {
    this.now = now;
    this.plot.setScale('x', { min: begin, max: end });
  }

  resize(width: number) {
    this.plot.setSize({ width, height: this.plot.height });
  }

  timeAt(clientX: number): number {
    return this.plot.posToVal(clientX - this.plot.over.getBoundingClientRect().x, 'x');
  }

  close() {
    this.plot.destroy();
  }

  private drawNow(plot: uPlot, colour: string) {
    const x = plot.valToPos(this.now, 'x', true);
    plot.ctx.fillStyle = colour;
    plot.ctx.fillRect(x - 1, plot.bbox.top, 2, plot.bbox.height);
  }
}
