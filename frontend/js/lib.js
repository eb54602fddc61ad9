// The token that forms send: that of now, for it changes when somebody signs in again in another window.
export const csrf = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] || "";

// Runs `start(element)` once for every element that matches, now and after each htmx swap.
export function each(selector, start) {
  const seen = new WeakSet();
  const run = (root) => {
    const found = root.matches?.(selector) ? [root] : [];
    found.push(...root.querySelectorAll(selector));
    for (const element of found) {
      if (!seen.has(element)) {
        seen.add(element);
        start(element);
      }
    }
  };
  run(document);
  document.addEventListener("htmx:load", (event) => run(event.detail.elt));
}
