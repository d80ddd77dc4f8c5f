import { tlpLabel } from "../model/tlp.ts";
import type { Tlp, VerdictLevel } from "@assay/core";
import type { Organisation, ReportModel } from "../model/model.ts";
import { type Content, heading, html, join, type Markup } from "./markup.ts";
import { code, count, counted, digest, type Part, time } from "./part.ts";
import { facts } from "./table.ts";

/** The level as FIRST wants it set: bold, in its colour on black. */
export function tlpBadge(tlp: Tlp): Markup {
  return html`<strong class="tlp ${tlp.replace("+", "-")}">${tlpLabel(tlp)}</strong>`;
}

/** Who signs, at which level: the top of a page of any number of reports. */
export function masthead({ name, contact, logo }: Organisation, tlp: Tlp): Markup {
  return html`
    <header class="masthead">
    <div class="from">${logo === null
      ? null
      : html`<img src="${logo}" alt="">`}<div><p class="organisation">${name}</p>${contact === null
      ? null
      : html`<p class="quiet">${contact}</p>`}</div></div>
    ${tlpBadge(tlp)}
    </header>
  `;
}

/** What a recipient may do with it: the constant line, then what the organisation says. */
export function terms(statement: string, { tlpStatement, notification }: Organisation): Markup {
  return html`
    <div class="terms"><p><strong>${statement}.</strong> ${tlpStatement}</p>${notification === null
      ? null
      : html`<p class="lines">${notification}</p>`}</div>
  `;
}

/** Verdict, score, digest, name and dates of one report. */
export function cover({ model, safe, level, prefix }: Part, title: string): Markup {
  const { verdict, sha256, name, submitted, started, finished, id, revision, families } = model;
  return html`
    ${heading(level, `${prefix}report`, title)}
    <div class="verdict ${verdict.level}">
      <p><strong>${verdict.level}</strong> <span>score ${verdict.score} of 100</span> <span>${safe(
        families.slice(0, 3).join(", "),
      )}</span></p>
      <p>${safe(verdict.summary)}</p>
    </div>
    ${facts([
      ["SHA-256", digest(sha256)],
      ["Name", name === null ? html`<span class="none">none given</span>` : code(safe(name))],
      ["Type and size", `${model.fileType}, ${count(model.size)} bytes`],
      ["Submitted", time(submitted)],
      ["Analysed", html`${time(started)} to ${time(finished)}`],
      ["Report", html`${code(id)}, revision ${revision}`],
      ["At a glance", glance(model)],
    ])}
  `;
}

function glance({ engines, indicators, techniques, children }: ReportModel): Content {
  const alarmed =
    engines.filter(({ findings }) => findings.some(({ verdict }) => verdict !== "informational")).length;
  return join([
    `${alarmed} of ${counted(engines.length, "engine")} found something malicious or suspicious`,
    counted(indicators.length, "indicator"),
    counted(techniques.length, "technique"),
    counted(children.length, "related file"),
  ], " · ");
}

/** A verdict in a word, in its colour. */
export function verdictWord(level: VerdictLevel): Markup {
  return html`<strong class="word ${level}">${level}</strong>`;
}
