import { BlockList, isIP } from "node:net";
import type { Indicator } from "../model/model.ts";

/** Addresses that are nobody's on the internet (IANA's special-purpose registries), and resolvers that everybody asks. */
const addresses = new BlockList();
for (
  const [network, prefix] of [
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.168.0.0", 16],
    ["224.0.0.0", 3],
    ["1.1.1.1", 32],
    ["1.0.0.1", 32],
    ["8.8.8.8", 32],
    ["8.8.4.4", 32],
    ["9.9.9.9", 32],
  ] as const
) addresses.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [["::", 127], ["fc00::", 7], ["fe80::", 10], ["ff00::", 8]] as const) {
  addresses.addSubnet(network, prefix, "ipv6");
}

/** Hosts that every computer asks: nothing under them is an indicator. */
const EVERYBODYS = new Set(
  ("apple.com aaplimg.com microsoft.com windowsupdate.com windows.com msftncsi.com msftconnecttest.com office.com live.com " +
    "digicert.com verisign.com symcb.com globalsign.com sectigo.com comodoca.com usertrust.com entrust.net letsencrypt.org lencr.org " +
    "identrust.com godaddy.com amazontrust.com pki.goog w3.org xmlsoap.org openxmlformats.org purl.org adobe.com mozilla.org " +
    "mozilla.com firefox.com google.com gstatic.com googleapis.com ubuntu.com debian.org ntp.org localhost local localdomain " +
    "internal lan home arpa invalid test").split(" "),
);

/** Hosts that strangers share: an address there may be one, the host never is. */
const SHARED = new Set(
  ("github.com githubusercontent.com gitlab.com bitbucket.org pastebin.com discord.com discordapp.com telegram.org t.me dropbox.com " +
    "dropboxusercontent.com googleusercontent.com amazonaws.com cloudfront.net azureedge.net blob.core.windows.net workers.dev " +
    "pages.dev herokuapp.com netlify.app vercel.app onrender.com ngrok.io ngrok.app sharepoint.com wordpress.com blogspot.com " +
    "facebook.com twitter.com x.com youtube.com ipify.org ipinfo.io ip-api.com icanhazip.com").split(" "),
);

/** True for what must not become an indicator of compromise, since blocking it would hurt everybody. */
export function isAllowed({ type, value }: Indicator): boolean {
  switch (type) {
    case "ipv4-addr":
    case "ipv6-addr":
      return isAllowedAddress(value);
    case "domain":
      return isUnder(value, EVERYBODYS) || isUnder(value, SHARED);
    case "url": {
      const host = URL.parse(value)?.hostname.replace(/^\[|\]$/g, "") ?? "";
      return isAllowedAddress(host) || isUnder(host, EVERYBODYS);
    }
    default:
      return true;
  }
}

function isAllowedAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && addresses.check(address, version === 4 ? "ipv4" : "ipv6");
}

function isUnder(host: string, list: ReadonlySet<string>): boolean {
  const labels = host.toLowerCase().split(".");
  return labels.some((_, i) => list.has(labels.slice(i).join(".")));
}
