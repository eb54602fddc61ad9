// Copies of unsent text in this browser, one per open page: om-form:<person>:<form>:<page>.
// They live until the server has the text, the person signs out, or thirty days have passed.
import { each } from "./lib.js";

const prefix = "om-form:";
const longest = 30 * 24 * 60 * 60 * 1000;

const nameOf = (copy) => `${prefix}${copy.person}:${copy.form}:${copy.writer}`;

function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

// Who signs out leaves nothing behind, not even on the way out; who comes back to the page goes on.
let isSigningOut = false;
window.addEventListener("pageshow", () => {
  isSigningOut = false;
});

// Keeps the copy; false when this browser cannot.
export function keep(copy) {
  if (isSigningOut) return true;
  try {
    localStorage.setItem(nameOf(copy), JSON.stringify({ ...copy, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function drop(copy) {
  try {
    localStorage.removeItem(nameOf(copy));
  } catch {
    // Nothing can be kept here, so nothing is.
  }
}

// Says in this browser that the page named `copy` is open, as long as it is.
export function hold(copy) {
  navigator.locks?.request(nameOf(copy), () => new Promise(() => {}));
}

// The copies of this form whose pages are gone: closed, crashed or reloaded; the oldest first.
export async function orphans(person, form) {
  const found = [];
  for (const name of names()) {
    const copy = read(name);
    if (!copy || copy.person !== person || copy.form !== form) continue;
    if (await isLeft(name)) found.push(copy);
  }
  return found.sort((one, other) => one.at - other.at);
}

async function isLeft(name) {
  if (!navigator.locks) return true;
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => lock !== null);
}

function forget(test) {
  for (const name of names()) {
    const copy = read(name);
    if (!copy || test(copy)) localStorage.removeItem(name);
  }
}

forget((copy) => Date.now() - copy.at > longest);

// data-settled="<page>" data-form data-person: the server has all of that page's text, or the person chose another.
each("[data-settled]", ({ dataset }) => {
  if (!dataset.settled) return;
  drop({ person: dataset.person, form: dataset.form, writer: dataset.settled });
  const address = new URL(location.href);
  address.searchParams.delete("settled");
  history.replaceState(history.state, "", address);
});

// data-sign-out="<person>": on a shared computer nothing stays behind.
each("form[data-sign-out]", (form) => {
  form.addEventListener("submit", () => {
    document.dispatchEvent(new Event("signing-out"));
    isSigningOut = true;
    forget((copy) => copy.person === form.dataset.signOut);
  });
});
