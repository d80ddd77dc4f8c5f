import { tlpLabel } from "../model/tlp.ts";
import { methodOf } from "../model/method.ts";
import type { Engine } from "../model/model.ts";
import { type Content, html, join, type Markup } from "./markup.ts";
import { counted, type Part, quiet, time, took } from "./part.ts";
import { table } from "./table.ts";

/** Why the verdict is what it is: every reason with what was seen. */
export function summary({ model: { verdict, families }, safe }: Part): Content {
  return [
    verdict.reasons.length > 0 ? null : html`
      <p>${safe(verdict.summary)}</p>
    `,
    families.length === 0 ? null : html`
      <p>Families named: ${safe(families.join(", "))}.</p>
    `,
    verdict.reasons.length === 0 ? null : table(
      {
        caption: "What the verdict rests on, by weight",
        columns: [{ title: "Reason" }, { title: "Points", setting: "figure" }, { title: "What was seen" }, {
          title: "By",
        }],
        shape: "reasons",
      },
      verdict.reasons.map(({ title, score, evidence, modules, attack }) => [
        html`${safe(title)} ${quiet(attack.join(", "))}`,
        signed(score),
        lines(evidence.map(safe)),
        modules.join(", ") || "known hashes",
      ]),
    ),
  ];
}

/** Every engine, those that failed or never ran too. */
export function engines({ model, safe }: Part): Content {
  if (model.engines.length === 0) return html`<p>No engine was asked.</p>`;
  return table(
    {
      caption: `${counted(model.engines.length, "engine")} asked`,
      columns: [{ title: "Engine" }, { title: "Result" }, { title: "Finding" }, { title: "Version" }, {
        title: "Time",
        setting: "figure",
      }],
      shape: "engines",
    },
    model.engines.map((engine) => [
      html`${engine.name} ${quiet(engine.category)}`,
      html`<span class="status ${engine.status}">${engine.status}</span>`,
      findingsOf(engine, safe),
      safe([engine.version, engine.definition].filter(Boolean).join(" / ")),
      engine.started === null
        ? null
        : html`${took(engine.durationMs)} ${quiet(engine.cached ? "cached" : null)}`,
    ]),
  );
}

function findingsOf({ findings, reason }: Engine, safe: Part["safe"]): Content {
  if (reason !== null) return safe(reason);
  return lines(
    findings.map(({ engine, label, verdict, family }) =>
      html`<strong class="word ${verdict}">${verdict}</strong> ${safe(label)} ${
        quiet(family === null ? null : `family ${safe(family)}`)
      } ${quiet(engine === "" ? null : `by ${safe(engine)}`)}`
    ),
  );
}

/** Techniques of MITRE ATT&CK with why. */
export function attack({ model, safe, techniques }: Part): Content {
  if (model.techniques.length === 0) return null;
  return table(
    {
      caption: "Techniques with what points to them",
      columns: [{ title: "Technique" }, { title: "Name" }, { title: "Tactics" }, { title: "Why" }],
      shape: "attack",
    },
    model.techniques.map(({ id, reasons }) => {
      const known = techniques?.get(id);
      return [
        id,
        known?.name ?? null,
        known === undefined ? null : known.tactics.map((tactic) => tactic.replaceAll("-", " ")).join(", "),
        lines(reasons.map(safe)),
      ];
    }),
  );
}

/** What analysts wrote. */
export function notes({ model, safe }: Part): Content {
  return model.notes.map(({ author, created, edited, tlp, text }) =>
    html`
      <blockquote>
        <p class="lines">${safe(text)}</p>
        <p class="quiet">${safe(author)}, ${time(created)}${edited === null
          ? null
          : html`, edited ${time(edited)}`}, ${tlpLabel(tlp)}</p>
      </blockquote>
    `
  );
}

/** What failed, was left out or never ran. */
export function gaps({ model, safe }: Part): Content {
  const failed = model.engines.filter(({ status }) => status !== "ok" && status !== "nothing");
  return [
    failed.length === 0 ? null : table(
      {
        caption: "Engines without an answer",
        columns: [{ title: "Engine" }, { title: "Result" }, { title: "Why" }],
        shape: "gaps",
      },
      failed.map(({ name, status, reason }) => [
        name,
        html`<span class="status ${status}">${status}</span>`,
        safe(reason ?? ""),
      ]),
    ),
    model.limits.length === 0 ? null : html`
      <p>Left out by limits:</p>
      <ul>${model.limits.map((limit) => html`<li>${safe(limit)}</li>`)}</ul>
    `,
  ];
}

/** How the sample was looked at. */
export function method({ model, safe, defang }: Part): Content {
  return html`
    <p>${safe(methodOf(model))}</p>
    <p>Times are UTC.${defang
      ? " Links, addresses and names of hosts are taken apart, so that nobody follows them by a slip: 'hxxp' is 'http', '[.]' is '.'."
      : null}</p>
  `;
}

function lines(contents: readonly Content[]): Markup {
  return html`${join(contents.map((content) => html`<span>${content}</span>`), "")}`;
}

function signed(score: number): string {
  return score > 0 ? `+${score}` : score < 0 ? `−${-score}` : "0";
}
