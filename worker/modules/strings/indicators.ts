import type { ObservableKind } from "@assay/core";
import { isDomain, isIpv4, isIpv6 } from "./hosts.ts";

/** Indicators of one kind kept at most. */
export const MOST_INDICATORS = 500;

/** Strings are looked at up to here: an indicator is never longer. */
const LONGEST = 2048;

/** Each expression is linear: no repetition inside a repetition that can match the same text in two ways. */
const URLS = /\b(?:https?|ftp|wss?|tcp|udp):\/\/[^\s"'<>`{}|\\^]{3,2000}/gi;
const EMAILS = /[a-z0-9._%+-]{1,64}@[a-z0-9.-]{4,253}/gi;
const HOSTS = /(?<![\w@.%/\\-])[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){1,10}(?![\w@.\\(-])/gi;
const IPV4 = /(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.])/g;
const IPV6 = /(?<![\w:.])[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:.])/gi;
const WINDOWS_PATHS = /(?<![\w\\])(?:[A-Z]:\\|\\\\[\w.-]{1,64}\\)[^"*/:<>?|]{2,255}/gi;
const UNIX_PATHS =
  /(?<![\w.:/\\-])\/(?:Applications|Library|System|Users|bin|boot|dev|etc|home|lib|lib64|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)\/[\w.+@/-]{1,255}/g;
const REGISTRY =
  /\b(HKEY_LOCAL_MACHINE|HKEY_CURRENT_USER|HKEY_CLASSES_ROOT|HKEY_USERS|HKEY_CURRENT_CONFIG|HKLM|HKCU|HKCR|HKU|HKCC)\\[^"\r\n]{1,255}/gi;
const HIVES: Readonly<Record<string, string>> = {
  HKLM: "HKEY_LOCAL_MACHINE",
  HKCU: "HKEY_CURRENT_USER",
  HKCR: "HKEY_CLASSES_ROOT",
  HKU: "HKEY_USERS",
  HKCC: "HKEY_CURRENT_CONFIG",
};

/** Indicators by kind, each once, in the order they stand. */
export type Indicators = ReadonlyMap<ObservableKind, ReadonlySet<string>>;

/** What the strings mention: validated, without repeats, at most {@link MOST_INDICATORS} a kind. */
export function findIndicators(strings: Iterable<string>): Indicators {
  const found = new Map<ObservableKind, Set<string>>();
  const add = (kind: ObservableKind, value: string) => {
    const values = found.get(kind) ?? new Set();
    if (values.size < MOST_INDICATORS) values.add(value);
    found.set(kind, values);
  };
  for (const string of strings) {
    const text = string.length > LONGEST ? string.slice(0, LONGEST) : string;
    if (text.includes("://")) findUrls(text, add);
    if (text.includes("@")) findEmails(text, add);
    if (text.includes(".")) findHosts(text, add);
    if (text.includes(":")) {
      for (const [value] of text.matchAll(IPV6)) if (isIpv6(value)) add("ip", value.toLowerCase());
    }
    if (text.includes("\\")) findWindows(text, add);
    if (text.includes("/")) { for (const [value] of text.matchAll(UNIX_PATHS)) add("path", value); }
  }
  return found;
}

type Add = (kind: ObservableKind, value: string) => void;

function findUrls(text: string, add: Add): void {
  for (const [match] of text.matchAll(URLS)) {
    const value = match.replace(/[.,;:!?)\]]+$/, "");
    const host = URL.parse(value.replace(/^(tcp|udp):/i, "http:"))?.hostname ?? "";
    if (isIpv4(host)) add("ip", host);
    else if (isDomain(host, true)) add("domain", host);
    else continue;
    add("url", value);
  }
}

function findEmails(text: string, add: Add): void {
  for (const [match] of text.matchAll(EMAILS)) {
    const value = match.replace(/[.-]+$/, "");
    const host = value.slice(value.indexOf("@") + 1).toLowerCase();
    if (!isDomain(host, true)) continue;
    add("email", value);
    add("domain", host);
  }
}

function findHosts(text: string, add: Add): void {
  for (const [value] of text.matchAll(IPV4)) if (isIpv4(value)) add("ip", value);
  for (const [value] of text.matchAll(HOSTS)) {
    if (/[a-z]{2,}$/.test(value) && isDomain(value, false)) add("domain", value);
  }
}

function findWindows(text: string, add: Add): void {
  for (const [value] of text.matchAll(WINDOWS_PATHS)) add("path", value.trimEnd());
  for (const [value, hive] of text.matchAll(REGISTRY)) {
    const name = hive!.toUpperCase();
    add("registry", (HIVES[name] ?? name) + value.slice(hive!.length).trimEnd());
  }
}
