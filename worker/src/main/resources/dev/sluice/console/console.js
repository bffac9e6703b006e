// The frame around the pages: header, tabs, keyboard, and the status that every page shares.
import { get } from "./api.js";
import { announce, el, shape, show, text } from "./dom.js";
import { age, clock, exact } from "./format.js";
import { here } from "./location.js";
import { openHelp } from "./help.js";
import { poll } from "./poll.js";
import { listenToKeys } from "./shortcuts.js";
import { describe } from "./state.js";
import { themeSwitch } from "./theme-switch.js";
import * as audit from "./audit.js";
import * as doctor from "./doctor.js";
import * as keys from "./keys.js";
import * as overview from "./overview.js";
import * as quarantine from "./quarantine.js";
import * as settings from "./settings.js";
import * as table from "./table.js";

/** In the order of the tabs; `key` opens the page after `g`. */
const PAGES = [
  { name: "overview", title: "Overview", key: "o", open: overview.open },
  { name: "quarantine", title: "Quarantine", key: "q", open: quarantine.open },
  { name: "table", title: "Table", key: "t", open: table.open },
  { name: "keys", title: "Keys", key: "k", open: keys.open },
  { name: "audit", title: "Audit", key: "a", open: audit.open },
  { name: "doctor", title: "Doctor", key: "d", open: doctor.open },
  { name: "settings", title: "Settings", key: "s", open: settings.open },
];
const STATUS_MILLIS = 2_000;
/** Three polls: one lost answer is not worth a word. */
const STALE_MILLIS = 6_500;

const main = document.getElementById("main");
const notice = document.getElementById("notice");
/** What every page may use; `status` is the last one that arrived, null before. */
const session = {
  me: { role: "viewer", replay: false },
  status: null,
  /** Total and reasons of the quarantine; null when they cannot be read. */
  quarantined: null,
  listeners: new Set(),
  onStatus,
};
let page = null;
let receivedAt = performance.now();
let saidState = "";
let wasStale = false;
let known = false;

function onStatus(listener) {
  session.listeners.add(listener);
  if (session.status) {
    listener(session.status);
  }
}

function openPage() {
  const wanted = PAGES.find(({ name }) => name === here().page) ?? PAGES[0];
  if (page?.name === wanted.name) {
    page.view?.moved?.();
    return;
  }
  page?.view?.close?.();
  document.querySelector("dialog.replay")?.close();
  const first = page === null;
  session.listeners.clear();
  show(main);
  page = { name: wanted.name };
  page.view = wanted.open(main, session);
  document.title = `${wanted.title} · Sluice`;
  drawTabs();
  if (!first) {
    main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}

function drawTabs() {
  const tabs = document.getElementById("tabs");
  show(
    tabs,
    PAGES.map(({ name, title }) => {
      const link = el("a", { href: `#/${name}`, "aria-current": name === page.name ? "page" : null }, title);
      if (name === "quarantine" && session.quarantined?.total > 0) {
        link.append(el("span", { class: "badge" }, exact(session.quarantined.total)));
      }
      return link;
    }),
  );
  tabs.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
}

/** Asked again until it is known: nobody is more than a viewer before. */
async function readMe() {
  try {
    session.me = await get("me");
    known = true;
  } catch (refused) {
    drawAge(refused);
  }
}

async function readStatus() {
  try {
    if (!known) {
      await readMe();
    }
    const status = await get("status");
    receivedAt = performance.now();
    const before = wasStale ? "gone" : session.status?.state;
    session.status = status;
    drawHeader(status);
    drawNotice(status);
    tell();
    if (before !== undefined && before !== status.state) {
      page?.view?.stateChanged?.(before);
    }
  } catch (refused) {
    drawAge(refused);
  }
}

function tell() {
  if (session.status) {
    session.listeners.forEach((listener) => listener(session.status));
  }
}

/** Grey or live; charts take their colours again. */
function setStale(stale) {
  if (document.body.classList.toggle("stale", stale) !== wasStale) {
    wasStale = stale;
    window.dispatchEvent(new Event("themechange"));
  }
}

function drawHeader(status) {
  const { word, kind } = describe(status);
  const since = status.state === "running" ? status.started_at : status.since;
  const lasted = (new Date(status.now) - new Date(since)) / 1000;
  show(
    document.getElementById("state"),
    shape(kind),
    el("strong", {}, word),
    el("span", { class: "up", title: `since ${clock(since)}` }, age(lasted)),
  );
  const route = document.getElementById("route");
  route.title = `${status.queue} → ${status.table}`;
  if (route.dataset.shown !== route.title + status.pipeline) {
    route.dataset.shown = route.title + status.pipeline;
    show(
      route,
      el("b", {}, status.pipeline),
      el(
        "span",
        { class: "path" },
        el("span", {}, status.queue.split("/").pop()),
        el("i", { "aria-label": "to" }, "→"),
        el("span", {}, status.table),
      ),
    );
  }
  text(document.getElementById("version"), status.version.startsWith("v") ? status.version : `v${status.version}`);
  document.body.dataset.state = status.state;
  setStale(false);
}

function drawNotice(status) {
  const { level, cause, banner, remedy, plain } = describe(status);
  drawBanner(level, banner, cause, remedy);
  if (plain !== saidState) {
    saidState = plain;
    announce(plain);
  }
}

/** The figures stay, greyed, with their age; nothing pretends to be live. */
function drawAge(refused) {
  const silent = performance.now() - receivedAt;
  if (refused.status === 0 && silent < STALE_MILLIS && session.status) {
    return;
  }
  setStale(true);
  const since = session.status
    ? ` The figures below are from ${clock(session.status.now)}, ${age(silent / 1000)} ago.`
    : "";
  drawBanner("fail", `${refused.message}${since} Trying again every 2 s.`);
  show(document.getElementById("state"), shape("gone"), el("strong", {}, "No answer"));
  if (saidState !== "gone") {
    saidState = "gone";
    announce(refused.message);
  }
}

function drawBanner(level, sentence, cause = "", remedy = "") {
  if (!sentence) {
    show(notice);
    return;
  }
  const existing = notice.querySelector(".banner");
  if (existing?.dataset.level === level) {
    text(existing.querySelector(".cause"), cause);
    text(existing.querySelector(".what"), sentence);
    text(existing.querySelector(".remedy"), remedy);
    return;
  }
  show(
    notice,
    el(
      "div",
      { class: `banner ${level}`, "data-level": level },
      shape(level === "info" ? "draining" : level),
      el(
        "div",
        {},
        el("p", { class: "cause" }, cause),
        el("p", { class: "what" }, sentence),
        el("p", { class: "remedy" }, remedy),
      ),
    ),
  );
}

async function readReasons() {
  try {
    const read = await get("quarantine/reasons");
    const before = session.quarantined?.total;
    session.quarantined = { ...read, counted: session.status?.records.quarantined };
    if (read.total !== before) {
      drawTabs();
      tell();
    }
  } catch {
    session.quarantined = null; // the badge only: the quarantine's own page shows the refusal
  }
}

async function start() {
  show(main);
  show(
    document.getElementById("tools"),
    themeSwitch(),
    el(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": "Keyboard shortcuts",
        title: "Keyboard shortcuts (?)",
        on: { click: () => openHelp(PAGES) },
      },
      "?",
    ),
  );
  listenToKeys(PAGES);
  window.addEventListener("hashchange", openPage);
  await readMe();
  openPage();
  poll(STATUS_MILLIS, readStatus);
  poll(15_000, readReasons);
}

start();
