// data-day: a calendar beside a day that is typed. What is chosen is written into the field as people here type it.
import { each } from "./lib.js";

each("[data-day]", (place) => {
  const field = place.querySelector("input:not([data-day-pick])");
  const open = place.querySelector("[data-day-open]");
  const pick = place.querySelector("[data-day-pick]");
  if (!("showPicker" in pick) || field.disabled) return;
  open.hidden = false;
  pick.disabled = false;
  open.addEventListener("click", () => {
    const typed = field.value.trim().match(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/);
    pick.value = typed ? `${typed[3]}-${typed[2].padStart(2, "0")}-${typed[1].padStart(2, "0")}` : "";
    pick.showPicker();
  });
  // The picker has no name and its events stay here: only the field is an answer.
  for (const kind of ["input", "change"]) {
    pick.addEventListener(kind, (event) => {
      event.stopPropagation();
      if (!pick.value) return;
      field.value = pick.value.split("-").reverse().join(".");
      field.dispatchEvent(new Event(kind, { bubbles: true }));
    });
  }
  pick.addEventListener("change", () => field.focus());
});
