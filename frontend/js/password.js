// data-show-password="<id of the field>": a button that shows and hides what is typed.
import { each } from "./lib.js";

each("[data-show-password]", (button) => {
  const field = document.getElementById(button.dataset.showPassword);
  if (!field) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    for (const part of button.querySelectorAll("[data-when]")) {
      part.toggleAttribute("hidden", part.dataset.when !== (shown ? "hidden" : "shown"));
    }
  });
  field.form?.addEventListener("submit", () => {
    field.type = "password";
  });
});
