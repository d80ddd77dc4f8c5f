import type { ReportModel } from "./model.ts";

/** Names of hosts among the indicators, in small letters. */
export function hostsOf({ indicators }: Pick<ReportModel, "indicators">): Set<string> {
  const hosts = new Set<string>();
  for (const { type, value } of indicators) {
    if (type === "domain") hosts.add(value.toLowerCase());
    if (type === "email") hosts.add(value.slice(value.lastIndexOf("@") + 1).toLowerCase());
    if (type === "url") hosts.add(URL.parse(value)?.hostname.toLowerCase() ?? "");
  }
  return hosts;
}
