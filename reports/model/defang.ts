import type { IndicatorType } from "./model.ts";

/**
 * An indicator that nobody follows by a slip: `hxxp[:]//evil[.]example/a.php`, `a[@]b[.]example`. Only forms for people (text, HTML,
 * PDF) are defanged, never those for machines. {@link refang} gives back exactly what went in, whatever the sample wrote.
 */
export function defang(type: IndicatorType, value: string): string {
  const unlinked = type === "ipv6-addr"
    ? value.replaceAll(":", "[:]")
    : value.replace(/:(?=\]*\/\/)/g, "[:]");
  if (type === "url") return inScheme(inAuthority(unlinked, bracket), fangOff);
  return BRACKETED.has(type) ? bracket(unlinked) : unlinked;
}

/** What {@link defang} was given. */
export function refang(type: IndicatorType, value: string): string {
  const dotted = type === "url"
    ? inAuthority(inScheme(value, fangOn), unbracket)
    : BRACKETED.has(type)
    ? unbracket(value)
    : value;
  return type === "ipv6-addr" ? dotted.replaceAll("[:]", ":") : dotted.replace(/\[:\](?=\]*\/\/)/g, ":");
}

/** Kinds that are hosts as a whole. */
const BRACKETED: ReadonlySet<IndicatorType> = new Set(["domain", "email", "ipv4-addr", "ipv6-addr"]);

/** Each alternative is linear: a scheme is short, and words are only tried where they start. */
const LINKS = /[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>]+|(?<=\w)@[\w.-]+|(?<![\w-])[\w-]+(?:\.[\w-]+)+/gi;

/**
 * Running text in which no link is left: addresses of the web and of mail are defanged wherever they stand, host names where they
 * or a name above them are among `hosts`, since most words with a dot (`kernel32.dll`) are none.
 */
export function defangText(text: string, hosts: ReadonlySet<string>): string {
  return text.replace(LINKS, (match) => {
    if (match.includes("://")) return defang("url", match);
    return match.startsWith("@") || isHost(match.toLowerCase(), hosts) ? bracket(match) : match;
  });
}

function isHost(word: string, hosts: ReadonlySet<string>): boolean {
  if (/^www\.|^\d+(\.\d+){3}$/.test(word)) return true;
  const labels = word.split(".").slice(-20);
  return labels.some((_, i) => hosts.has(labels.slice(i).join(".")));
}

function bracket(text: string): string {
  return text.replace(/[.@]/g, "[$&]");
}

function unbracket(text: string): string {
  return text.replace(/\[([.@])\]/g, "$1");
}

/** Changes what stands between `//` and the path, where a host's name is. */
function inAuthority(url: string, change: (authority: string) => string): string {
  return url.replace(
    /^([^/]*\/\/)([^/?#\\]*)/,
    (_, start: string, authority: string) => start + change(authority),
  );
}

/** Changes `http` at the start; a sample may have written `hxxp` itself, so each `x` more counts one up. */
function inScheme(url: string, change: (middle: string) => string): string {
  return url.replace(
    /^(h)(tt|x{2,})(p)/i,
    (_, h: string, middle: string, p: string) => h + change(middle) + p,
  );
}

function fangOff(middle: string): string {
  return /^x/i.test(middle) ? `${middle}x` : middle.replace(/t/g, "x").replace(/T/g, "X");
}

function fangOn(middle: string): string {
  if (middle.length > 2) return middle.slice(0, -1);
  return middle.replace(/x/g, "t").replace(/X/g, "T");
}
