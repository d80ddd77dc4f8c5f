import type { Organisation, ReportModel } from "../model/model.ts";
import { statementOf, strictest } from "../model/tlp.ts";
import { cover, masthead, terms, tlpBadge, verdictWord } from "./cover.ts";
import { type Content, heading, html, type Markup } from "./markup.ts";
import { page } from "./page.ts";
import { code, counted, digest, type HtmlOptions, type Part, partOf } from "./part.ts";
import { SECTIONS } from "./sections.ts";
import { table } from "./table.ts";

/** Reports on one page at most: a browser takes minutes for more. */
export const MOST_REPORTS = 200;

/**
 * The report as one page that needs nothing else: no script, no request, nothing to click on but its own contents. It prints as it is meant
 * to. The same model gives the same bytes.
 */
export function renderHtml(model: ReportModel, options: HtmlOptions): string {
  const part = partOf(model, options, 1, "");
  const title = "Malware analysis report";
  return page({
    title: `${title} ${model.sha256}`,
    tlp: model.tlp,
    statement: model.statement,
    body: html`
      ${masthead(model.organisation, model.tlp)}
      <main>
      ${cover(part, title)}
      ${terms(model.statement, model.organisation)}
      ${sectionsOf(part, true)}
      </main>
    `,
  });
}

/** Many reports of one organisation on one page, with a table of them first; marked with the most restricted level among them. */
export function renderHtmlMany(
  models: readonly ReportModel[],
  organisation: Organisation,
  options: HtmlOptions,
): string {
  if (models.length === 0 || models.length > MOST_REPORTS) {
    throw new RangeError(`Cannot put ${models.length} reports on a page: expected 1 to ${MOST_REPORTS}`);
  }
  const tlp = strictest(models.map((model) => model.tlp));
  const title = "Malware analysis reports";
  const statement = statementOf(tlp);
  const parts = models.map((model, i) => partOf(model, options, 2, `r${i + 1}-`));
  return page({
    title: `${title} (${models.length})`,
    tlp,
    statement,
    body: html`
      ${masthead(organisation, tlp)}
      <main>
      ${heading(1, "reports", title)}
      ${terms(statement, organisation)}
      ${overview(parts)}
      ${parts.map((part, i) =>
        html`
          <article aria-labelledby="${part.prefix}report">
          ${cover(
            part,
            `${i + 1}. ${part.model.name === null ? part.model.sha256 : part.safe(part.model.name)}`,
          )}
          <p class="level">${tlpBadge(part.model.tlp)} ${part.model.statement}</p>
          ${sectionsOf(part, false)}
          </article>
        `
      )}</main>
    `,
  });
}

function overview(parts: readonly Part[]): Markup {
  return table(
    {
      caption: counted(parts.length, "report"),
      columns: [{ title: "Report" }, { title: "Verdict" }, { title: "Score", setting: "figure" }, {
        title: "Level",
      }, { title: "SHA-256", setting: "digest" }],
      shape: "overview",
    },
    parts.map(({ model: { name, verdict, tlp, sha256 }, prefix, safe }, i) => [
      html`<a href="#${prefix}report">${i + 1}. ${name === null ? "(no name)" : code(safe(name))}</a>`,
      verdictWord(verdict.level),
      verdict.score,
      tlp,
      digest(sha256),
    ]),
  );
}

/** The chosen sections that have something to say, after a list of them where it is asked for. */
function sectionsOf(part: Part, contents: boolean): Content {
  const made = SECTIONS.filter(([name]) => part.sections.has(name))
    .map(([name, title, make]) => ({ name, title, body: html`${make(part)}` }))
    .filter(({ body }) => body.toString() !== "");
  return [
    contents
      ? html`
        <nav aria-labelledby="${part.prefix}contents">
        ${heading(part.level + 1, `${part.prefix}contents`, "Contents")}
        <ol>${made.map(({ name, title }) =>
          html`
            <li><a href="#${part.prefix}${name}">${title}</a></li>
          `
        )}
        </ol></nav>
      `
      : null,
    made.map(({ name, title, body }, i) =>
      html`
        <section aria-labelledby="${part.prefix}${name}">
        ${heading(part.level + 1, `${part.prefix}${name}`, `${i + 1}. ${title}`)}
        ${body}</section>
      `
    ),
  ];
}
