import type { ModuleRun } from "@assay/core";
import { html } from "lit";
import type { Needle } from "../../mark.ts";
import { formatDuration, showText } from "../../text.ts";

/** Every module run, failed and skipped ones too: what was not looked at is part of the answer. */
export function renderModules(
  runs: readonly ModuleRun[],
  needle: Needle,
  onFindingsClick: (event: Event) => void,
) {
  return html`
    <section data-section="modules">
      <h2 tabindex="-1">Modules</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Modules">
        <table>
          <thead>
            <tr>
              <th scope="col">Module</th>
              <th scope="col">Ended</th>
              <th scope="col">Why</th>
              <th scope="col">Findings</th>
              <th scope="col">Version</th>
              <th scope="col" class="number">Time</th>
            </tr>
          </thead>
          <tbody>${runs.map((run) => renderRun(run, needle, onFindingsClick))}</tbody>
        </table>
      </div>
    </section>
  `;
}

function renderRun(run: ModuleRun, needle: Needle, onFindingsClick: (event: Event) => void) {
  const why = "reason" in run ? showText(run.reason) : run.cached ? "from an earlier run" : "";
  const versions = [run.version, run.definition].filter((version) => version !== null);
  const found = run.status === "ok" ? run.observations.length : 0;
  return html`
    <tr>
      <td>${needle.mark(run.module)}<br /><small class="quiet">${run.category}</small></td>
      <td>
        <assay-verdict level=${run.status}></assay-verdict>
      </td>
      <td class="quiet">${needle.mark(why)}</td>
      <td>${found > 0
        ? html`
          <button class="link" data-goal="module-${run.module}" aria-label="${found} findings of ${run
            .module}"
            @click=${onFindingsClick}>${found}</button>
        `
        : null}</td>
      <td class="mono">${versions.map((version) => version.slice(0, 24)).join(" · ")}</td>
      <td class="number">${formatDuration(run.durationMs)}</td>
    </tr>
  `;
}
