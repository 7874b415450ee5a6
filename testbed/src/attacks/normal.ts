import { fileURLToPath } from 'node:url';
import type { Lab } from '../lab/lab.ts';
import { hosts } from './hosts.ts';

const speaker = (name: string) => fileURLToPath(new URL(`../speakers/${name}`, import.meta.url));
const node = (name: string, ...args: string[]) => [process.execPath, speaker(name), ...args];

/** All that answers. */
export async function startServers(lab: Lab): Promise<void> {
  const { names, pacs, panel, lis, files, remote, outsider } = hosts;
  const zone = lab.file('names.conf', namesConf(lab));
  lab.startOn(names, ['dnsmasq', '--keep-in-foreground', `--conf-file=${zone}`]);
  lab.startOn(pacs, ['storescp', '-od', lab.folder('images'), '--ignore', '104']);
  const told = { port: 502, vendor: 'Acme Controls', model: 'AC-100', software: 'v2.7' };
  lab.startOn(panel, node('speak.ts', 'modbus', 'panel', JSON.stringify(told)));
  lab.startOn(lis, node('mllp-listen.ts', '2575'));
  // Takes whatever is sent, and says a few bytes to it.
  const takes =
    "for (const port of [8080, 443]) require('net').createServer((s) => { s.on('error', () => {}); s.write('hello'); s.resume(); }).listen(port)";
  lab.startOn(outsider, [process.execPath, '-e', takes]);
  await startRemote(lab);
  await startFiles(lab);
  const ports = [
    [pacs, 104],
    [panel, 502],
    [lis, 2575],
    [files, 445],
    [outsider, 443],
    [outsider, 8080],
    [remote, 22],
    [remote, 21],
    [remote, 80],
  ] as const;
  await Promise.all(ports.map(([place, port]) => lab.listening(place, port)));
}

function namesConf(lab: Lab): string {
  const leases = [`dhcp-range=10.66.0.200,10.66.0.220,1h`, `dhcp-option=option:router,${hosts.names.ip}`];
  const known = Object.values(hosts).map(({ id, ip }) => `address=/${id}.house.example/${ip}`);
  return [
    'no-resolv',
    'no-hosts',
    'user=root',
    'pid-file',
    'no-ping',
    `dhcp-leasefile=${lab.dir}/leases`,
    ...leases,
    ...known,
    '',
  ].join('\n');
}

/** A device with what vendors leave open: FTP, SSH (on a second port as well), and a page with the password of the manual. */
async function startRemote(lab: Lab): Promise<void> {
  const { remote } = hosts;
  const key = `${lab.dir}/hostkey`;
  await lab.must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const ssh = [
    'Port 22',
    'Port 443',
    `HostKey ${key}`,
    'PidFile none',
    'UsePAM no',
    'PasswordAuthentication no',
    'MaxStartups 100',
    '',
  ];
  const conf = lab.file('sshd.conf', ssh.join('\n'));
  lab.startOn(remote, ['/usr/sbin/sshd', '-D', '-f', conf], { runDirs: ['sshd'] });
  const ftp = [
    'listen=YES',
    'local_enable=YES',
    'anonymous_enable=NO',
    'seccomp_sandbox=NO',
    'delay_failed_login=0',
    'secure_chroot_dir=/run/empty',
    '',
  ];
  lab.startOn(remote, ['vsftpd', lab.file('vsftpd.conf', ftp.join('\n'))], { runDirs: ['empty'] });
  const www = lab.folder('www');
  lab.file('www/index.html', 'service');
  const httpd = lab.file('httpd.conf', '/:admin:admin\n');
  lab.startOn(remote, ['busybox', 'httpd', '-f', '-p', '80', '-h', www, '-c', httpd, '-r', 'service']);
  lab.startOn(remote, [
    'snmpd',
    '-f',
    '-C',
    '-c',
    lab.file('snmpd.conf', 'rocommunity ward66\n'),
    '-p',
    `${lab.dir}/snmpd.pid`,
    'udp:161',
  ]);
}

async function startFiles(lab: Lab): Promise<void> {
  const share = lab.folder('share');
  for (let n = 0; n < 90; n += 1) lab.file(`share/report-${n}.txt`, `report ${n}\n`.repeat(40), 0o666);
  await lab.must(['chmod', '0777', share]);
  const conf = [
    '[global]',
    'map to guest = Bad User',
    'guest account = root',
    'server min protocol = SMB2',
    'smb encrypt = off',
    `state directory = ${lab.folder('smb')}`,
    `private dir = ${lab.folder('smb')}`,
    `lock directory = ${lab.folder('smb')}`,
    `cache directory = ${lab.folder('smb')}`,
    `pid directory = ${lab.folder('smb')}`,
    'ncalrpc dir = /run/samba/ncalrpc',
    `log file = ${lab.dir}/logs/smb.log`,
    'disable netbios = yes',
    'smb ports = 445',
    '[reports]',
    `path = ${share}`,
    'guest ok = yes',
    'read only = no',
    'force user = root',
    '',
  ];
  lab.startOn(
    hosts.files,
    ['smbd', '--foreground', '--no-process-group', '-s', lab.file('smb.conf', conf.join('\n'))],
    {
      runDirs: ['samba', 'samba/ncalrpc'],
    },
  );
}

const talk = (host: string, port: number, bytes: string, answer: number) =>
  `timeout 2 bash -c 'exec 3<>/dev/tcp/${host}/${port}; printf "${bytes}" >&3; head -c ${answer} <&3 >/dev/null'`;

/** Reads eight registers. */
export const readRegisters = talk(hosts.panel.ip, 502, '\\0\\1\\0\\0\\0\\6\\1\\3\\0\\0\\0\\10', 9);
/** Writes one. */
export const writeRegister = talk(hosts.panel.ip, 502, '\\0\\1\\0\\0\\0\\6\\1\\6\\0\\11\\0\\1', 9);

/** One result as a laboratory sends it. */
export function sendResult(application: string): string {
  const lines = [
    `MSH|^~\\\\&|${application}|LAB|LIS|LAB|20261126010101||ORU^R01^ORU_R01|R1|P|2.5.1`,
    'PID|1||4711||MUSTER^ERIKA',
    'OBX|1|NM|GLU^Glucose^L||5.4|mmol/L|||||F',
  ];
  return talk(hosts.lis.ip, 2575, `\\x0b${lines.join('\\r')}\\r\\x1c\\r`, 20);
}

const every = (seconds: number, command: string) => `while :; do ${command}; sleep ${seconds}; done`;

/** A morning's work in fast motion, until the lab is closed. */
export async function startWork(lab: Lab): Promise<void> {
  const { names, pacs, ct, analyser, building, station, files, remote } = hosts;
  const image = `${lab.dir}/image.dcm`;
  await lab.must(['dump2dcm', lab.file('image.dump', imageDump), image]);
  const loop = (place: (typeof hosts)[keyof typeof hosts], seconds: number, command: string) =>
    lab.startOn(place, ['bash', '-c', every(seconds, command)]);
  loop(analyser, 4, sendResult('COBAS'));
  loop(ct, 11, `storescu -aet CT1 -aec PACS1 ${pacs.ip} 104 ${image}`);
  loop(ct, 25, `echoscu -aet CT1 -aec PACS1 ${pacs.ip} 104`);
  loop(building, 3, readRegisters);
  loop(station, 7, `busybox nslookup files.house.example ${names.ip} >/dev/null`);
  loop(
    station,
    13,
    `smbclient -N //${files.ip}/reports -c 'get report-1.txt /dev/null; get report-2.txt /dev/null'`,
  );
  loop(station, 17, `snmpget -v2c -c ward66 -t 1 -r 0 ${remote.ip} sysDescr.0 >/dev/null`);
  loop(station, 6, `busybox ping -c 1 -W 1 ${remote.ip} >/dev/null`);
}

const imageDump = [
  '(0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]',
  '(0008,0018) UI [2.25.66.1.1.1]',
  '(0008,0060) CS [CT]',
  '(0008,0070) LO [SIEMENS]',
  '(0008,1090) LO [SOMATOM go.Top]',
  '(0010,0010) PN [MUSTER^ERIKA]',
  '(0020,000d) UI [2.25.66.1]',
  '(0020,000e) UI [2.25.66.1.1]',
  '',
].join('\n');
