// What was typed into a form and not sent is there again after a reload, the language button or the way back: kept in
// this tab until it is sent, the person signs out, or the tab is closed. Forms that save while one types (data-form)
// look after themselves. Passwords, files and hidden fields are never kept.
// A form that was refused is the answer to what was sent, and no cache keeps it: on the way back the browser would show
// a page of its own and offer to send the form again. So its entry in the history becomes that of the form's page, in
// which stands what was typed.
import { each } from "./lib.js";

const person = document.querySelector("form[data-sign-out]")?.dataset.signOut || "";
const name = `om-typed:${person}:${location.pathname}`;
const SENT = "om-typed:sent:";
const sentName = `${SENT}${person}:${location.pathname}`;
const isRefused = Boolean(document.querySelector("[data-error-summary]"));
const forms = () => [...document.querySelectorAll("form[method=post]:not([data-form], [data-sign-out], .languages)")];
const ignored = new Set(["hidden", "password", "file", "submit", "button", "reset"]);
let isLeavingForGood = false;

// A field as it came from the server, and as it is now.
function given(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.defaultChecked;
  if (field.options) return [...field.options].filter((option) => option.defaultSelected).map((option) => option.value).join("\n");
  return field.defaultValue;
}

function now(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.options) return [...field.selectedOptions].map((option) => option.value).join("\n");
  return field.value;
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !ignored.has(field.type) && field.type !== "fieldset");
}

// Which field it is, in words that are the same in every language: the address of its form, its name, its place.
function keyOf(form, field) {
  const same = fieldsOf(form).filter((other) => other.name === field.name);
  return [form.getAttribute("action") || "", field.name, same.indexOf(field)].join(" ");
}

function touched(form, field) {
  if (!field.options) return now(field) !== given(field);
  return "touched" in field.dataset && now(field) !== given(field);
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, fields) {
  try {
    if (Object.keys(fields).length) sessionStorage.setItem(key, JSON.stringify(fields));
    else sessionStorage.removeItem(key);
  } catch {
    // Nothing can be kept here; the browser may still do it by itself.
  }
}

// On a page that came back with errors: what stood in the fields before anything was typed, as far as it was sent.
const before = (isRefused && read(sentName)) || {};

function keep() {
  if (isLeavingForGood) return;
  const kept = {};
  const sent = {};
  for (const form of forms()) {
    for (const field of fieldsOf(form)) {
      const key = keyOf(form, field);
      const [first] = before[key] || [given(field)];
      const isOther = key in before ? now(field) !== first : touched(form, field);
      if (isOther) (form.dataset.sending ? sent : kept)[key] = [first, now(field)];
    }
  }
  write(name, kept);
  write(sentName, sent);
}

function forgetSent() {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(SENT)) sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

function becomePage() {
  const isOwn = (form) => "writing" in form.dataset || (form.getAttribute("action") || location.pathname) === location.pathname;
  if ([...document.querySelectorAll("form[method=post]")].some(isOwn)) history.replaceState(history.state, "", location.href);
}

function restore() {
  const kept = read(name);
  if (!kept) return;
  for (const form of forms()) {
    for (const field of fieldsOf(form)) {
      const [first, value] = kept[keyOf(form, field)] || [];
      // What somebody else changed meanwhile is not written over.
      if (value === undefined || first !== given(field)) continue;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
      if (field.options) field.dataset.touched = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.options) target.dataset.touched = "";
});
// A page that came back with errors holds what was sent already.
if (isRefused) becomePage();
else {
  forgetSent();
  restore();
}
window.addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep());
each("form[data-sign-out]", (form) => {
  form.addEventListener("submit", () => {
    isLeavingForGood = true;
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith("om-typed:")) sessionStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  });
});
