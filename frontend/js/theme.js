// data-theme-choice="light|dark|auto": buttons that set the colours; the server reads the cookie, so no page flashes.
import { each } from "./lib.js";

const year = 365 * 24 * 60 * 60;

function choose(theme) {
  const root = document.documentElement;
  if (theme === "auto") root.removeAttribute("data-bs-theme");
  else root.setAttribute("data-bs-theme", theme);
  const age = theme === "auto" ? 0 : year;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  show();
}

function show() {
  const current = document.documentElement.getAttribute("data-bs-theme") || "auto";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === current));
  }
}

each("[data-theme-choice]", (button) => {
  button.closest("[data-needs-script]")?.removeAttribute("hidden");
  button.addEventListener("click", () => choose(button.dataset.themeChoice));
  show();
});
