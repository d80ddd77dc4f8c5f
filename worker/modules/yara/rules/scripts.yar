rule powershell_encoded_command {
  meta:
    description = "PowerShell started with a command in Base64"
    attack = "T1059.001, T1027.010"
  strings:
    $call = /powershell(\.exe)?[^\r\n]{0,100}\s-e(nc|ncodedcommand)?\s+["']?[A-Za-z0-9+\/=]{40}/ nocase
    $wide = /p\x00o\x00w\x00e\x00r\x00s\x00h\x00e\x00l\x00l\x00[^\r\n]{0,200}-\x00[eE]\x00[nN]\x00[cC]\x00/ nocase
  condition:
    any of them
}

rule powershell_download_and_run {
  meta:
    description = "PowerShell that fetches code and runs it"
    attack = "T1059.001, T1105"
  strings:
    $fetch1 = "DownloadString" nocase ascii wide
    $fetch2 = "DownloadData" nocase ascii wide
    $fetch3 = "Invoke-WebRequest" nocase ascii wide
    $run1 = "Invoke-Expression" nocase ascii wide
    $run2 = /\biex[\s(]/ nocase ascii wide
    $hide = /-w(indowstyle)?\s+hidden/ nocase ascii wide
  condition:
    filesize < 1MB and uint16(0) != 0x5A4D and uint32(0) != 0x464C457F and
    any of ($fetch*) and (any of ($run*)) and ($hide or #fetch1 > 0)
}

rule shell_reverse_connection {
  meta:
    description = "A shell tied to a connection to somewhere else"
    attack = "T1059.004, T1071"
    verdict = "malicious"
  strings:
    $bash = /\bbash\s+-i\s+(>&|&>|>)\s*\/dev\/(tcp|udp)\/[\w.]+\/\d+/
    $exec = /exec\s+\d+<>\/dev\/(tcp|udp)\/[\w.]+\/\d+/
    $netcat = /\bnc(at)?\s[^\r\n]{0,60}-e\s+\/bin\/(ba|da|z)?sh/
    $fifo = /mkfifo\s+\S+\s*;[^\r\n]{0,120}\|\s*(\/bin\/)?(ba|da)?sh\s+-i/
  condition:
    filesize < 1MB and uint32(0) != 0x464C457F and any of them
}

rule vba_runs_on_open {
  meta:
    description = "An Office document whose macro starts by itself and starts a program"
    attack = "T1137, T1204.002"
  strings:
    $open1 = "AutoOpen" nocase ascii wide
    $open2 = "Document_Open" nocase ascii wide
    $open3 = "Workbook_Open" nocase ascii wide
    $run1 = "WScript.Shell" nocase ascii wide
    $run2 = "Shell.Application" nocase ascii wide
    $run3 = "CreateObject" nocase ascii wide
    $vba = "Attribut" ascii
  condition:
    uint32(0) == 0xE011CFD0 and $vba and any of ($open*) and 1 of ($run*)
}

rule pdf_runs_on_open {
  meta:
    description = "A PDF that runs JavaScript or a program when it is opened"
    attack = "T1204.002"
  strings:
    $head = "%PDF-"
    $open1 = /\/OpenAction\b/
    $open2 = /\/AA\s*<</
    $run1 = /\/JavaScript\b/
    $run2 = /\/JS\s*[(<]/
    $launch = /\/Launch\b/
  condition:
    $head in (0..1024) and any of ($open*) and ($launch or any of ($run*))
}
