import type { ModuleRun } from "@assay/core";
import { html } from "lit";
import { formatDuration, showText } from "../../text.ts";

/** Every module run, failed and skipped ones too: what was not looked at is part of the answer. */
export function renderModules(runs: readonly ModuleRun[]) {
  return html`
    <section>
      <h2>Modules</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Module</th>
            <th scope="col">Ended</th>
            <th scope="col">Why</th>
            <th scope="col">Version</th>
            <th scope="col" class="number">Time</th>
          </tr>
        </thead>
        <tbody>${runs.map((run) =>
          html`
            <tr>
              <td>${run.module}<br /><small class="quiet">${run.category}</small></td>
              <td>
                <assay-verdict level=${run.status}></assay-verdict>
              </td>
              <td class="quiet">${"reason" in run
                ? showText(run.reason)
                : run.cached
                ? "from an earlier run"
                : ""}</td>
              <td class="mono">${[run.version, run.definition].filter((v) => v !== null).map((v) =>
                v!.slice(0, 24)
              ).join(" · ")}</td>
              <td class="number">${formatDuration(run.durationMs)}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </section>
  `;
}
