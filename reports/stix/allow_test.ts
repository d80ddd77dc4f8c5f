import assert from "node:assert/strict";
import type { IndicatorType } from "../model/model.ts";
import { isAllowed } from "./allow.ts";

Deno.test("isAllowed() keeps what everybody calls from becoming an indicator, and nothing else", () => {
  const allowed = (type: IndicatorType, value: string) =>
    isAllowed({ type, value, sources: [], seen: "used" });
  assert(allowed("domain", "ctldl.windowsupdate.com") && allowed("domain", "WWW.Microsoft.com"));
  assert(
    allowed("domain", "raw.githubusercontent.com") &&
      !allowed("url", "https://raw.githubusercontent.com/x/y"),
  );
  assert(
    allowed("url", "http://ocsp.digicert.com/a") && allowed("url", "http://192.168.1.1/") &&
      allowed("url", "http://[::1]/"),
  );
  assert(
    allowed("ipv4-addr", "10.1.2.3") && allowed("ipv4-addr", "8.8.8.8") && allowed("ipv6-addr", "fe80::1"),
  );
  assert(!allowed("domain", "notmicrosoft.com") && !allowed("domain", "microsoft.com.evil.example"));
  assert(
    !allowed("ipv4-addr", "203.0.114.9") && !allowed("ipv6-addr", "2a00::1") &&
      !allowed("url", "http://evil.example"),
  );
});
