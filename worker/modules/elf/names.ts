/** Machines of the ELF header (System V ABI and its supplements). */
export const machines: Readonly<Record<number, string>> = {
  0: "none",
  2: "sparc",
  3: "i386",
  4: "m68k",
  8: "mips",
  15: "parisc",
  18: "sparc32plus",
  20: "ppc",
  21: "ppc64",
  22: "s390",
  40: "arm",
  42: "superh",
  43: "sparcv9",
  50: "ia_64",
  62: "x86_64",
  94: "xtensa",
  183: "aarch64",
  195: "arcompact2",
  243: "riscv",
  247: "bpf",
  258: "loongarch",
};

/** Object types. */
export const types: Readonly<Record<number, string>> = {
  0: "none",
  1: "rel",
  2: "exec",
  3: "dyn",
  4: "core",
};

/** Section types. */
export const sectionTypes: Readonly<Record<number, string>> = {
  0: "null",
  1: "progbits",
  2: "symtab",
  3: "strtab",
  4: "rela",
  5: "hash",
  6: "dynamic",
  7: "note",
  8: "nobits",
  9: "rel",
  10: "shlib",
  11: "dynsym",
  14: "init_array",
  15: "fini_array",
  16: "preinit_array",
  17: "group",
  18: "symtab_shndx",
  19: "relr",
  0x6ffffff5: "gnu_attributes",
  0x6ffffff6: "gnu_hash",
  0x6ffffff7: "gnu_liblist",
  0x6ffffffd: "gnu_verdef",
  0x6ffffffe: "gnu_verneed",
  0x6fffffff: "gnu_versym",
  0x70000001: "x86_64_unwind",
};

/** The name of a number, or the number in hexadecimal. */
export function nameOf(names: Readonly<Record<number, string>>, value: number): string {
  return names[value] ?? `0x${value.toString(16)}`;
}
