// data-toast: stays ten seconds, longer while it is pointed at or focused, until closed.
import { each } from "./lib.js";

const stay = 10_000;

function leave(toast) {
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 200);
}

each("[data-toast]", (toast) => {
  let timer = setTimeout(leave, stay, toast);
  const hold = () => clearTimeout(timer);
  const go = () => {
    clearTimeout(timer);
    if (!toast.matches(":hover, :focus-within")) timer = setTimeout(leave, stay, toast);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusout", () => setTimeout(go));
  const close = toast.querySelector("[data-toast-close]");
  if (close) {
    close.hidden = false;
    close.addEventListener("click", () => leave(toast));
  }
});

// For other modules: shows a sentence after an act that needed no new page.
export function tell(text) {
  const template = document.getElementById("toast-template");
  const toasts = document.getElementById("toasts");
  if (!template || !toasts) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = text;
  toasts.append(toast);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: toast } }));
}
