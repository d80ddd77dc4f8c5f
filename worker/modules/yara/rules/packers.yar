rule pe_packed_by_upx {
  meta:
    description = "Packed by UPX: its section names and its mark"
    attack = "T1027.002"
    severity = "low"
  strings:
    $mark = "UPX!"
    $first = "UPX0" fullword
    $second = "UPX1" fullword
  condition:
    uint16(0) == 0x5A4D and $mark in (0..4096) and $first in (0..2048) and $second in (0..2048)
}

rule elf_packed_by_upx {
  meta:
    description = "Packed by UPX: its mark near both ends"
    attack = "T1027.002"
    severity = "low"
  strings:
    $mark = "UPX!"
    $line = "$Info: This file is packed with the UPX executable packer"
  condition:
    uint32(0) == 0x464C457F and ($line or ($mark in (0..512) and $mark in (filesize - 1024..filesize)))
}

rule pe_made_by_pyinstaller {
  meta:
    description = "A Python program made into an executable by PyInstaller"
    severity = "low"
  strings:
    $cookie = { 4D 45 49 0C 0B 0A 0B 0E }
    $loader = "_MEIPASS" ascii wide
  condition:
    (uint16(0) == 0x5A4D or uint32(0) == 0x464C457F) and $cookie and $loader
}

rule pe_made_by_autoit {
  meta:
    description = "A compiled AutoIt script"
    attack = "T1059.010"
    severity = "low"
  strings:
    $magic = { A3 48 4B BE 98 6C 4A A9 99 4C 53 0A 86 D6 48 7D 41 55 33 21 45 41 30 }
  condition:
    uint16(0) == 0x5A4D and $magic
}

rule pe_with_zip_behind {
  meta:
    description = "A Windows program with a zip behind it: a self-extracting archive or a carried payload"
    severity = "low"
  strings:
    $end = { 50 4B 05 06 00 00 00 00 }
    $member = { 50 4B 01 02 }
  condition:
    uint16(0) == 0x5A4D and filesize > 1024 and for any i in (1..#end) : (
      @end[i] >= filesize - 65557 and @end[i] + 22 + uint16(@end[i] + 20) == filesize and
      for any j in (1..#member) : (@member[j] + uint32(@end[i] + 12) == @end[i])
    )
}
