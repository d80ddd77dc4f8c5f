rule eicar_test_file {
  meta:
    description = "The harmless file that every antivirus reports, to test that it works"
    verdict = "malicious"
    reference = "https://www.eicar.org/download-anti-malware-testfile/"
  strings:
    $text = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
  condition:
    $text in (0..256)
}

rule pe_inside_other_file {
  meta:
    description = "A Windows program inside a file that is none"
    attack = "T1027.009"
  strings:
    $stub = "This program cannot be run in DOS mode"
  condition:
    uint16(0) != 0x5A4D and uint32(0) != 0x464C457F and
    for any i in (1..#stub) : (@stub[i] >= 78 and uint16(@stub[i] - 78) == 0x5A4D)
}

rule pe_inside_base64 {
  meta:
    description = "A Windows program in Base64"
    attack = "T1027.013"
  strings:
    $stub = "This program cannot be run in DOS mode" base64 base64wide
  condition:
    $stub
}

rule pe_stub_under_xor {
  meta:
    description = "A Windows program hidden under a one-byte XOR"
    attack = "T1027.013"
  strings:
    $stub = "This program cannot be run in DOS mode" xor(1-255)
  condition:
    $stub
}
