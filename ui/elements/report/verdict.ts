import type { Report, VerdictReason } from "@assay/core";
import { html } from "lit";
import type { Needle } from "../../mark.ts";
import { showText } from "../../text.ts";

/** The reasons that made the verdict, with what was seen. */
export function renderReasons({ verdict }: Report, needle: Needle) {
  if (verdict.reasons.length === 0) return null;
  return html`
    <section data-section="why">
      <h2 tabindex="-1">Why</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Reasons of the verdict">
        <table>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Seen</th>
              <th scope="col">ATT&amp;CK</th>
              <th scope="col" class="number">Score</th>
            </tr>
          </thead>
          <tbody>${verdict.reasons.map((reason) => renderReason(reason, needle))}</tbody>
        </table>
      </div>
    </section>
  `;
}

function renderReason({ title, modules, evidence, attack, score }: VerdictReason, needle: Needle) {
  return html`
    <tr>
      <td>${needle.mark(showText(title))}<br /><small class="quiet">${modules.join(", ")}</small></td>
      <td class="mono">${evidence.map((seen) => html`<div>${needle.mark(showText(seen))}</div>`)}</td>
      <td>${attack.map((id) =>
        html`
          <assay-pivot field="attack" value=${id}>${needle.mark(id)}</assay-pivot>
        `
      )}</td>
      <td class="number">${score}</td>
    </tr>
  `;
}
