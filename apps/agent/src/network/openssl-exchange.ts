import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { toPem } from '@wardline/pki';
import { AgentError } from '../agent-error.ts';
import { EXCHANGE_MILLIS } from '../limits.ts';
import type { Ask, Exchange, Identity } from './exchange.ts';
import { begun, bodyOf, type Streaming, streamed } from './streamed.ts';
import { answered, shownTo, tlsExchange } from './tls-exchange.ts';

/**
 * Over `openssl s_client` where the key lies where Node cannot reach it, else over Node's own TLS. The server is judged in a handshake before,
 * in which nothing is shown; OpenSSL then speaks with exactly the certificate that was judged, or with nobody.
 */
export const anyExchange: Exchange = async (ask) => {
  const { as } = ask;
  if (as === null || as.key.by === 'memory') return tlsExchange(ask);
  const shown = await shownTo({ ...ask, as: null });
  ask.judge(shown);
  const folder = mkdtempSync(join(tmpdir(), 'wardline-tls-'));
  try {
    return await spoken(ask, as, shown[0]!, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The same for an answer that is larger than memory. */
export const anyStreamed: Streaming = async (ask) => {
  const { as } = ask;
  if (as === null || as.key.by === 'memory') return streamed(ask);
  const shown = await shownTo({ ...ask, as: null });
  ask.judge(shown);
  const folder = mkdtempSync(join(tmpdir(), 'wardline-tls-'));
  const client = clientFor(ask, as, shown[0]!, folder);
  const end = () => {
    client.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const answer = await Promise.race([begun(ask, new ChildLine(client)), goneOf(client, ask.server)]);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: bodyOf(answer, ask.server, end) };
  } catch (error) {
    end();
    throw error;
  }
};

/** What a program reads and writes, as one connection. */
class ChildLine extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(child: ChildProcessWithoutNullStreams) {
    super();
    this.#child = child;
    child.stdout.on('data', (part: Buffer) => {
      if (!this.push(part)) child.stdout.pause();
    });
    child.stdout.on('end', () => this.push(null));
    // That it has ended is told by its end.
    child.stdin.on('error', () => undefined);
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(part: Buffer, _encoding: string, done: () => void): void {
    this.#child.stdin.write(part, () => done());
  }
}

async function spoken(ask: Ask, as: Identity, server: Buffer, folder: string) {
  const client = clientFor(ask, as, server, folder);
  const gone = goneOf(client, ask.server);
  const timer = setTimeout(() => client.kill('SIGKILL'), EXCHANGE_MILLIS);
  try {
    return await Promise.race([answered(ask, new ChildLine(client)), gone]);
  } catch (error) {
    // What OpenSSL says of it is better than that the line ended.
    throw await Promise.race([gone.catch((cause: unknown) => cause), later(error)]);
  } finally {
    clearTimeout(timer);
    client.kill('SIGKILL');
  }
}

/** Rejects when OpenSSL ends by itself, with what it said. */
function goneOf(client: ChildProcessWithoutNullStreams, server: URL): Promise<never> {
  let said = '';
  client.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const gone = new Promise<never>((_resolve, reject) => {
    client.once('error', (error: NodeJS.ErrnoException) =>
      reject(new AgentError('key', error.code === 'ENOENT' ? 'openssl is not installed' : error.message)),
    );
    client.once('close', (code) => {
      if (code !== 0) reject(refusalOf(said, server));
    });
  });
  gone.catch(() => undefined);
  return gone;
}

const later = (error: unknown): Promise<unknown> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(error), 500).unref();
  });

/** One certificate is trusted, whatever the clock says; keys of the TPM sign, and OpenSSL does the rest. */
const FIXED = (
  '-quiet -ign_eof -tls1_3 -partial_chain -no_check_time -verify_return_error -no-CApath -no-CAstore ' +
  '-provider default -provider tpm2 -propquery ?tpm2.signature=yes'
).split(' ');

function clientFor(
  { server }: Ask,
  { chain, key }: Identity,
  pinned: Buffer,
  folder: string,
): ChildProcessWithoutNullStreams {
  if (key.by !== 'openssl') throw new AgentError('key', 'This key is not one of OpenSSL’s');
  const file = (name: string, ...ders: readonly Buffer[]): string => {
    writeFileSync(join(folder, name), ders.map((der) => toPem('CERTIFICATE', der)).join(''));
    return join(folder, name);
  };
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const [leaf, ...between] = chain;
  const certificates = ['-cert', file('leaf.pem', leaf!), '-key', key.uri];
  if (between.length > 0) certificates.push('-cert_chain', file('between.pem', ...between));
  const place = ['-connect', `${isIP(host) === 6 ? `[${host}]` : host}:${server.port || '443'}`];
  const name = isIP(host) === 0 ? ['-servername', host] : ['-noservername'];
  const args = [
    's_client',
    ...FIXED,
    ...place,
    ...name,
    '-CAfile',
    file('server.pem', pinned),
    ...certificates,
  ];
  return spawn('openssl', args, { env: { ...process.env, ...key.environment }, stdio: 'pipe' });
}

function refusalOf(said: string, { host }: URL): AgentError {
  const line = said.split('\n').find((one) => one.includes('error')) ?? 'openssl ended';
  const isKey = /tpm2|provider|store routines|Could not (open|read|find)/i.test(said);
  return new AgentError(isKey ? 'key' : 'network', `${host}: ${line.trim().slice(0, 300)}`);
}
