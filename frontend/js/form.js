// A form sends once: its button says data-busy meanwhile, and a second press does nothing. A form whose answer is a
// download leaves the page where it is and carries data-stays.
// A page that comes back with errors says their summary and puts the focus on the first wrong field; no field is covered
// while one writes in it.
import { each, firstFieldOf, goTo } from "./lib.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || "stays" in form.dataset) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  const label = button.querySelector("[data-busy]") || (button.dataset.busy ? button : null);
  if (label) {
    button.style.minWidth = `${button.offsetWidth}px`;
    label.dataset.rest = label.textContent;
    label.textContent = label.dataset.busy;
  }
});

// Coming back through the browser's history shows the page as it was before sending.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    for (const label of form.querySelectorAll("[data-rest]")) label.textContent = label.dataset.rest;
  }
});

// A field that takes the focus half under the bar of acts comes out from under it; browsers count half as seen.
document.addEventListener("focusin", (event) => {
  const bar = document.querySelector(".has-actions .actions, .actions");
  if (!bar || bar.contains(event.target) || getComputedStyle(bar).position !== "sticky") return;
  const covered = event.target.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
  if (covered && event.target.matches("input, textarea, select")) event.target.scrollIntoView({ block: "nearest" });
});

// What stands on a page from its beginning is not announced by every reader: said once more, it is. The focus goes to
// the first field that the summary leads to; to the summary itself where it names none.
each("[data-error-summary]", (summary) => {
  const ids = [...summary.querySelectorAll("a[href^='#']")].map((link) => decodeURIComponent(link.hash.slice(1)));
  const field = ids.map((id) => firstFieldOf(document.getElementById(id))).find(Boolean);
  summary.append(...summary.childNodes);
  if (!field) return summary.focus();
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  goTo(field);
});
