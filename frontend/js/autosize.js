// Fields grow with the text. Browsers with field-sizing do it by themselves; the others get it here.
import { each } from "./lib.js";

if (!CSS.supports("field-sizing", "content")) {
  each("textarea", (field) => {
    const fit = () => {
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
    };
    field.addEventListener("input", fit);
    fit();
  });
}
