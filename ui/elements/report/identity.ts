import type { Report } from "@assay/core";
import { html } from "lit";
import type { Needle } from "../../mark.ts";
import { formatSize, formatTime, showText } from "../../text.ts";

const digestNames = {
  sha256: "SHA-256",
  sha1: "SHA-1",
  md5: "MD5",
  sha512: "SHA-512",
  ssdeep: "ssdeep",
  tlsh: "TLSH",
} as const;
const digests = Object.keys(digestNames) as (keyof typeof digestNames)[];

/** What the file is: type, size, digests to copy, and what its submission says. */
export function renderIdentity(report: Report, needle: Needle) {
  const pivot = (field: string, value: string) =>
    html`<assay-pivot field=${field} value=${value}>${needle.mark(showText(value), value)}</assay-pivot>`;
  return html`
    <section data-section="identity">
      <h2 tabindex="-1">Identity</h2>
      <dl>
        <dt>Type</dt><dd>${pivot("fileType", report.fileType)} ${pivot("mime", report.mime)}</dd>
        ${report.magic === null ? null : html`
          <dt>libmagic</dt>
          <dd>${needle.mark(showText(report.magic))}</dd>
        `}
        <dt>Size</dt><dd>${formatSize(report.size)} <span class="quiet">(${report.size} bytes)</span></dd>
        ${digests.map((name) => renderDigest(name, report.digests[name], needle))}
        ${report.name === null ? null : html`
          <dt>Name</dt>
          <dd>${pivot("name", report.name)}</dd>
        `}
        <dt>Submitted</dt><dd>${formatTime(report.submitted)} by ${pivot("submitter", report.submitter)}</dd>
        <dt>Analysed</dt><dd>${formatTime(report.finished)}${report.revision > 1
          ? html`
            <span class="quiet">revision ${report.revision}</span>
          `
          : null}</dd>
        ${report.tags.length === 0 ? null : html`
          <dt>Submitted with tags</dt>
          <dd>${report.tags.map((tag) =>
            html`
              ${pivot("tag", tag)}
            `
          )}</dd>
        `}
        ${Object.entries(report.metadata).map(([key, value]) =>
          html`
            <dt>${showText(key)}</dt>
            <dd>${pivot(`metadata.${key}`, value)}</dd>
          `
        )}
      </dl>
    </section>
  `;
}

function renderDigest(name: keyof typeof digestNames, value: string | undefined, needle: Needle) {
  if (value === undefined) return null;
  const label = digestNames[name];
  return html`
    <dt>${label}</dt>
    <dd class="digest">
      <assay-hash value=${value} label=${label}>${needle.mark(value)}</assay-hash>
      <assay-pivot field=${name} value=${value} bare></assay-pivot>
    </dd>
  `;
}
