// What a worker does, in words.
import { age, clock, exact, sentence } from "./format.js";

/**
 * @returns `word` for the header, `kind` of the shape, `level` and `banner` (empty: none) with `cause` before and `remedy`
 *     behind it where there are any, and `plain`, which changes only with the state and so may be announced
 */
export function describe(status) {
  const { word, level, banner = "", plain } = STATES[status.state](status);
  return {
    word,
    kind: status.state,
    level,
    cause: cause(status),
    banner,
    remedy: remedy(status),
    plain: plain ?? word,
  };
}

const STATES = {
  starting: () => ({ word: "Starting", level: "info" }),
  running: () => ({ word: "Running", level: "info" }),
  idle: () => ({ word: "Idle", level: "info" }),
  circuit_open: (status) => ({
    word: "Circuit open",
    level: "fail",
    plain: `The circuit is open. ${cause(status)}`,
    banner: `Since ${clock(status.since)} nothing is received; ${waiting(status)}${next(status)}`,
  }),
  queue_unreachable: (status) => ({
    word: "Queue unreachable",
    level: "fail",
    plain: `The queue cannot be reached. ${cause(status)}`,
    banner: `Since ${clock(status.since)} nothing can be received; the queue keeps its messages.${next(status)}`,
  }),
  draining: (status) => ({
    word: "Draining",
    level: "info",
    plain: "The worker is shutting down.",
    banner: `Shutting down since ${clock(status.since)}: nothing new is received, ${exact(status.in_flight.records)} records in flight are finished first.`,
  }),
};

/** What happened; the worker writes what to do about it behind the first semicolon. */
function cause({ because }) {
  return sentence((because ?? "").split("; ")[0]);
}

function remedy({ because }) {
  return sentence((because ?? "").split("; ").slice(1).join("; "));
}

function waiting({ queue_depth: depth }) {
  return depth ? `${exact(depth.visible)} messages wait safely in the queue.` : "messages wait safely in the queue.";
}

function next({ next_try_at: at, now }) {
  const seconds = Math.round((new Date(at) - new Date(now)) / 1000);
  return at ? (seconds > 0 ? ` Next try in ${age(seconds)}.` : " Trying now.") : "";
}
