rule elf_hooks_by_preload {
  meta:
    description = "An ELF file that writes itself into the list of libraries loaded everywhere"
    attack = "T1574.006"
  strings:
    $file = "/etc/ld.so.preload"
    $hook1 = "readdir64" fullword
    $hook2 = "dlsym" fullword
    $hide = /hide|rootkit|magic_?gid|hidden_?(port|file)/ nocase
  condition:
    uint32(0) == 0x464C457F and $file and all of ($hook*) and $hide
}
