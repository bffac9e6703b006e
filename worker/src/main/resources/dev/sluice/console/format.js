// Figures for people: three significant digits, a unit always, UTC with the local time on hover.
import { el } from "./dom.js";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const utc = { timeZone: "UTC", hour12: false };
const NONE = "–";

function significant(value) {
  if (value === 0) {
    return "0";
  }
  return value >= 100 ? whole.format(value) : String(Number(value.toPrecision(3)));
}

/** A count: exact up to a million, then 12.3 M. */
export function count(value) {
  if (value === null || value === undefined) {
    return NONE;
  }
  if (value < 1e6) {
    return whole.format(value);
  }
  return value < 1e9 ? `${significant(value / 1e6)} M` : `${significant(value / 1e9)} G`;
}

/** The exact count, for hover. */
export function exact(value) {
  return value === null || value === undefined ? "" : whole.format(value);
}

/** A rate per second without its unit. Always as many decimals, so that a live figure does not jump. */
export function rate(value) {
  if (value === null || value === undefined) {
    return NONE;
  }
  if (value === 0 || value >= 99.95) {
    return count(value);
  }
  return value < 0.01 ? "<0.01" : value.toFixed(value < 1 ? 2 : 1);
}

/** The same on an axis, whose values are round. */
export function rateTick(value) {
  return value < 100 ? significant(value) : count(value);
}

/** A measured duration in seconds, as number and unit: ["11", "ms"]. */
export function latency(seconds) {
  if (seconds === null || seconds === undefined) {
    return [NONE, ""];
  }
  if (seconds < 0.001) {
    return [significant(seconds * 1e6), "µs"];
  }
  if (seconds < 1) {
    return [significant(seconds * 1e3), "ms"];
  }
  return seconds < 120 ? [significant(seconds), "s"] : [age(seconds), ""];
}

/** The same as one text. */
export function latencyText(seconds) {
  return latency(seconds).join(" ").trim();
}

/** A long span in seconds, in its two largest units: 3 d 4 h. */
export function age(seconds) {
  if (seconds === null || seconds === undefined) {
    return NONE;
  }
  const total = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(total / 86400), "d"],
    [Math.floor((total % 86400) / 3600), "h"],
    [Math.floor((total % 3600) / 60), "min"],
    [total % 60, "s"],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) {
    return "0 s";
  }
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(" ");
}

export function bytes(value) {
  if (value < 1000) {
    return `${value} B`;
  }
  return value < 1e6
    ? `${significant(value / 1e3)} kB`
    : value < 1e9
      ? `${significant(value / 1e6)} MB`
      : `${significant(value / 1e9)} GB`;
}

/** 14:03:22 UTC; with the date where it is not today. */
export function clock(iso) {
  const at = new Date(iso);
  const time = at.toLocaleTimeString("en-GB", utc);
  return at.toISOString().slice(0, 10) === new Date().toISOString().slice(0, 10)
    ? `${time} UTC`
    : `${day(at)} ${time} UTC`;
}

function day(at) {
  return at.toISOString().slice(0, 10);
}

/** Hours and minutes in UTC, for an axis; with seconds where it is not a full minute. */
export function minute(milliseconds) {
  return new Date(milliseconds).toISOString().slice(11, milliseconds % 60_000 === 0 ? 16 : 19);
}

/** A time as an element: UTC, local on hover. */
export function time(iso) {
  if (!iso) {
    return el("span", { class: "none" }, NONE);
  }
  const local = new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
  return el("time", { datetime: iso, title: `${local} (local)` }, clock(iso));
}

/** With a capital letter and a full stop, which the worker's messages do not have. */
export function sentence(words) {
  const whole = words.charAt(0).toUpperCase() + words.slice(1);
  return whole === "" || /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** 1 record, 2 records. */
export function plural(n, one, many = `${one}s`) {
  return `${exact(n)} ${n === 1 ? one : many}`;
}
