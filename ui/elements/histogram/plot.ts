import { BarController, BarElement, CategoryScale, Chart, LinearScale } from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

/** Colours as a canvas takes them. */
export interface PlotColours {
  readonly bar: string;
  readonly chosen: string;
  readonly text: string;
  readonly grid: string;
}

/** What is drawn. */
export interface Bars {
  readonly labels: readonly string[];
  readonly counts: readonly number[];
}

/** A bar plot on a canvas. */
export interface Plot {
  /** Draws these bars. */
  show(bars: Bars, colours: PlotColours): void;
  /** Colours the bars from one to another, both with it; null for none. */
  choose(span: { readonly from: number; readonly to: number } | null): void;
  /** The bar at a place, in pixels from the canvas's left edge. */
  barAt(x: number): number;
  /** Gives the canvas back. */
  destroy(): void;
}

/** Draws a plot on a canvas that is in the page. */
export function createPlot(canvas: HTMLCanvasElement): Plot {
  let span: { readonly from: number; readonly to: number } | null = null;
  let colours: PlotColours = { bar: "", chosen: "", text: "", grid: "" };
  const chart = new Chart(canvas, {
    type: "bar",
    data: {
      labels: [] as string[],
      datasets: [{ data: [] as number[], barPercentage: 1, categoryPercentage: 0.92 }],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      events: [],
      scales: {
        x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 24 } },
        y: { grid: {}, beginAtZero: true, ticks: { precision: 0, maxTicksLimit: 4 } },
      },
    },
  });

  function paint(): void {
    const [data] = chart.data.datasets;
    data!.backgroundColor = data!.data.map((_, at) =>
      span !== null && at >= span.from && at <= span.to ? colours.chosen : colours.bar
    );
    chart.update("none");
  }

  return {
    show({ labels, counts }, given) {
      colours = given;
      chart.data.labels = [...labels];
      chart.data.datasets[0]!.data = [...counts];
      for (const scale of Object.values(chart.options.scales!)) {
        scale!.ticks!.color = given.text;
        scale!.grid!.color = given.grid;
        scale!.border = { color: given.grid };
      }
      paint();
    },
    choose(wanted) {
      span = wanted;
      paint();
    },
    barAt(x) {
      const at = Math.round(Number(chart.scales["x"]!.getValueForPixel(x)));
      return Math.max(0, Math.min(at, chart.data.labels!.length - 1));
    },
    destroy: () => chart.destroy(),
  };
}
