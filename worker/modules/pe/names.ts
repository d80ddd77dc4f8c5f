/** Machine types of the COFF header (Microsoft, "PE Format"). */
export const machines: Readonly<Record<number, string>> = {
  0x0: "unknown",
  0x14c: "i386",
  0x1c0: "arm",
  0x1c4: "armnt",
  0x200: "ia64",
  0x5032: "riscv32",
  0x5064: "riscv64",
  0x8664: "amd64",
  0xaa64: "arm64",
  0xebc: "ebc",
};

/** Windows subsystems. */
export const subsystems: Readonly<Record<number, string>> = {
  0: "unknown",
  1: "native",
  2: "windows_gui",
  3: "windows_cui",
  5: "os2_cui",
  7: "posix_cui",
  9: "windows_ce_gui",
  10: "efi_application",
  11: "efi_boot_service_driver",
  12: "efi_runtime_driver",
  13: "efi_rom",
  14: "xbox",
  16: "windows_boot_application",
};

/** Section names that packers leave. A map, since a hostile name may be that of a property which every object has. */
export const packers: ReadonlyMap<string, string> = new Map(Object.entries({
  UPX0: "upx",
  UPX1: "upx",
  UPX2: "upx",
  ".aspack": "aspack",
  ".adata": "aspack",
  ".MPRESS1": "mpress",
  ".MPRESS2": "mpress",
  ".nsp0": "nspack",
  ".nsp1": "nspack",
  ".petite": "petite",
  ".themida": "themida",
  ".winlice": "winlicense",
  ".vmp0": "vmprotect",
  ".vmp1": "vmprotect",
  ".enigma1": "enigma",
  ".enigma2": "enigma",
  "FSG!": "fsg",
  ".pklstb": "pklite",
  PEC2: "pecompact",
  PECompact2: "pecompact",
}));

/** The name of a number, or the number in hexadecimal. */
export function nameOf(names: Readonly<Record<number, string>>, value: number): string {
  return names[value] ?? `0x${value.toString(16)}`;
}
