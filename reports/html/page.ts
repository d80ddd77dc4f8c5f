import type { Tlp } from "@assay/core";
import { createHash } from "node:crypto";
import { tlpLabel } from "../model/tlp.ts";
import { html, type Markup, trusted } from "./markup.ts";
import style from "./style.css" with { type: "text" };

/** What a page is made of. */
export interface PageContent {
  readonly title: string;
  readonly tlp: Tlp;
  readonly statement: string;
  readonly body: Markup;
}

/** Colours of levels on black, as FIRST gives them. */
export const TLP_COLOURS: Readonly<Record<Tlp, string>> = {
  clear: "#FFFFFF",
  green: "#33FF00",
  amber: "#FFC000",
  "amber+strict": "#FFC000",
  red: "#FF2B2B",
};

/** A whole document. Its policy allows its own style sheet, by digest, and images inside it; everything else is forbidden. */
export function page({ title, tlp, statement, body }: PageContent): string {
  const sheet = `${style}${paper(tlp, statement)}`;
  const digest = createHash("sha256").update(sheet).digest("base64");
  const policy =
    `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`
    <!DOCTYPE html>
    <html lang="en" dir="ltr">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <meta name="robots" content="noindex, nofollow, noarchive">
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
        <title>${tlpLabel(tlp)} ${title}</title>
        <style>${trusted(sheet)}</style>
      </head>
      <body>
    ${body}<footer class="end"><p>${statement}</p></footer>
      </body>
    </html>
  `.toString();
}

/** What stands in the margins of each printed page: only words of ours. */
function paper(tlp: Tlp, statement: string): string {
  const label =
    `content: "${tlpLabel(tlp)}"; color: ${
      TLP_COLOURS[tlp]
    }; background: #000; font: 700 12pt/1.5 "Noto Sans", sans-serif; ` +
    "width: max-content; height: max-content; padding: 0 2mm; margin: auto 0 auto auto;";
  const quiet = 'font: 400 8pt/1.4 "Noto Sans", sans-serif; color: #59606e;';
  return `
@page {
  @top-right { ${label} }
  @bottom-left { content: "${statement}"; ${quiet} }
  @bottom-center { content: "Page " counter(page) " of " counter(pages); ${quiet} }
  @bottom-right { ${label} }
}
`;
}
