import { stringify } from "smol-toml";
import type { Config } from "./config.ts";

const secretName = /key|token|secret|password|credential/i;
const mask = "***";

/** The configuration as TOML with secrets masked: keys, passwords within URLs, module options named like secrets. */
export function printConfig(config: Config): string {
  return stringify(maskTable(config, false) as Record<string, unknown>);
}

function maskTable(value: unknown, hide: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => maskTable(item, hide));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        // TOML has no null: an absent key means the same.
        .filter(([, inner]) => inner !== null && inner !== undefined)
        .map((
          [key, inner],
        ) => [key, maskTable(inner, hide || (key !== "passwords" && secretName.test(key)))]),
    );
  }
  if (typeof value === "string") return hide ? mask : maskUrl(value);
  return hide ? mask : value;
}

function maskUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === "") return text;
  url.password = mask;
  return url.href;
}
