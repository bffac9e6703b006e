// The pipeline as it runs: four stations on one line of water. The line's weight is the rate, and a closed gate breaks it.
import { el, shape, svg, text } from "./dom.js";
import { age, bytes, count, exact, latency, latencyText, plural, rate, time } from "./format.js";

const STATIONS = [
  { name: "queue", title: "Queue" },
  { name: "map", title: "Map", does: "validate, mask" },
  { name: "store", title: "Store", does: "COPY, commit" },
  { name: "settle", title: "Settle", does: "delete" },
];
const HOPS = ["arriving", "storing", "settling"];

/** @returns its element, `update` for each status, and `close` */
export function drawing() {
  const stations = Object.fromEntries(STATIONS.map((station) => [station.name, stationCard(station)]));
  const quarantine = quarantineCard();
  const facts = el("dl", { class: "facts" });
  const water = svg("svg", { class: "water", "aria-hidden": "true", focusable: "false" });
  const element = el(
    "section",
    { class: "flow", "aria-label": "What flows" },
    water,
    el(
      "ol",
      { class: "stations" },
      STATIONS.map(({ name }) => stations[name].element),
    ),
    facts,
    quarantine.element,
  );
  const lines = waterLines(water, element, { ...stations, quarantine });
  const resized = new ResizeObserver(() => lines.place());
  resized.observe(element);
  return {
    element,
    update: (status, stored) => {
      updateStations(stations, status);
      quarantine.update(status, stored);
      updateFacts(facts, status);
      element.dataset.state = status.state;
      lines.flow(status);
    },
    close: () => resized.disconnect(),
  };
}

function stationCard({ name, title, does }) {
  const figure = el("b", {});
  const unit = el("span", { class: "unit" });
  const word = el("p", { class: "does" }, does ?? "");
  const detail = el("p", { class: "detail" });
  const element = el(
    "li",
    { class: `station ${name}` },
    el("h2", {}, title),
    el("p", { class: "figure" }, figure, " ", unit),
    word,
    detail,
  );
  return { element, figure, unit, word, detail };
}

function updateStations(stations, status) {
  const depth = status.queue_depth;
  text(stations.queue.figure, depth ? count(depth.visible) : "–");
  stations.queue.figure.title = exact(depth?.visible);
  stations.queue.element.classList.toggle("quiet-figure", depth === null);
  text(stations.queue.word, "waiting");
  text(stations.queue.detail, queueDetail(status, depth));
  for (const name of ["map", "store", "settle"]) {
    const { p50, p99 } = status.stages[name] ?? { p50: null, p99: null };
    const [figure, unit] = latency(p50);
    text(stations[name].figure, figure);
    text(stations[name].unit, unit);
    stations[name].element.classList.toggle("quiet-figure", p50 === null);
    text(stations[name].detail, p99 === null ? "nothing in the last minute" : `p99 ${latencyText(p99)}`);
  }
}

function queueDetail(status, depth) {
  if (!depth) {
    return "not read yet";
  }
  const { oldest_age_seconds: oldest } = depth;
  const { p50 } = status.stages.receive ?? { p50: null };
  // A receive waits for messages: long polls of an almost empty queue are long, and that is no delay.
  return (
    [
      oldest === null ? "" : `oldest ${oldest < 1 ? latencyText(oldest) : age(oldest)}`,
      p50 === null ? "" : `long poll ${latencyText(p50)}`,
    ]
      .filter(Boolean)
      .join(" · ") || "nothing in the last minute"
  );
}

function quarantineCard() {
  const figure = el("b", {});
  const word = el("span", {});
  const detail = el("p", { class: "detail" });
  const sign = el("span", { class: "sign" });
  const element = el(
    "a",
    { class: "station quarantine", href: "#/quarantine" },
    el("p", { class: "figure" }, sign, figure, " ", word),
    detail,
  );
  let shown = null;
  const update = (status, stored) => {
    const counted = status.records.quarantined;
    // The total is read less often: what this worker has quarantined since then is added.
    const n = stored ? stored.total + Math.max(0, counted - (stored.counted ?? counted)) : counted;
    text(figure, count(n));
    text(word, stored === null ? "rejected" : "in quarantine");
    text(detail, n === 0 ? "nothing was rejected" : reasons(status, stored));
    if (shown !== n > 0) {
      shown = n > 0;
      element.classList.toggle("empty", n === 0);
      sign.replaceChildren(shape(n === 0 ? "ok" : "warn"));
    }
  };
  return { element, update };
}

/** The two most frequent reasons: of what is stored, else of what the worker has counted itself. */
function reasons(status, stored) {
  const counts = new Map(stored ? [] : Object.entries(status.quarantined_by_reason));
  stored?.reasons.forEach(({ reason, count: n }) => counts.set(reason, n + (counts.get(reason) ?? 0)));
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 2)
    .map(([reason, n]) => `${reason} ${exact(n)}`)
    .join(", ");
}

function updateFacts(facts, status) {
  const depth = status.queue_depth;
  const rows = [
    ["In flight", `${plural(status.in_flight.records, "record")} · ${bytes(status.in_flight.bytes)}`],
    ["Last commit", status.last_commit_at ? time(status.last_commit_at) : "none yet"],
    ["Connections", `${status.pool.active} of ${status.pool.max} in use`],
    ["Dead letters", status.dead_letters === null ? "not available" : count(status.dead_letters)],
    ["Postponed", depth ? count(depth.delayed) : "not read yet"],
  ];
  facts.replaceChildren(...rows.map(([what, value]) => el("div", {}, el("dt", {}, what), el("dd", {}, value))));
}

/** Draws the hops between the cards wherever the style sheet put those: side by side, or one below the other. */
function waterLines(water, container, cards) {
  const hops = HOPS.map((name) => ({
    bed: svg("path", { class: `bed ${name}` }),
    stream: svg("path", { class: `stream ${name}` }),
    gate: svg("path", { class: `gate ${name}` }),
    label: svg("text", { class: "rate" }),
  }));
  const branch = svg("path", { class: "branch" });
  const label = svg("text", { class: "rate rejected" });
  water.append(branch, label, ...hops.flatMap(({ bed, stream, gate, label: words }) => [bed, stream, gate, words]));

  const place = () => {
    const origin = container.getBoundingClientRect();
    const box = (card) => {
      const { left, right, top, bottom } = card.element.getBoundingClientRect();
      return {
        left: left - origin.left,
        right: right - origin.left,
        top: top - origin.top,
        bottom: bottom - origin.top,
      };
    };
    const [queue, map, store, settle, quarantine] = ["queue", "map", "store", "settle", "quarantine"].map((name) =>
      box(cards[name]),
    );
    const stacked = map.top >= queue.bottom;
    [
      [queue, map],
      [map, store],
      [store, settle],
    ].forEach(([from, to], i) => placeHop(hops[i], from, to, stacked));
    branch.setAttribute("d", stacked ? rail(map, quarantine) : fall(map, store, quarantine));
    const middle = (map.left + map.right) / 2 + (store.left + store.right) / 2;
    label.setAttribute("visibility", stacked ? "hidden" : "visible"); // no room beside the rail; the card says the number
    label.setAttribute("x", middle / 2);
    label.setAttribute("y", (quarantine.top + quarantine.bottom) / 2 - 9);
  };
  return { place, flow: (status) => flow(status, hops, branch, label) };
}

function placeHop({ bed, stream, gate, label }, from, to, stacked) {
  if (stacked) {
    const x = from.left + 40;
    const y = (from.bottom + to.top) / 2;
    [bed, stream].forEach((path) => path.setAttribute("d", `M${x} ${from.bottom}V${to.top}`));
    gate.setAttribute("d", `M${x - 12} ${y}h24`);
    label.setAttribute("text-anchor", "start");
    label.setAttribute("x", x + 22);
    label.setAttribute("y", y + 5);
    return;
  }
  const y = (from.top + from.bottom) / 2;
  const x = (from.right + to.left) / 2;
  [bed, stream].forEach((path) => path.setAttribute("d", `M${from.right} ${y}H${to.left}`));
  gate.setAttribute("d", `M${x} ${y - 20}v40`);
  label.setAttribute("text-anchor", "middle");
  label.setAttribute("x", x);
  label.setAttribute("y", y - 16);
}

/** Wide: both stations' rejects fall into one channel that leads right. */
function fall(map, store, quarantine) {
  const y = (quarantine.top + quarantine.bottom) / 2;
  const [a, b] = [map, store].map(({ left, right }) => (left + right) / 2);
  return `M${a} ${map.bottom}V${y - 12}q0 12 12 12H${quarantine.left}M${b} ${store.bottom}V${y - 12}q0 12 12 12`;
}

/** Narrow: a rail along the right edge. */
function rail(map, quarantine) {
  const x = map.right + 14;
  const [from, to] = [map, quarantine].map(({ top, bottom }) => (top + bottom) / 2);
  return `M${map.right} ${from}h4q10 0 10 10V${to - 10}q0 10 -10 10h-4M${x} ${to}`;
}

function flow(status, hops, branch, label) {
  const { stored, duplicate, quarantined } = status.per_second;
  const rates = [stored + duplicate + quarantined, stored + duplicate, stored + duplicate + quarantined];
  const open = OPEN[status.state];
  hops.forEach(({ bed, stream, gate, label: words }, i) => {
    const weight = width(open[i] === "flows" ? rates[i] : 0);
    bed.setAttribute("stroke-width", weight);
    stream.setAttribute("stroke-width", weight);
    [bed, stream, gate].forEach((path) => path.setAttribute("data-hop", open[i]));
    stream.classList.toggle("still", open[i] !== "flows" || rates[i] === 0);
    text(words, open[i] === "flows" && rates[i] > 0 ? `${rate(rates[i])}/s` : "");
  });
  branch.setAttribute("stroke-width", quarantined > 0 ? Math.min(5, width(quarantined)) : 1.5);
  branch.classList.toggle("dry", status.records.quarantined === 0);
  text(label, status.records.quarantined === 0 ? "" : `${count(status.records.quarantined)} rejected since the start`);
}

/** By state, what each hop does: flows, waits (dotted), or is closed (a gate). */
const OPEN = {
  starting: ["waits", "waits", "waits"],
  running: ["flows", "flows", "flows"],
  idle: ["flows", "flows", "flows"],
  circuit_open: ["waits", "closed", "waits"],
  queue_unreachable: ["closed", "waits", "waits"],
  draining: ["waits", "flows", "flows"],
};

/** Logarithmic, so that 1/s and 10,000/s are both seen: 2 px at rest, 12 px at 30,000/s. */
function width(perSecond) {
  return perSecond <= 0 ? 2 : Math.min(12, 2.5 + 2.1 * Math.log10(1 + perSecond));
}
