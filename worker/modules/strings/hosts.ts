import { parse } from "tldts";

/**
 * Top-level domains that are endings of files or members of objects far more often (`libc.so`, `self.name`): believed only
 * where a name has three labels or more.
 */
const DOUBTFUL = new Set(
  ("ac ad ai am app as at be bio bz by ca cc cd cfd ch ci class cl click cm cn co codes cpa data date dev digital do download dz " +
    "ec ee email er es et events exchange fail fm foo fr fun games gg gov group hosting id il im in info ing int io ir is it je " +
    "jobs js kim ki km kn la lb li limited link ls lt lu lv ly ma map md me media mg mk ml mm mn mo mobi mov ms mt mu mv my " +
    "na name nc ne network new ng ni no np nr nu one open page parts ph photo pk pl pm pn post pr pro properties ps pt pub pw py " +
    "qa re read report rest review rs run sa save sb sc science se search secure select sd sh shell show si site sk sl sm sn so " +
    "software sr ss st stream style su support sv sx sy systems sz tc td team test tf tg th tips tj tk tl tm tn to tools top " +
    "trade tt tv tw ua ug va vc ve vg vi video vu watch wf work world ws xyz ye yt za zip zone zm").split(
      " ",
    ),
);

/** True for a host name under a public suffix that can be believed to be one. `sure`: its context says so (a URL, an address). */
export function isDomain(host: string, sure: boolean): boolean {
  if (host.length > 253 || (!sure && host !== host.toLowerCase())) return false;
  const { domain, publicSuffix, isIcann, isPrivate, isIp } = parse(host);
  if (domain === null || isIp || !(isIcann || isPrivate)) return false;
  if (sure) return true;
  const labels = host.split(".");
  if (labels.some((label) => label.length > 63 || /^[-\d]*$/.test(label))) return false;
  return labels.length > 2 + (publicSuffix?.split(".").length ?? 1) - 1 || !DOUBTFUL.has(labels.at(-1)!);
}

/**
 * True for an IPv4 address that can be one of a host. Not `0.…`, multicast and beyond, and not what ends in `.0`, as version
 * numbers do.
 */
export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)) {
    return false;
  }
  const [first, , , last] = parts.map(Number) as [number, number, number, number];
  return first > 0 && first < 224 && last > 0;
}

/** True for an IPv6 address with four groups or more, or `::` between three; fewer are scopes of C++ names. */
export function isIpv6(text: string): boolean {
  if (!/\d/.test(text) || !URL.canParse(`http://[${text}]/`)) return false;
  return text.split(":").filter(Boolean).length >= 4;
}
