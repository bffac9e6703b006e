// The two charts: plain, zero-based, with a gap where there was no data. The key above each chart shows the live figures.
import { el, text } from "./dom.js";
import { age, exact, latencyText, minute, rate, rateTick } from "./format.js";

const OUTCOMES = [
  { name: "stored", label: "stored" },
  { name: "duplicate", label: "duplicate" },
  { name: "quarantined", label: "quarantined" },
  { name: "released", label: "released" },
];
const QUANTILES = [
  { name: "p50", label: "p50" },
  { name: "p99", label: "p99" },
];
const MINUTE = 60_000;
/** How much of a span is drawn: the least that holds all points, so that a worker that has just started fills the chart. */
const WINDOWS = {
  quarter_hour: [1, 2, 5, 10, 15].map((minutes) => minutes * MINUTE),
  day: [1, 4, 12, 24].map((hours) => hours * 60 * MINUTE),
};

/** Records per second, stacked by outcome. */
export function throughputChart() {
  const chart = timeChart("Records per second", OUTCOMES, {
    stacked: true,
    value: (point, { name }) => point.per_second[name],
    dataset: (i) => ({ fill: i === 0 ? "origin" : "-1", borderWidth: 1 }),
    tick: rateTick,
    read: (value) => `${rate(value)}/s`,
  });
  return {
    ...chart,
    now: ({ per_second: now, records }) =>
      chart.keys(({ name }) => [rate(now[name]), `${exact(records[name])} since the start`]),
  };
}

/** From accepted by SQS to committed. */
export function ageChart() {
  const chart = timeChart("Age of an event when stored", QUANTILES, {
    stacked: false,
    value: (point, { name }) => point.event_age[name],
    dataset: (i) => ({ fill: false, borderWidth: i === 0 ? 2 : 1.5, borderDash: i === 0 ? [] : [3, 3] }),
    tick: (value) => (value === 0 ? "0" : latencyText(value)),
    read: (value) => latencyText(value),
  });
  return {
    ...chart,
    now: ({ event_age: now }) => chart.keys(({ name }) => [latencyText(now[name]), "of the last minute"]),
  };
}

function timeChart(title, series, { stacked, value, dataset, tick, read }) {
  const keys = series.map(({ name, label }) => ({
    name,
    swatch: el("i", { class: `swatch ${name}` }),
    figure: el("b", {}, "–"),
    label,
  }));
  const canvas = el("canvas", { role: "img", "aria-label": title });
  const nothing = el("p", { class: "nothing" }, "Reading…");
  const element = el(
    "figure",
    { class: "chart" },
    el(
      "figcaption",
      {},
      el("h2", {}, title),
      el(
        "p",
        { class: "keys" },
        keys.map(({ swatch, figure, label }) => el("span", {}, swatch, figure, ` ${label}`)),
      ),
    ),
    el("div", { class: "plot" }, canvas, nothing),
  );
  let chart = null;

  const recolour = () => {
    if (chart) {
      paint(chart, keys, stacked);
      chart.update("none");
    }
  };
  window.addEventListener("themechange", recolour);
  return {
    element,
    keys: (figures) =>
      keys.forEach((key) => {
        const [figure, hint] = figures(key);
        text(key.figure, figure);
        key.figure.parentElement.title = hint;
      }),
    update: (history, span) => {
      const lines = series.map((one) => points(history, (point) => value(point, one)));
      text(nothing, lines.every((line) => line.every(({ y }) => y === null)) ? noData(history) : "");
      chart ??= new window.Chart(canvas, options(series, dataset, stacked, tick, read));
      lines.forEach((line, i) => {
        chart.data.datasets[i].data = line;
      });
      Object.assign(chart.options.scales.x, drawn(history, span));
      paint(chart, keys, stacked);
      chart.update("none");
    },
    refused: (sentence) => {
      if (!chart) {
        text(nothing, sentence);
      }
    },
    close: () => {
      window.removeEventListener("themechange", recolour);
      chart?.destroy();
    },
  };
}

function noData({ points, step_seconds: step }) {
  return points.length === 0 ? `The first figures come after ${age(step)}` : "Nothing was stored in this span";
}

/** From when to when the axis goes. */
function drawn({ points, step_seconds: step }, span) {
  const max = points.length ? Date.parse(points.at(-1).at) : Date.now();
  const known = points.length ? max - Date.parse(points[0].at) - step * 1000 : 0;
  return { min: max - (WINDOWS[span].find((length) => length >= known) ?? WINDOWS[span].at(-1)), max };
}

/** A null after a hole of more than one step, so that the line breaks there. */
function points(history, value) {
  const step = history.step_seconds * 1000;
  const line = [];
  for (const point of history.points) {
    const x = Date.parse(point.at);
    if (line.length > 0 && x - line.at(-1).x > 1.5 * step) {
      line.push({ x: line.at(-1).x + step, y: null });
    }
    line.push({ x, y: value(point) ?? null });
  }
  return line;
}

function options(series, dataset, stacked, tick, read) {
  return {
    type: "line",
    data: {
      datasets: series.map(({ label }, i) => ({
        label,
        data: [],
        pointRadius: ({ dataset: { data: line }, dataIndex: i }) => (isAlone(line, i) ? 2 : 0),
        pointHitRadius: 0,
        clip: 3,
        tension: 0,
        spanGaps: false,
        ...dataset(i),
      })),
    },
    options: {
      animation: false,
      normalized: true,
      parsing: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      layout: { autoPadding: false, padding: { top: 4 } },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false,
          padding: 8,
          callbacks: {
            title: ([item]) => (item ? `${new Date(item.parsed.x).toISOString().slice(11, 19)} UTC` : ""),
            label: (item) => `${item.dataset.label} ${read(item.parsed.y)}`,
          },
        },
      },
      scales: {
        x: {
          type: "linear",
          grid: { display: false },
          ticks: { maxTicksLimit: 6, maxRotation: 0, callback: minute },
          afterBuildTicks: roundTimes,
        },
        y: {
          position: "right",
          stacked,
          beginAtZero: true,
          border: { display: false },
          grid: { lineWidth: 1, tickLength: 0 },
          ticks: { maxTicksLimit: 5, padding: 8, callback: tick },
        },
      },
    },
  };
}

/** Whether no line leads to a point or away from it, so that only a dot shows it. */
function isAlone(line, i) {
  return [i - 1, i + 1].every((j) => (line[j]?.y ?? null) === null);
}

/** Ticks at full minutes or hours, six at most; none so near to an end that its label would hang over. */
function roundTimes(axis) {
  const steps = [0.25, 0.5, 1, 2, 5, 15, 60, 120, 240].map((minutes) => minutes * MINUTE);
  const step = steps.find((length) => (axis.max - axis.min) / length <= 6);
  axis.ticks = [];
  const margin = 0.06 * (axis.max - axis.min);
  for (let at = Math.ceil((axis.min + margin) / step) * step; at <= axis.max - margin; at += step) {
    axis.ticks.push({ value: at });
  }
}

/** The colours of the style sheet, as it resolves them for the theme. */
function paint(chart, keys, stacked) {
  chart.data.datasets.forEach((line, i) => {
    const colour = getComputedStyle(keys[i].swatch).color;
    line.borderColor = colour;
    line.backgroundColor = stacked ? colour.replace("rgb(", "rgba(").replace(")", ", 0.32)") : colour;
  });
  const { color, borderTopColor, fontFamily } = getComputedStyle(chart.canvas);
  const { x, y } = chart.options.scales;
  [x, y].forEach((axis) => Object.assign(axis.ticks, { color, font: { family: fontFamily, size: 12 } }));
  y.grid.color = borderTopColor;
  x.border = { color: borderTopColor };
  chart.options.plugins.tooltip.titleFont = chart.options.plugins.tooltip.bodyFont = { family: fontFamily, size: 12 };
}
