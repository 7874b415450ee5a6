import type { Lab } from '../lab/lab.ts';
import { device } from '../ward/roster.ts';
import { secrets } from '../ward/secrets.ts';
import { accounts } from './accounts.ts';
import { printJob } from './ipp.ts';

/** Samba with a share for a user and one for guests. */
export async function startFileServer(lab: Lab): Promise<void> {
  const server = device('fs-1');
  const state = ['private', 'state', 'cache', 'lock', 'pid', 'nmbd'].map((name) =>
    lab.folder(`samba/${name}`),
  );
  const [privateDir, stateDir, cache, lock, pid, ncalrpc] = state;
  const share = lab.folder('samba/share');
  const config = lab.file(
    'samba/smb.conf',
    [
      '[global]',
      'workgroup = SAMPLEHOSP',
      'netbios name = FS1',
      'server string = File server',
      'log level = 0',
      `private dir = ${privateDir}`,
      `state directory = ${stateDir}`,
      `cache directory = ${cache}`,
      `lock directory = ${lock}`,
      `pid directory = ${pid}`,
      `ncalrpc dir = ${ncalrpc}`,
      'map to guest = Bad User',
      'interfaces = eth0',
      'bind interfaces only = no',
      'load printers = no',

      'disable spoolss = yes',
      '[scans]',
      `path = ${share}`,
      'read only = no',
      'valid users = +root wlscanshare',
      'force user = root',
      '[public]',
      `path = ${share}`,
      'guest ok = yes',
      'read only = yes',
      '',
    ].join('\n'),
  );
  const { smbUser: user, smbPassword: password } = secrets;
  const binds = await accounts(lab, server.id, [{ user, password }]);
  const input = `${password}\n${password}\n`;
  await lab.mustOn(server, ['smbpasswd', '-c', config, '-s', '-a', user], { binds, input });
  const flags = ['--foreground', '--no-process-group', '-s', config];
  lab.startOn(server, ['smbd', ...flags], { binds });
  lab.startOn(server, ['nmbd', ...flags], { binds });
  await lab.listening(server, 445);
}

export async function useFileServer(lab: Lab): Promise<void> {
  const pc = device('pc-1');
  const scan = lab.file('scan.txt', 'synthetic scan\n');
  const login = ['-s', '/dev/null', '-U', `${secrets.smbUser}%${secrets.smbPassword}`];
  await lab.mustOn(pc, ['smbclient', '//fs1.hospital.example/scans', ...login, '-c', `put ${scan} scan.txt`]);
  const guest = ['-s', '/dev/null', '-N', '-U', '%'];
  await lab.on(device('laptop-b'), ['smbclient', '//fs1.hospital.example/public', ...guest, '-c', 'ls']);
}

/** CUPS' own printer program announces itself through avahi, which it reaches over a message bus of its own. */
const PRINTER = `
dbus-daemon --system --fork
avahi-daemon --no-drop-root --no-rlimits --no-chroot &
for try in 1 2 3 4 5 6 7 8 9 10; do [ -e /run/avahi-daemon/pid ] && break; sleep 0.2; done
exec ippeveprinter "$@"`;

export async function startPrinter(lab: Lab): Promise<void> {
  const printer = device('printer-1');
  const config = ['[server]', `host-name=${printer.hostname}`, 'use-ipv6=no', 'allow-interfaces=eth0', ''];
  lab.file(`avahi/${printer.id}/avahi-daemon.conf`, config.join('\n'));
  const identity = ['-M', 'HP', '-m', 'LaserPrint 400', '-p', '631'];
  const argv = ['sh', '-c', PRINTER, 'printer', ...identity, '-d', lab.folder('ipp'), 'HP LaserPrint 400'];
  lab.startOn(printer, argv, {
    binds: { [`${lab.dir}/avahi/${printer.id}`]: '/etc/avahi' },
    runDirs: ['avahi-daemon', 'dbus'],
  });
  await lab.listening(printer, 631);
}

/** A Windows machine prints; ipptool would tell every listener the kernel of the recording machine. */
export async function print(lab: Lab): Promise<void> {
  const { ip } = device('printer-1');
  const job = printJob(`ipp://${ip}:631/ipp/print`, 'image/pwg-raster', 'RaS2 synthetic page\n');
  const body = ['--data-binary', `@${lab.file('job.ipp', job)}`, '-H', 'Content-Type: application/ipp'];
  const agent = ['-A', 'Internet Print Provider'];
  await lab.mustOn(device('pc-1'), [
    'curl',
    '-fsS',
    '-m',
    '10',
    ...agent,
    ...body,
    `http://${ip}:631/ipp/print`,
  ]);
}

export function startTimeServer(lab: Lab): void {
  const config = lab.file('chrony/server.conf', 'local stratum 3\nallow all\ncmdport 0\n');
  lab.startOn(device('ntp-1'), ['chronyd', '-d', '-x', '-u', 'root', '-f', config], { runDirs: ['chrony'] });
}

/** Devices ask for the time once and leave their own clock alone. */
export async function askTime(lab: Lab): Promise<void> {
  const clients = ['ct-1', 'mon-1', 'vent-1', 'cam-1', 'analyser-1'];
  const query = [
    'chronyd',
    '-Q',
    '-t',
    '10',
    '-u',
    'root',
    'server ntp1.hospital.example iburst maxsamples 2',
  ];
  await Promise.all(
    clients.map((id) => lab.on(device(id), query, { runDirs: ['chrony'], timeoutMillis: 15_000 })),
  );
}
