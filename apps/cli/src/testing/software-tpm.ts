import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const has = (program: string): boolean => existsSync(`/usr/bin/${program}`);

/** True where a TPM can be played, and OpenSSL can reach keys in it. */
export const hasSoftwareTpm =
  has('swtpm') &&
  has('swtpm_setup') &&
  has('tpm2_quote') &&
  globSync('/usr/lib/*/ossl-modules/tpm2.so').length > 0;

/** A TPM 2.0 of swtpm with an endorsement key, at an address that tpm2-tools and OpenSSL take. */
export async function startSoftwareTpm(folder: string): Promise<{
  tcti: string;
  tool: (name: string, ...args: string[]) => Promise<string>;
  close: () => void;
}> {
  mkdirSync(join(folder, 'state'), { recursive: true });
  writeFileSync(join(folder, 'setup.conf'), 'active_pcr_banks = sha256\n');
  const made = [
    '--tpm2',
    '--createek',
    '--tpmstate',
    join(folder, 'state'),
    '--config',
    join(folder, 'setup.conf'),
  ];
  execFileSync('swtpm_setup', made, { stdio: 'ignore' });
  const port = await freePorts();
  const sockets = ['--server', `type=tcp,port=${port}`, '--ctrl', `type=tcp,port=${port + 1}`];
  const state = ['--tpmstate', `dir=${join(folder, 'state')}`, '--flags', 'not-need-init,startup-clear'];
  const child = spawn('swtpm', ['socket', '--tpm2', ...sockets, ...state], { stdio: 'ignore' });
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries > 200) throw new Error('swtpm does not answer');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const tcti = `swtpm:host=127.0.0.1,port=${port}`;
  const env = { ...process.env, TPM2TOOLS_TCTI: tcti };
  const tool = async (name: string, ...args: string[]): Promise<string> => {
    const { stdout } = await run(`tpm2_${name}`, args, { cwd: folder, env });
    await run('tpm2_flushcontext', ['-t'], { env });
    return stdout;
  };
  return { tcti, tool, close: () => void child.kill('SIGKILL') };
}

/** A maker of TPMs, and its certificate for the endorsement key of one. */
export class TpmMaker {
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
    this.#openssl('req', '-x509', ...key, '-subj', `/CN=${name}`, '-days', '30', '-out', `${name}.pem`);
  }

  get certificate(): string {
    return readFileSync(join(this.#folder, `${this.#name}.pem`), 'utf8');
  }

  /** The file of a certificate (PEM) for an endorsement key. */
  vouchFor(publicKey: string): string {
    const file = join(this.#folder, `${this.#name}-ek`);
    writeFileSync(
      `${file}.cnf`,
      'extendedKeyUsage=2.23.133.8.1\nkeyUsage=critical,keyEncipherment\nbasicConstraints=critical,CA:false\n' +
        'subjectAltName=critical,dirName:tpm\n[tpm]\na.2.23.133.2.1=id:00001014\nb.2.23.133.2.2=swtpm\nc.2.23.133.2.3=id:1\n',
    );
    const by = ['-CA', `${this.#name}.pem`, '-CAkey', `${this.#name}.key`, '-extfile', `${file}.cnf`];
    this.#openssl(
      'x509',
      '-new',
      '-force_pubkey',
      publicKey,
      '-subj',
      '/CN=TPM',
      '-days',
      '9',
      ...by,
      '-out',
      `${file}.pem`,
    );
    return `${file}.pem`;
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });

/** Two ports in a row: the second is for swtpm's control channel, which tpm2-tools expect there. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = 30_000 + 2 * Math.floor(Math.random() * 5000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
