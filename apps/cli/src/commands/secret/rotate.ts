import { rotationStateResponse, secretMadeResponse } from '@wardline/model';
import { sendJson, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import type { Given } from '../access/asking.ts';
import { nameOf, secretNamed } from './named.ts';

export async function runRotate(
  words: string,
  flags: Given & { opens?: string; closes: string },
): Promise<void> {
  const access = await serverAccess(flags);
  const secret = await secretNamed(access, words);
  const { opens = new Date().toISOString(), closes, reason } = flags;
  const path = `api/v1/secrets/${secret.id}/rotation`;
  const ordered = await sendJson(access, path, { opens, closes, reason }, rotationStateResponse);
  const said = `${nameOf(secret)} is changed on its device between ${opens} and ${closes}; wardline secret show tells each step.`;
  await writeOut(flags.json ? `${JSON.stringify(ordered)}\n` : `${printable(said)}\n`);
}

export const runCancel = (words: string, flags: Given): Promise<void> =>
  acted(words, flags, 'rotation/cancellation', 'stays as it is; nothing is sent to the device.');

export const runRemove = (words: string, flags: Given): Promise<void> =>
  acted(words, flags, 'removal', 'is destroyed here. What the device itself lets in is as it was.');

async function acted(words: string, flags: Given, path: string, said: string): Promise<void> {
  const access = await serverAccess(flags);
  const secret = await secretNamed(access, words);
  const made = await sendJson(
    access,
    `api/v1/secrets/${secret.id}/${path}`,
    { reason: flags.reason },
    secretMadeResponse,
  );
  await writeOut(flags.json ? `${JSON.stringify(made)}\n` : `${printable(nameOf(secret))} ${said}\n`);
}
