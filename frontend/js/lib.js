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

// The field that an element is, or the one in it to go to: what is wrong, what is chosen, else the first.
export function firstFieldOf(element) {
  const fields = "input:not([type=hidden]), textarea, select";
  if (!element || element.matches(fields)) return element;
  const found = [...element.querySelectorAll(fields)];
  return found.find((field) => field.getAttribute("aria-invalid") === "true") || found.find((field) => field.checked) || found[0] || null;
}

// Puts the focus into a field; the page moves only where the field, or what is said below it, is out of sight.
export function goTo(field) {
  field.focus({ preventScroll: true });
  const { top, bottom } = field.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight - 120) field.scrollIntoView({ block: "center" });
}
