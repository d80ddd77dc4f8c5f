import { type Asset, type Assets, makeAsset } from "../assets/assets.ts";

/** Files of the documentation page that come from `swagger-ui-dist`. */
const files = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
} as const;

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Assay API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const script = `SwaggerUIBundle({
  url: "/api/openapi.json",
  domNode: document.getElementById("docs"),
  deepLinking: true,
  validatorUrl: null,
});
`;

/** The documentation page with all that it loads: nothing comes from elsewhere. */
export async function readDocs(): Promise<Assets> {
  const encoder = new TextEncoder();
  const assets = new Map<string, Asset>([
    ["index.html", makeAsset(encoder.encode(page), "text/html; charset=utf-8")],
    ["start.js", makeAsset(encoder.encode(script), "text/javascript; charset=utf-8")],
  ]);
  for (const [name, type] of Object.entries(files)) {
    const bytes = await Deno.readFile(new URL(import.meta.resolve(`swagger-ui-dist/${name}`)));
    assets.set(name, makeAsset(bytes, type));
  }
  return assets;
}
