// Copies of unsent text in this browser, one per page: om-form:<person>:<form>:<page>. One page of a form writes at a
// time: the newest takes over what the earlier ones have not sent.
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

// Makes this page the only one in this browser that writes in the form, and is told when a newer page takes over.
// Where a browser has no locks, pages do not know of each other; the server still keeps both texts.
export function takeOver(person, form, told) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((granted) => {
    const hold = () => {
      granted();
      return new Promise(() => {});
    };
    navigator.locks.request(`${prefix}${person}:${form}`, { steal: true }, hold).catch(() => {
      granted();
      told();
    });
  });
}

// The copies of this form in this browser, the oldest first.
export function left(person, form) {
  const found = names().map(read).filter((copy) => copy?.person === person && copy.form === form);
  return found.sort((one, other) => one.at - other.at);
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
