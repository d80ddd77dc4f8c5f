import { css } from "lit";

/** Styles of `assay-relations`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.25rem;
    align-items: center;
    margin-bottom: 0.5rem;
  }
  .bar label,
  fieldset label {
    display: flex;
    gap: 0.35rem;
    align-items: center;
    min-height: 1.6rem;
    font-size: 0.875rem;
    color: var(--_text);
  }
  fieldset {
    display: flex;
    gap: 1rem;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  figure {
    margin: 0;
    max-height: 44rem;
    overflow: auto;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface-raised);
  }
  svg {
    display: block;
    margin: 0 auto;
    font: 400 13px/1 var(--_sans);
  }
  svg text {
    fill: var(--_text);
  }
  svg .title {
    fill: var(--_text-quiet);
    font-weight: 600;
    font-size: 12px;
  }
  path {
    fill: none;
    stroke: var(--_border);
    stroke-width: 1.5;
  }
  path.shared {
    stroke: var(--_accent);
  }
  path.common {
    stroke-dasharray: 3 4;
  }
  .node {
    cursor: pointer;
    outline: none;
  }
  .node rect {
    fill: var(--_surface);
    stroke: var(--_border);
  }
  .node:hover rect,
  .node:focus-visible rect {
    stroke: var(--_accent);
  }
  .node:focus-visible rect {
    stroke-width: 2.5;
  }
  .label {
    overflow: hidden;
  }
  .node .count {
    fill: var(--_text-quiet);
    font-size: 12px;
  }
  .node .mark {
    fill: var(--_text-quiet);
    stroke: none;
  }
  .node .mark.malicious {
    fill: var(--_malicious);
  }
  .node .mark.suspicious {
    fill: var(--_suspicious);
  }
  .node .mark.benign {
    fill: var(--_benign);
  }
  .self rect {
    fill: var(--_accent);
  }
  .self text {
    fill: var(--_accent-text);
    font-weight: 600;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    min-width: 30rem;
  }
  td {
    overflow-wrap: anywhere;
  }
  .more {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-top: 0.75rem;
  }
`;
