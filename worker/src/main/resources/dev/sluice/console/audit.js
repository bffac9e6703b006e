// Who recovered, replayed, erased or was refused: the end of the hash chain.
import { get } from "./api.js";
import { copyable, el, show } from "./dom.js";
import { exact, time } from "./format.js";
import { listing } from "./listing.js";
import { pageOf, part } from "./page.js";

const COLUMNS = [
  { key: "seq", title: "Entry", cell: ({ seq }) => exact(seq), sort: ({ seq }) => seq },
  { key: "at", title: "Time", cell: ({ at }) => time(at), sort: ({ at }) => at },
  { key: "user", title: "User", cell: ({ user }) => user ?? "–", sort: ({ user }) => user },
  { key: "actor", title: "Database login", cell: ({ actor }) => actor, sort: ({ actor }) => actor },
  { key: "action", title: "Action", cell: ({ action }) => action, sort: ({ action }) => action },
  { key: "reason", title: "Reason", cell: ({ reason }) => reason ?? "–", sort: ({ reason }) => reason },
  { key: "ticket", title: "Ticket", cell: ({ ticket }) => ticket ?? "–", sort: ({ ticket }) => ticket },
  {
    key: "values",
    title: "Values",
    numeric: true,
    cell: ({ values }) => exact(values) || "–",
    sort: ({ values }) => values,
  },
];

export function open(main) {
  const { body, reload, stateChanged } = pageOf(
    main,
    "Audit",
    "Every recovery of an original, every replay and every erasure, chained by hash: an entry cannot be changed without breaking the chain.",
    () => read(),
  );
  const head = el("p", { class: "chain" });
  const entries = listing({
    label: "Audit entries",
    columns: () => COLUMNS,
    empty: () => "No entry yet. The first unmask, replay, export or erase writes one.",
    noun: "entry",
  });
  const refused = listing({
    label: "Refused requests",
    columns: () => COLUMNS,
    empty: () => "No request was refused.",
    noun: "request",
    prefix: "refused_",
    filter: "none",
  });
  const refusedPart = part("Refused requests", refused.element);
  show(body, head, part("Latest entries", entries.element), refusedPart);

  async function read() {
    try {
      const answer = await get("audit", { limit: 50 });
      show(
        head,
        answer.head
          ? [
              "Head of the chain: entry ",
              el("b", {}, exact(answer.head.seq)),
              " · ",
              copyable(answer.head.hash, 25),
              " · ",
              time(answer.head.at),
              el(
                "span",
                { class: "hint" },
                " Keep a copy of this hash elsewhere; sluice audit verify checks the chain against it.",
              ),
            ]
          : [],
      );
      entries.rows(answer.entries);
      refused.rows(answer.refused);
      refusedPart.hidden = false;
    } catch (problem) {
      show(head);
      entries.refused(problem.message);
      refusedPart.hidden = true;
    }
  }

  reload();
  return { stateChanged };
}
