import type { Import } from "./imports.ts";

/** A MITRE ATT&CK technique that a set of imported functions is made for. */
interface Pattern {
  readonly id: string;
  readonly reason: string;
  /** Of each group at least one must be imported. Names without the `A` or `W` at their end. */
  readonly groups: readonly (readonly string[])[];
}

/** Few on purpose: each set has hardly another use, unlike single functions, which every runtime imports. */
const PATTERNS: readonly Pattern[] = [
  {
    id: "T1055.012",
    reason: "Imports what empties another process and fills it",
    groups: [
      ["NtUnmapViewOfSection", "ZwUnmapViewOfSection"],
      ["WriteProcessMemory", "NtWriteVirtualMemory"],
      ["SetThreadContext", "NtSetContextThread", "Wow64SetThreadContext"],
    ],
  },
  {
    id: "T1055",
    reason: "Imports what writes code into another process and starts it there",
    groups: [
      ["WriteProcessMemory", "NtWriteVirtualMemory", "ZwWriteVirtualMemory"],
      ["CreateRemoteThread", "CreateRemoteThreadEx", "NtCreateThreadEx", "RtlCreateUserThread"],
      ["VirtualAllocEx", "NtAllocateVirtualMemory", "ZwAllocateVirtualMemory"],
    ],
  },
];

/** Techniques that the imports show, the more telling first. */
export function findTechniques(imports: readonly Import[]): { id: string; reason: string }[] {
  const names = new Set(
    imports.flatMap(({ name }) => name === null ? [] : [name, name.replace(/[AW]$/, "")]),
  );
  return PATTERNS
    .filter(({ groups }) => groups.every((group) => group.some((name) => names.has(name))))
    .map(({ id, reason, groups }) => ({
      id,
      reason: `${reason}: ${groups.map((group) => group.find((name) => names.has(name))).join(", ")}`,
    }));
}
