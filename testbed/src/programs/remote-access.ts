import { spawn } from 'node:child_process';
import type { Lab } from '../lab/lab.ts';
import { killGroup } from '../lab/process.ts';
import type { Device } from '../ward/device.ts';
import { device } from '../ward/roster.ts';
import { defaultCredential, secrets } from '../ward/secrets.ts';
import { accounts } from './accounts.ts';

const TELNET_MILLIS = 45_000;

export async function startSsh(lab: Lab): Promise<void> {
  lab.folder('ssh');
  await lab.must([
    'ssh-keygen',
    '-q',
    '-t',
    'ed25519',
    '-N',
    '',
    '-C',
    'testbed',
    '-f',
    `${lab.dir}/ssh/client`,
  ]);
  for (const id of ['sw-1', 'rpi-1']) {
    const hostKey = `${lab.dir}/ssh/${id}`;
    await lab.must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', id, '-f', hostKey]);
    const config = lab.file(
      `ssh/${id}.conf`,
      [
        'UsePAM no',
        'StrictModes no',
        'PermitRootLogin yes',
        'PidFile none',
        'DebianBanner no',
        `HostKey ${hostKey}`,
        `AuthorizedKeysFile ${lab.dir}/ssh/client.pub`,
        '',
      ].join('\n'),
    );
    lab.startOn(device(id), ['/usr/sbin/sshd', '-D', '-e', '-f', config], { runDirs: ['sshd'] });
    await lab.listening(device(id), 22);
  }
}

export async function useSsh(lab: Lab, from: Device, to: Device): Promise<void> {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'ConnectTimeout=8',
  ];
  const flags = options.flatMap((option) => ['-o', option]);
  const key = ['-F', 'none', '-i', `${lab.dir}/ssh/client`];
  await lab.mustOn(from, ['ssh', ...key, ...flags, `root@${to.ip}`, 'true']);
}

/** The pump's FTP service: vsftpd, which still has the account it was delivered with. */
export async function startFtp(lab: Lab): Promise<void> {
  const pump = device('pump-2');
  const config = lab.file(
    'ftp/vsftpd.conf',
    [
      'listen=YES',
      'background=NO',
      'anonymous_enable=NO',
      'local_enable=YES',
      'write_enable=YES',

      'ftpd_banner=IP-3 service FTP 2.4',
      'seccomp_sandbox=NO',
      'check_shell=NO',
      'pam_service_name=vsftpd',
      'secure_chroot_dir=/run/empty',
      'xferlog_enable=NO',
      '',
    ].join('\n'),
    0o600,
  );
  const { user, password } = defaultCredential;
  const binds = await accounts(lab, pump.id, [{ user, password }]);
  lab.startOn(pump, ['vsftpd', config], { binds, runDirs: ['empty'] });
  await lab.listening(pump, 21);
}

/** The pump server puts a new image onto the pump; a first try with another password is refused. */
export async function installFirmware(lab: Lab, image: string): Promise<void> {
  const from = device('pumpsrv-1');
  const to = `ftp://${device('pump-2').ip}/ip3-firmware-2.4.1.img`;
  const { user, password } = defaultCredential;
  const put = (login: string) => ['curl', '-sS', '-m', '15', '--disable-epsv', '-u', login, '-T', image, to];
  await lab.on(from, put(`${user}:${secrets.ftpPassword}`));
  await lab.mustOn(from, put(`${user}:${password}`));
}

/** The ventilator's service port: inetutils' telnetd behind inetd, with the real login program. */
export async function startTelnet(lab: Lab): Promise<void> {
  const vent = device('vent-1');
  const config = lab.file('telnet/inetd.conf', '23 stream tcp4 nowait root /usr/sbin/telnetd telnetd -h\n');
  const { telnetUser: user, telnetPassword: password } = secrets;
  const binds = await accounts(lab, vent.id, [{ user, password }]);
  lab.startOn(vent, ['inetutils-inetd', '-d', config], { binds });
  await lab.listening(vent, 23);
}

/** Logs in over Telnet as a person would: waits for each prompt, then types. */
export function useTelnet(lab: Lab, from: Device): Promise<void> {
  const answers: [RegExp, string][] = [
    [/login: *$/i, secrets.telnetUser],
    [/password: *$/i, secrets.telnetPassword],
    [/[#$] *$/, 'uptime'],
    [/load average[\s\S]*[#$] *$/, 'exit'],
  ];
  const [program = '', ...args] = lab.plainly(from, ['inetutils-telnet', device('vent-1').ip]);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true });
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), TELNET_MILLIS);
    let screen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString('latin1');
      if (answers[0]?.[0].test(screen.trimEnd())) {
        child.stdin.write(`${answers.shift()![1]}\r\n`);
        screen = '';
      }
    });
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.on('close', () => {
      clearTimeout(timer);
      if (answers.length === 0) resolve();
      else
        reject(new Error(`telnet to the ventilator stopped before: ${answers[0]?.[0]}; screen: ${screen}`));
    });
    lab.watch(child);
  });
}
