// Everything the pages run in the browser. One small module per behaviour, each bound by a data- attribute,
// so that a page without scripts still shows and sends everything.
import "./htmx.js";
import "./theme.js";
import "./menu.js";
import "./toast.js";
import "./autosize.js";
import "./password.js";
import "./day.js";
import "./form.js";
import "./typed.js";
import "./zone.js";
import "./filters.js";
import "./upload.js";
import "./copies.js";
import "./writing.js";
import "./attaching.js"; // before posting: it may hold a form back
import "./posting.js";
import "./bell.js";
import "./search.js";
