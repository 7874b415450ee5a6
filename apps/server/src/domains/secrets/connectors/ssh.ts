import { createHash, timingSafeEqual } from 'node:crypto';
import ssh2, { type Client, type ClientChannel } from 'ssh2';
import type { Credential } from '../credential.ts';
import { COMMAND_MILLISECONDS, CONNECT_MILLISECONDS, OUTPUT_BYTES } from '../limits.ts';
import { type Answer, type Connector, ConnectorError, type Target } from './connector.ts';

/** Passwords: one at a time, changed by a command of the device that reads it from its input, never from its arguments. */
export const sshPassword: Connector = {
  asks,
  gives: async (target, current, next) => {
    if (next.kind !== 'password') throw new ConnectorError('no password was made');
    await within(target, current, target.command ?? 'chpasswd', `${target.account}:${next.password}\n`);
  },
  takes: null,
};

/** Keys: the next one beside the current one, and only when it has been seen to work the old one away. */
export const sshKey: Connector = {
  asks,
  gives: async (target, current, next) => within(target, current, ADD, `${publicOf(next)}\n`),
  takes: async (target, by, old) => within(target, by, REMOVE, `${publicOf(old).split(' ')[1]}\n`),
};

/** Adds the line of the input once, after a last line that may lack its end. */
const ADD = [
  'set -e; umask 077; mkdir -p "$HOME/.ssh"; f="$HOME/.ssh/authorized_keys"; touch "$f"; read -r line',
  'if ! grep -qxF -- "$line" "$f"; then [ -z "$(tail -c 1 "$f")" ] || echo >> "$f"; printf "%s\\n" "$line" >> "$f"; fi',
].join('; ');

/** Writes the file anew without the lines that hold the key, and puts it in place at once: a loss of power leaves the one or the other. */
const REMOVE = [
  'set -e; umask 077; f="$HOME/.ssh/authorized_keys"; read -r key; [ -n "$key" ]',
  'grep -vF -- "$key" "$f" > "$f.next" || [ $? = 1 ]; sync; mv "$f.next" "$f"',
].join('; ');

function publicOf(credential: Credential): string {
  if (credential.kind !== 'key') throw new ConnectorError('no key was made');
  return credential.publicKey.trim();
}

async function asks(target: Target, credential: Credential): Promise<Answer> {
  try {
    (await opened(target, credential)).end();
    return 'accepted';
  } catch (error) {
    return (error as { level?: string }).level === 'client-authentication' ? 'refused' : 'away';
  }
}

/** A connection to the device whose host key is pinned, and to no other. */
function opened({ address, port, account, hostKey }: Target, credential: Credential): Promise<Client> {
  const client = new ssh2.Client();
  const proof =
    credential.kind === 'password'
      ? { password: credential.password }
      : credential.kind === 'key'
        ? { privateKey: credential.privateKey }
        : {};
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client));
    client.on('error', reject);
    client.connect({
      host: address,
      port,
      username: account,
      readyTimeout: CONNECT_MILLISECONDS,
      hostVerifier: (key: Buffer) => isPinned(key, hostKey),
      ...proof,
    });
  });
}

function isPinned(key: Buffer, pinned: string | null): boolean {
  const own = Buffer.from(fingerprint(key));
  const wanted = Buffer.from(pinned ?? '');
  return own.length === wanted.length && timingSafeEqual(own, wanted);
}

/** As `ssh-keygen -l` prints it. */
const fingerprint = (key: Uint8Array): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** Runs one command with the text as its input. @throws ConnectorError where it does not end well */
async function within(target: Target, credential: Credential, command: string, input: string): Promise<void> {
  const client = await opened(target, credential);
  try {
    const code = await ran(client, command, input);
    if (code !== 0) throw new ConnectorError(`the command on the device ended with ${code ?? 'a signal'}`);
  } finally {
    client.end();
  }
}

function ran(client: Client, command: string, input: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      client.destroy();
      reject(new ConnectorError('the command on the device did not end'));
    }, COMMAND_MILLISECONDS);
    client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error);
      bound(channel, () => client.destroy());
      channel.on('close', (code: number | null) => {
        clearTimeout(timer);
        resolve(code);
      });
      channel.end(input);
    });
    client.once('close', () => {
      clearTimeout(timer);
      reject(new ConnectorError('the device ended the connection'));
    });
  });
}

/** What the command says is counted and thrown away: it may repeat the secret. */
function bound(channel: ClientChannel, tooMuch: () => void): void {
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > OUTPUT_BYTES) tooMuch();
  };
  channel.on('data', count);
  channel.stderr.on('data', count);
}
