import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** True where devices of real programs can be made: as root, with OpenSSH's server and Net-SNMP's agent. */
export const canMakeDevices =
  process.getuid?.() === 0 &&
  existsSync('/usr/sbin/sshd') &&
  existsSync('/usr/sbin/snmpd') &&
  existsSync('/usr/bin/unshare');

/** What somebody else's program ended with. */
interface Process {
  child: ChildProcess;
  folder: string;
}

function end({ child, folder }: Process): void {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** OpenSSH's server in a file system of its own, so that an account and its password can be changed without touching this machine. */
export class SshDevice {
  readonly port: number;
  readonly hostKey: string;
  readonly #process: Process;
  static readonly account = 'service';
  static readonly password = 'delivered-with-1234';

  private constructor(port: number, hostKey: string, process: Process) {
    this.port = port;
    this.hostKey = hostKey;
    this.#process = process;
  }

  static async start(): Promise<SshDevice> {
    const folder = mkdtempSync(join(tmpdir(), 'wardline-sshd-'));
    const port = await freePort();
    const home = join(folder, 'home');
    mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
    makeEtc(folder, home);
    const key = join(folder, 'host');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const config = join(folder, 'sshd.conf');
    const lines = ['UsePAM no', 'StrictModes no', 'PermitRootLogin yes', 'PidFile none', 'MaxStartups 100'];
    writeFileSync(
      config,
      [...lines, `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${key}`, ''].join('\n'),
    );
    const script = `mount --bind '${folder}/etc' /etc && mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e -f '${config}'`;
    const child = spawn('unshare', ['-m', 'sh', '-c', script], { stdio: 'ignore' });
    await listening(port);
    return new SshDevice(port, fingerprint(`${key}.pub`), { child, folder });
  }

  /** The keys that open the account. */
  keys(lines?: readonly string[]): string[] {
    const file = join(this.#process.folder, 'home/.ssh/authorized_keys');
    if (lines !== undefined) writeFileSync(file, lines.join('\n'));
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  /** Whether OpenSSH's own client is let in by a private key. */
  letsIn(privateKey: string): boolean {
    const file = join(this.#process.folder, 'client');
    writeFileSync(file, privateKey, { mode: 0o600 });
    const options = [
      'BatchMode=yes',
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'IdentitiesOnly=yes',
      'LogLevel=ERROR',
    ];
    const args = [
      ...options.flatMap((option) => ['-o', option]),
      '-F',
      'none',
      '-i',
      file,
      '-p',
      String(this.port),
    ];
    try {
      execFileSync('ssh', [...args, `${SshDevice.account}@127.0.0.1`, 'true'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    } finally {
      rmSync(file);
    }
  }

  close(): void {
    end(this.#process);
  }
}

/** A copy of this machine's /etc with one account more: of the rights of root, as service accounts of devices have. */
function makeEtc(folder: string, home: string): void {
  const etc = join(folder, 'etc');
  execFileSync('cp', ['-a', '/etc', etc]);
  const digest = execFileSync('openssl', ['passwd', '-6', SshDevice.password]).toString().trim();
  const add = (file: string, line: string) =>
    writeFileSync(join(etc, file), `${readFileSync(join(etc, file), 'utf8').trimEnd()}\n${line}\n`);
  add('passwd', `${SshDevice.account}:x:0:0::${home}:/bin/sh`);
  add('shadow', `${SshDevice.account}:${digest}:20000:0:99999:7:::`);
}

const fingerprint = (file: string): string =>
  execFileSync('ssh-keygen', ['-l', '-f', file]).toString().split(' ')[1]!;

/** Net-SNMP's agent with one user of SNMPv3 who may change their own keys. */
export class SnmpDevice {
  readonly port: number;
  readonly #process: Process;
  readonly #hash: NetSnmpHash;
  static readonly account = 'nms';
  static readonly authPassword = 'delivered-auth-1';
  static readonly privPassword = 'delivered-priv-1';

  private constructor(port: number, process: Process, hash: NetSnmpHash) {
    this.port = port;
    this.#process = process;
    this.#hash = hash;
  }

  static async start(hash: NetSnmpHash = 'SHA'): Promise<SnmpDevice> {
    const folder = mkdtempSync(join(tmpdir(), 'wardline-snmpd-'));
    const port = await freePort();
    const { account, authPassword, privPassword } = SnmpDevice;
    const config = join(folder, 'snmpd.conf');
    // Net-SNMP lets nobody change the keys of a user who was not cloned from another, so this one is, as its manual has it.
    const created = `createUser template ${hash} "${authPassword}" AES "${privPassword}"`;
    const lines = ['sysName pump', created, 'rwuser template priv', `rwuser ${account} priv`, ''];
    writeFileSync(config, lines.join('\n'));
    const env = { ...process.env, SNMP_PERSISTENT_DIR: join(folder, 'state'), MIBS: '' };
    const args = ['-f', '-C', '-c', config, '-Lo', '-I', '-smux', `udp:127.0.0.1:${port}`];
    const child = spawn('/usr/sbin/snmpd', args, { stdio: 'ignore', env });
    const device = new SnmpDevice(port, { child, folder }, hash);
    for (let tries = 0; tries < 100 && !device.letsIn(authPassword, privPassword, 'template'); tries += 1)
      await pause();
    const by = [...userOf('template', authPassword, privPassword, hash), `127.0.0.1:${port}`];
    execFileSync('snmpusm', [...by, 'create', account, 'template'], quiet);
    return device;
  }

  /** Whether Net-SNMP's own client gets an answer by these passwords. */
  letsIn(authPassword: string, privPassword: string, account = SnmpDevice.account): boolean {
    const user = userOf(account, authPassword, privPassword, this.#hash);
    try {
      const ask = [...user, '-t', '1', '-r', '0', `127.0.0.1:${this.port}`, '1.3.6.1.2.1.1.5.0'];
      execFileSync('snmpget', ask, quiet);
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    end(this.#process);
  }
}

const quiet = { stdio: 'ignore' as const, env: { ...process.env, MIBS: '' } };

/** As Net-SNMP calls them. */
type NetSnmpHash = 'SHA' | 'SHA-256' | 'SHA-384' | 'SHA-512';

const userOf = (account: string, authPassword: string, privPassword: string, hash: NetSnmpHash): string[] => [
  '-v3',
  '-l',
  'authPriv',
  '-u',
  account,
  '-a',
  hash,
  '-A',
  authPassword,
  '-x',
  'AES',
  '-X',
  privPassword,
];

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 25));

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await pause();
  }
  throw new Error('the device does not listen');
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
