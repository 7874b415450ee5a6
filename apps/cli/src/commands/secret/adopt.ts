import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type SecretValue, type SnmpHash, secretMadeResponse } from '@wardline/model';
import { sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { userPath } from '../../working-directory.ts';
import type { Given } from '../access/asking.ts';
import { nameOf, secretNamed } from './named.ts';

interface Adopting extends Given {
  kind: string;
  valueFile: string;
  authHash: SnmpHash;
  address?: string;
  port?: string;
  hostKey?: string;
  command?: string;
  every?: string;
  standing?: boolean;
}

export async function runAdopt(asset: string, account: string, flags: Adopting): Promise<void> {
  const { kind, address, port, hostKey, command, every, standing = false, reason } = flags;
  const numbers = { ...(port && { port: Number(port) }), ...(every && { everyDays: Number(every) }) };
  const given = await readValue(kind, flags.valueFile);
  const value = kind === 'snmpv3' ? { ...given, authHash: flags.authHash } : given;
  const body = { asset, account, kind, address, hostKey, command, standing, ...numbers, value, reason };
  const made = await sendJson(await serverAccess(flags), 'api/v1/secrets', body, secretMadeResponse);
  const said = `The secret of ${account} is kept, ${made.id}; put the file away where nobody reads it. Nothing was sent to the device.`;
  await writeOut(flags.json ? `${JSON.stringify(made)}\n` : `${printable(said)}\n`);
}

export async function runChanged(words: string, flags: Given & { valueFile: string }): Promise<void> {
  const access = await serverAccess(flags);
  const secret = await secretNamed(access, words);
  const body = { value: await readValue(secret.kind, flags.valueFile), reason: flags.reason };
  const made = await sendJson(access, `api/v1/secrets/${secret.id}/value`, body, secretMadeResponse);
  await writeOut(
    flags.json ? `${JSON.stringify(made)}\n` : `${printable(nameOf(secret))} is kept as it is now.\n`,
  );
}

/** A secret on the command line would stand in the list of processes and in the shell's history. */
async function readValue(kind: string, file: string): Promise<SecretValue> {
  const whole = file === '-' ? await text(process.stdin) : await readFile(userPath(file), 'utf8');
  if (kind === 'ssh-key') return { privateKey: whole };
  const [first = '', second = ''] = whole.split(/\r?\n/);
  if (first === '') throw new CommandError('the secret is empty', exitCodes.usage);
  return kind === 'snmpv3' ? { authPassword: first, privPassword: second } : { password: first };
}
