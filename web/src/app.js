// Every page works without this file; it only shortens the way.
import "./swap.js";
import "./keys.js";
import "./rows.js";
import "./suggest.js";
import "./scan.js";
import "./forms.js";
import "./papers.js";
import "./scans.js";
import "./live.js";
import "./panel.js";
import "./leave.js";
