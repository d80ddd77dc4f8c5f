import { defang } from "../model/defang.ts";
import type { IndicatorType } from "../model/model.ts";
import type { Content } from "./markup.ts";
import { code, counted, type Part } from "./part.ts";
import { table } from "./table.ts";

/** One and many of each kind, as headings of their tables. */
const NAMES: Readonly<Record<IndicatorType, readonly [one: string, many: string]>> = {
  url: ["URL", "URLs"],
  domain: ["domain", "domains"],
  "ipv4-addr": ["IPv4 address", "IPv4 addresses"],
  "ipv6-addr": ["IPv6 address", "IPv6 addresses"],
  email: ["email address", "email addresses"],
  registry: ["registry key", "registry keys"],
  mutex: ["mutex", "mutexes"],
  path: ["path", "paths"],
  wallet: ["wallet", "wallets"],
};

/** A table a kind: what it is, whether it was used or only mentioned, and who saw it where. */
export function indicators({ model, safe, defang: defanged }: Part): Content {
  const groups = Map.groupBy(model.indicators, ({ type }) => type);
  return [...groups].map(([type, members]) =>
    table(
      {
        caption: counted(members.length, ...NAMES[type]),
        columns: [{ title: "Indicator", setting: "code" }, { title: "Seen" }, { title: "Source" }],
        shape: "indicators",
      },
      members.map(({ value, seen, sources }) => [
        code(defanged ? defang(type, value) : value),
        seen,
        safe(sources.join(", ")),
      ]),
    )
  );
}
