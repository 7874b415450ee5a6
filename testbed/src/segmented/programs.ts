import { fileURLToPath } from 'node:url';
import type { Lab } from '../lab/lab.ts';
import { gateway, hosts } from './hospital.ts';

const speaker = (name: string) => fileURLToPath(new URL(`../speakers/${name}`, import.meta.url));
const node = (name: string, ...args: string[]) => [process.execPath, speaker(name), ...args];

/** Everything that answers: PACS, laboratory system, DHCP with its relay, a monitor, a pump's service port, the attacker's server. */
export async function startPrograms(lab: Lab): Promise<void> {
  startDhcp(lab);
  startMonitor(lab);
  lab.startOn(hosts.pacs, ['Orthanc', lab.file('orthanc.json', JSON.stringify(pacsSettings(lab)))]);
  lab.startOn(hosts.lis, node('mllp-listen.ts', '2575'));
  const inetd = lab.file('inetd.conf', '23 stream tcp4 nowait root /usr/sbin/telnetd telnetd -h\n');
  lab.startOn(hosts.pump, ['inetutils-inetd', '-d', inetd]);
  lab.startOn(hosts.outsider, ['busybox', 'httpd', '-f', '-p', '443', '-h', lab.folder('www')]);
  const ports = [
    [hosts.pacs, 104],
    [hosts.pacs, 8042],
    [hosts.lis, 2575],
    [hosts.pump, 23],
    [hosts.outsider, 443],
  ] as const;
  await Promise.all(ports.map(([place, port]) => lab.listening(place, port)));
}

function pacsSettings(lab: Lab): Record<string, unknown> {
  const storage = lab.folder('orthanc');
  return {
    Name: 'PACS1',
    StorageDirectory: storage,
    IndexDirectory: storage,
    HttpPort: 8042,
    RemoteAccessAllowed: true,
    AuthenticationEnabled: false,
    DicomAet: 'PACS1',
    DicomPort: 104,
    DicomAlwaysAllowEcho: true,
    DicomAlwaysAllowStore: true,
    DicomAlwaysAllowFind: true,
    ConcurrentJobs: 1,
  };
}

function startDhcp(lab: Lab): void {
  const { dhcp, pump } = hosts;
  const server = [
    'port=0',
    'user=root',
    'pid-file',
    'no-ping',
    'dhcp-authoritative',
    `dhcp-leasefile=${lab.dir}/leases`,
    'dhcp-range=10.92.10.0,static,255.255.255.0,1h',
    `dhcp-host=${pump.mac},${pump.ip},${pump.hostname}`,
    'dhcp-option=option:router,10.92.10.1',
    '',
  ];
  const conf = lab.file('dhcp/server.conf', server.join('\n'));
  lab.startOn(dhcp, ['dnsmasq', '--keep-in-foreground', `--conf-file=${conf}`]);
  const relay = ['port=0', 'user=root', 'pid-file', `dhcp-relay=10.92.10.1,${dhcp.ip}`, ''];
  const relayConf = lab.file('dhcp/relay.conf', relay.join('\n'));
  lab.startOn(gateway, ['dnsmasq', '--keep-in-foreground', `--conf-file=${relayConf}`]);
}

function startMonitor(lab: Lab): void {
  const { monitor } = hosts;
  const told = {
    mac: monitor.mac,
    bed: 'ICU 7',
    broadcast: '255.255.255.255',
    vendor: 'Philips',
    model: 'MX450',
    serial: 'DE450921',
    software: 'M.04.11',
    patient: 'MUSTER^ERIKA',
    patientId: '4711',
  };
  lab.startOn(monitor, node('speak.ts', 'intellivue', 'monitor', JSON.stringify(told)));
}
