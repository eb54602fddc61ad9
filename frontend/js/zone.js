// select[data-own-zone]: chooses the zone of this device, also where the browser knows it by an older name (data-also).
import { each } from "./lib.js";

each("select[data-own-zone]", (select) => {
  if (select.closest("form").querySelector("[aria-invalid]")) return;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const option = [...select.options].find((each) => each.value === own || each.dataset.also?.split(" ").includes(own));
  if (option) select.value = option.value;
});
