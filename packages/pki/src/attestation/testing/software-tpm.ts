import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Octets, sized, u16, u32 } from '../tpm/octets.ts';

const run = promisify(execFile);
const has = (program: string): boolean =>
  ['/usr/bin', '/usr/local/bin'].some((folder) => existsSync(join(folder, program)));

/** True where swtpm and tpm2-tools are installed. */
export const hasSoftwareTpm = has('swtpm') && has('swtpm_setup') && has('tpm2_quote');

/** Tools that leave objects in the TPM. */
const loading = new Set([
  'createek',
  'activatecredential',
  'createak',
  'createprimary',
  'create',
  'evictcontrol',
]);

/** A TPM 2.0 of swtpm, spoken to by tpm2-tools and raw commands. */
export class SoftwareTpm {
  readonly folder: string;
  readonly #port: number;
  readonly #process: ChildProcess;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.#port = port;
    const sockets = ['--server', `type=tcp,port=${port}`, '--ctrl', `type=tcp,port=${port + 1}`];
    const state = ['--tpmstate', `dir=${join(folder, 'state')}`, '--flags', 'not-need-init,startup-clear'];
    this.#process = spawn('swtpm', ['socket', '--tpm2', ...sockets, ...state], { stdio: 'ignore' });
  }

  /** Made anew, with an endorsement key. */
  static async start(): Promise<SoftwareTpm> {
    const folder = mkdtempSync(join(tmpdir(), 'wardline-tpm-'));
    mkdirSync(join(folder, 'state'));
    manufacture(folder);
    const tpm = new SoftwareTpm(folder, await freePorts());
    for (let tries = 0; !(await tpm.#answers()); tries += 1) {
      if (tries > 200) throw new Error('swtpm does not answer');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return tpm;
  }

  /** Where it is, as tpm2-tools and OpenSSL are told. */
  get tcti(): string {
    return `swtpm:host=127.0.0.1,port=${this.#port}`;
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).on('error', () => resolve(false));
    });
  }

  /** One program of tpm2-tools, in the TPM's own folder. */
  async tool(name: string, ...args: readonly string[]): Promise<string> {
    const env = { ...process.env, TPM2TOOLS_TCTI: this.tcti };
    const { stdout } = await run(`tpm2_${name}`, args, { cwd: this.folder, env });
    // Without a resource manager, what a tool loads stays until somebody takes it out.
    if (loading.has(name)) await run('tpm2_flushcontext', ['-t'], { cwd: this.folder, env });
    return stdout;
  }

  file(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  write(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.folder, name), bytes);
  }

  /** The parts of one TPM2B file that tpm2-tools wrote. */
  inside(name: string): Uint8Array {
    return new Octets(this.file(name)).sized();
  }

  /** TPM2_Certify (Part 3 §18.2) of persistent keys, with the challenge that tpm2-tools cannot give along. */
  async certify(
    key: number,
    by: number,
    challenge: Uint8Array,
  ): Promise<{ certifyInfo: Uint8Array; signature: Uint8Array }> {
    const password = Buffer.from('400000090000000000', 'hex'); // TPM_RS_PW with an empty password
    const sessions = Buffer.concat([password, password]);
    const parameters = Buffer.concat([sized(challenge), u16(0x0010)]);
    const answer = await this.#command(
      0x148,
      Buffer.concat([u32(key), u32(by), u32(sessions.length), sessions, parameters]),
    );
    const octets = new Octets(answer);
    const inside = new Octets(octets.take(octets.u32()));
    return { certifyInfo: inside.sized(), signature: inside.take(inside.left) };
  }

  /** The answer's bytes after its code. */
  #command(code: number, body: Uint8Array): Promise<Uint8Array> {
    const command = Buffer.concat([u16(0x8002), u32(body.length + 10), u32(code), body]);
    return new Promise((resolve, reject) => {
      const socket = connect(this.#port, '127.0.0.1', () => socket.write(command));
      let received = Buffer.alloc(0);
      socket.on('error', reject);
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 10 || received.length < received.readUInt32BE(2)) return;
        socket.destroy();
        const failure = received.readUInt32BE(6);
        if (failure === 0) resolve(received.subarray(10));
        else reject(new Error(`the TPM answers 0x${failure.toString(16)}`));
      });
    });
  }

  close(): void {
    this.#process.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a maker of TPMs does once: an endorsement key, at the address that the TCG names. */
function manufacture(folder: string): void {
  const config = join(folder, 'setup.conf');
  writeFileSync(config, 'active_pcr_banks = sha256\n');
  const state = ['--tpmstate', join(folder, 'state'), '--config', config];
  execFileSync('swtpm_setup', ['--tpm2', '--createek', ...state], { stdio: 'ignore' });
}

/** Two ports in a row: the second is for swtpm's control channel, which tpm2-tools expect there. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + 2 * Math.floor(Math.random() * 5000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
