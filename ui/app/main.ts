import { define } from "../define.ts";
import { defineElements } from "../elements.ts";
import { AssayApp } from "./app.ts";

defineElements();
define("assay-app", AssayApp);
