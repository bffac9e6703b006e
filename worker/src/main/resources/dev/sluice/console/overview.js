// The first screen: what flows, how fast, how late, and what needs a person.
import { get } from "./api.js";
import { ageChart, throughputChart } from "./charts.js";
import { copyable, el, shape, show, text } from "./dom.js";
import { clock, count, latencyText, plural, rate } from "./format.js";
import { change, here, link } from "./location.js";
import { drawing } from "./pipeline.js";
import { poll } from "./poll.js";

const SPANS = { quarter_hour: { label: "15 min", every: 5_000 }, day: { label: "24 h", every: 60_000 } };

export function open(main, session) {
  const headline = el("h1", { class: "headline" }, "Reading the worker's figures…");
  const flow = drawing();
  const throughput = throughputChart();
  const ages = ageChart();
  const spans = el("div", { class: "segmented", role: "group", "aria-label": "Span of the charts" });
  const charts = el("div", { class: "charts" }, throughput.element, ages.element);
  const first = el("div", { class: "first", hidden: true });
  const needs = el("ul", { class: "needs" });
  const needsPart = el(
    "section",
    { class: "needs-part", "aria-labelledby": "needs-title" },
    el("h2", { id: "needs-title" }, "Needs you"),
    needs,
  );
  show(
    main,
    el(
      "div",
      { class: "overview" },
      headline,
      flow.element,
      el("section", { class: "history", "aria-label": "History" }, spans, charts, first),
      needsPart,
    ),
  );

  session.onStatus((status) => {
    text(headline, sentence(status));
    flow.update(status, session.quarantined);
    throughput.now(status);
    ages.now(status);
    const untouched = status.last_commit_at === null && status.records.quarantined === 0;
    charts.hidden = untouched;
    spans.hidden = untouched;
    first.hidden = !untouched;
    if (untouched && first.childElementCount === 0) {
      show(first, firstStart(status));
    }
  });

  const stops = [poll(15_000, () => readNeeds(needs, session))];
  let stopHistory = () => {};
  const moved = () => {
    const span = here().parameters.get("span") === "day" ? "day" : "quarter_hour";
    show(
      spans,
      Object.entries(SPANS).map(([name, { label }]) =>
        el(
          "button",
          {
            type: "button",
            "aria-pressed": String(name === span),
            on: {
              click: () => {
                change({ span: name === "day" ? "day" : "" });
                moved();
                spans.querySelector("[aria-pressed=true]").focus();
              },
            },
          },
          label,
        ),
      ),
    );
    stopHistory();
    stopHistory = poll(SPANS[span].every, () => readHistory(span, throughput, ages));
  };
  moved();
  return {
    moved,
    stateChanged: () => readNeeds(needs, session),
    close: () => {
      stopHistory();
      stops.forEach((stop) => stop());
      [flow, throughput, ages].forEach((part) => part.close());
    },
  };
}

/** What a person wants to know first, in one sentence. */
function sentence(status) {
  const waiting = status.queue_depth?.visible ?? null;
  switch (status.state) {
    case "starting":
      return "Ready. Nothing has been received yet.";
    case "idle":
      return status.last_commit_at === null
        ? "The queue is empty. Nothing has arrived yet."
        : `The queue is empty; last event stored ${clock(status.last_commit_at)}.`;
    case "circuit_open":
      return waiting === null
        ? "Nothing flows, and nothing is lost."
        : `Nothing flows, and nothing is lost: ${plural(waiting, "message waits", "messages wait")} in the queue.`;
    case "queue_unreachable":
      return "Nothing arrives: the queue does not answer.";
    case "draining":
      return status.in_flight.records === 0
        ? "Shutting down. Nothing is in flight."
        : `Finishing ${plural(status.in_flight.records, "record")} in flight.`;
    default:
      return running(status, waiting);
  }
}

function running(status, waiting) {
  const half = status.event_age.p50 === null ? "" : `, half of them within ${latencyText(status.event_age.p50)}`;
  const backlog =
    waiting === null
      ? ""
      : waiting === 0
        ? " Nothing waits."
        : ` ${waiting < 1e6 ? plural(waiting, "message waits", "messages wait") : `${count(waiting)} messages wait`}.`;
  return `${rate(status.per_second.stored)} events stored per second${half}.${backlog}`;
}

function firstStart(status) {
  return [
    el("h2", {}, "No event yet"),
    el(
      "p",
      {},
      "Throughput by outcome and the age of events are drawn here as soon as the first event is stored. To send a sample, write one JSON object per line to a file and run:",
    ),
    el("p", { class: "command" }, copyable(`sluice send events.ndjson --queue ${status.queue.split("/").pop()}`, 200)),
  ];
}

async function readHistory(span, throughput, ages) {
  try {
    const history = await get("history", { span });
    throughput.update(history, span);
    ages.update(history, span);
  } catch (refused) {
    throughput.refused(refused.message);
    ages.refused(refused.message);
  }
}

async function readNeeds(list, session) {
  try {
    const { items } = await get("needs");
    show(
      list,
      items.map((item) => need(item, session)),
    );
  } catch (refused) {
    show(list, el("li", { class: "warn" }, shape("warn"), el("span", {}, refused.message)));
  }
}

const LEVELS = { ok: "Fine: ", warn: "Needs a look: ", fail: "Fails: " };

function need({ level, text: words, view }, session) {
  const look =
    view && view !== "overview"
      ? el(
          "a",
          { href: link(view) },
          level === "ok" ? viewTitle(view) : "Look",
          el("span", { class: "visually-hidden" }, `: ${words}`),
        )
      : null;
  const replay =
    view === "quarantine" && session.me.replay && session.status?.state !== "circuit_open"
      ? el("a", { href: link(view, { replay: "1" }) }, "Replay")
      : null;
  return el(
    "li",
    { class: level },
    shape(level),
    el("span", {}, el("span", { class: "visually-hidden" }, LEVELS[level]), words),
    el("span", { class: "links" }, look, replay),
  );
}

function viewTitle(view) {
  return view[0].toUpperCase() + view.slice(1);
}
