// What was refused and why: by reason, then record by record. Never the record itself.
import { get } from "./api.js";
import { copyable, el, show, text } from "./dom.js";
import { bytes, exact, plural, time } from "./format.js";
import { change, here, link } from "./location.js";
import { listing } from "./listing.js";
import { pageOf, part } from "./page.js";
import { openReplay } from "./replay.js";

const PAGE = 50;

export function open(main, session) {
  const { body, reload, stateChanged } = pageOf(
    main,
    "Quarantine",
    "Records that do not fit the pipeline. They are kept sealed with their reason; nothing here shows what they contain.",
    () => read(),
  );
  const reasons = listing({
    label: "Quarantine by reason",
    columns: () => REASONS,
    empty: () => EMPTY,
    noun: "reason",
    prefix: "by_",
    filter: "none",
    rowClass: ({ reason }) => (reason === here().parameters.get("reason") ? "chosen" : null),
  });
  const records = listing({
    label: "Quarantined records",
    columns: () => RECORDS.filter(({ needed }) => !needed || shown.some(needed)),
    empty: () => "No record matches. Choose another reason, or another span.",
    noun: "record",
    filter: "apart",
  });
  const older = el("button", { type: "button", class: "secondary", hidden: true }, "Older records");
  const newest = el(
    "p",
    { class: "hint", hidden: true },
    "There are more: these counts are of the newest records only.",
  );
  const result = el("p", { class: "result", role: "status" });
  const replay = el("button", { type: "button", class: "primary", hidden: true }, "Replay…");
  const form = filters();
  let shown = [];
  let next = null;

  form.element.addEventListener("change", () => {
    if (form.valid()) {
      change(form.values());
      read();
    }
  });
  form.clear.addEventListener("click", () => {
    change({ reason: "", from: "", to: "" });
    form.fill();
    read();
  });
  replay.addEventListener("click", () => startReplay());
  older.addEventListener("click", () => readRecords(next));
  show(
    body,
    part("By reason", reasons.element, newest),
    part(
      "Records",
      el("div", { class: "actions" }, form.element, records.search, replay),
      result,
      records.element,
      older,
      session.me.replay ? null : el("p", { class: "hint" }, READ_ONLY),
    ),
  );

  async function read() {
    shown = [];
    await Promise.all([readReasons(), readRecords(null)]);
  }

  async function readReasons() {
    try {
      const answer = await get("quarantine/reasons");
      reasons.rows(answer.reasons);
      newest.hidden = !answer.newest_only;
      form.reasons(answer.reasons.map(({ reason }) => reason));
      replay.hidden = !session.me.replay || answer.total === 0;
    } catch (refused) {
      reasons.refused(refused.message);
    }
  }

  async function readRecords(before) {
    try {
      const answer = await get("quarantine", { ...form.values(), before, limit: PAGE });
      shown = [...shown, ...answer.records];
      next = answer.next_before;
      records.rows(shown);
      older.hidden = next === null;
    } catch (refused) {
      records.refused(refused.message);
      older.hidden = true;
    }
  }

  async function startReplay() {
    const done = await openReplay(form.values(), session);
    if (done) {
      text(result, outcome(done));
      read();
    }
  }

  form.fill();
  reload().then(() => {
    if (here().parameters.has("replay") && session.me.replay) {
      change({ replay: "" });
      startReplay();
    }
  });
  return {
    stateChanged,
    moved: () => {
      form.fill();
      read();
    },
  };
}

function outcome({ replayed, stored, duplicates, rejected, unopened, audit_seq: entry }) {
  const sealed = unopened ? `, ${exact(unopened)} that no key opens` : "";
  const audited = entry ? ` Audit entry ${exact(entry)}.` : "";
  return `Replayed ${plural(replayed, "record")}: ${exact(stored)} stored, ${exact(duplicates)} already stored before, ${exact(rejected)} rejected again${sealed}.${audited}`;
}

const EMPTY =
  "Empty: every record so far fits the pipeline. A record that does not is kept here with its reason, and does not hold up the others.";
const READ_ONLY =
  "Read-only: to replay from this page, sign in with a token of role operator. On the command line: sluice quarantine replay.";

const REASONS = [
  {
    key: "reason",
    title: "Reason",
    cell: ({ reason }) => el("a", { href: link("quarantine", { reason }) }, reason),
    sort: ({ reason }) => reason,
  },
  { key: "field", title: "Field", cell: ({ field }) => field ?? "–", sort: ({ field }) => field },
  { key: "count", title: "Records", numeric: true, cell: (row) => exact(row.count), sort: (row) => row.count },
  { key: "means", title: "Meaning", cell: ({ detail }) => el("span", { class: "means" }, detail ?? "–") },
  { key: "first", title: "First", cell: (row) => time(row.first_at), sort: (row) => row.first_at },
  { key: "last", title: "Last", cell: (row) => time(row.last_at), sort: (row) => row.last_at },
];

const RECORDS = [
  { key: "id", title: "Id", cell: ({ id }) => exact(id), sort: ({ id }) => id },
  { key: "at", title: "Quarantined", cell: (row) => time(row.quarantined_at), sort: (row) => row.quarantined_at },
  {
    key: "reason",
    title: "Reason",
    cell: ({ reason, detail }) => el("span", { title: detail }, reason),
    sort: ({ reason }) => reason,
  },
  { key: "field", title: "Field", cell: ({ field }) => field ?? "–", sort: ({ field }) => field },
  { key: "sqlstate", title: "SQLSTATE", cell: ({ sqlstate }) => sqlstate ?? "–", sort: ({ sqlstate }) => sqlstate, needed: ({ sqlstate }) => sqlstate !== null },
  { key: "message", title: "Message", cell: (row) => copyable(row.message_id) },
  {
    key: "record",
    title: "Record",
    numeric: true,
    cell: (row) => row.record_index,
    sort: (row) => row.record_index,
    needed: (row) => row.record_index > 0,
  },
  { key: "sent", title: "Sent", cell: (row) => time(row.sent_at), sort: (row) => row.sent_at },
  {
    key: "bytes",
    title: "Size",
    numeric: true,
    cell: (row) => bytes(row.original_bytes),
    sort: (row) => row.original_bytes,
  },
];

/** Reason and span, in UTC, as the URL has them. */
function filters() {
  const reason = el("select", { id: "reason" }, el("option", { value: "" }, "All reasons"));
  const from = timeInput("from");
  const to = timeInput("to");
  const clear = el("button", { type: "button", class: "quiet" }, "Clear");
  const field = (input, label) => el("label", { for: input.id }, el("span", {}, label), input);
  const element = el(
    "div",
    { class: "fields" },
    field(reason, "Reason"),
    field(from, "From (UTC)"),
    field(to, "To (UTC)"),
    clear,
  );
  const choose = (value) => {
    if (value !== "" && ![...reason.options].some((option) => option.value === value)) {
      reason.append(el("option", { value }, value));
    }
    reason.value = value;
  };
  return {
    element,
    clear,
    valid: () => [from, to].every((input) => input.reportValidity()),
    values: () => ({ reason: reason.value, from: instant(from), to: instant(to) }),
    fill: () => {
      const { parameters } = here();
      choose(parameters.get("reason") ?? "");
      from.value = typed(parameters.get("from"));
      to.value = typed(parameters.get("to"));
    },
    reasons: (names) => {
      const chosen = reason.value;
      show(
        reason,
        el("option", { value: "" }, "All reasons"),
        [...new Set(names)].sort().map((name) => el("option", { value: name }, name)),
      );
      choose(chosen);
    },
  };
}

/** Text, not the browser's own picker: that one shows the local order of day and month, and this is UTC. */
function timeInput(id) {
  return el("input", {
    id,
    class: "when",
    placeholder: "2026-03-01 14:00",
    pattern: "\\d{4}-\\d\\d-\\d\\d( \\d\\d:\\d\\d)?",
    title: "A time in UTC, as 2026-03-01 or 2026-03-01 14:00",
    autocomplete: "off",
  });
}

function instant({ value }) {
  const [day, minute = "00:00"] = value.trim().split(" ");
  return day === "" ? "" : `${day}T${minute}:00Z`;
}

function typed(iso) {
  return (iso ?? "").slice(0, 16).replace("T", " ");
}
