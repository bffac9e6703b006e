// Repeats a request while the page is seen. Never two at a time; nothing while the tab is hidden.

/** @returns a function that ends it */
export function poll(everyMillis, request) {
  let timer = 0;
  let running = false;
  let ended = false;

  async function turn() {
    clearTimeout(timer);
    if (ended || running || document.hidden) {
      return;
    }
    running = true;
    try {
      await request();
    } finally {
      running = false;
      if (!ended && !document.hidden) {
        timer = setTimeout(turn, everyMillis);
      }
    }
  }

  const seen = () => (document.hidden ? clearTimeout(timer) : turn());
  document.addEventListener("visibilitychange", seen);
  turn();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}
