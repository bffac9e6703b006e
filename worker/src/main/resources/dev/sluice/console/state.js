// What a worker does, in words.
import { age, clock, exact } from "./format.js";

/**
 * @returns `word` for the header, `kind` of the shape, `level` and `sentence` of the banner (empty: none), and `plain`,
 *     which changes only with the state and so may be announced
 */
export function describe(status) {
  const { word, level, sentence, plain } = STATES[status.state](status);
  return { word, kind: status.state, level, sentence, plain: plain ?? (sentence || word) };
}

const STATES = {
  starting: () => ({ word: "Starting", level: "info", sentence: "" }),
  running: () => ({ word: "Running", level: "info", sentence: "" }),
  idle: () => ({ word: "Idle", level: "info", sentence: "" }),
  circuit_open: (status) => ({
    word: "Circuit open",
    level: "fail",
    plain: `The circuit is open. ${reason(status)}`,
    sentence: `${reason(status)} Since ${clock(status.since)} nothing is received; ${waiting(status)}${next(status)}`,
  }),
  queue_unreachable: (status) => ({
    word: "Queue unreachable",
    level: "fail",
    plain: `The queue cannot be reached. ${reason(status)}`,
    sentence: `${reason(status)} Since ${clock(status.since)} nothing can be received; the queue keeps its messages.${next(status)}`,
  }),
  draining: (status) => ({
    word: "Draining",
    level: "info",
    plain: "The worker is shutting down.",
    sentence: `Shutting down since ${clock(status.since)}: nothing new is received, ${exact(status.in_flight.records)} records in flight are finished first.`,
  }),
};

function reason({ because }) {
  return because ? (/[.!?]$/.test(because) ? because : `${because}.`) : "";
}

function waiting({ queue_depth: depth }) {
  return depth ? `${exact(depth.visible)} messages wait safely in the queue.` : "messages wait safely in the queue.";
}

function next({ next_try_at: at, now }) {
  return at ? ` Next try in ${age((new Date(at) - new Date(now)) / 1000)}.` : "";
}
