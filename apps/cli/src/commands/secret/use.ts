import { checkoutResponse, secretMadeResponse } from '@wardline/model';
import { sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { minute } from '../../terminal/units.ts';
import type { Flags, Given } from '../access/asking.ts';
import { nameOf, secretNamed } from './named.ts';

export async function runCheckOut(words: string, flags: Given & { minutes: string }): Promise<void> {
  const access = await serverAccess(flags);
  const { id } = await secretNamed(access, words);
  const body = { minutes: Number(flags.minutes), reason: flags.reason };
  const given = await sendJson(access, `api/v1/secrets/${id}/checkouts`, body, checkoutResponse);
  if (flags.json) return writeOut(`${JSON.stringify(given)}\n`);
  // The secret itself is printed as it is, so that it can be used.
  const values = given.values.map(({ name, value }) => `${name}:\n${value}`);
  const head = printable(
    `Account ${given.account}, yours until ${minute(given.until)}. It is told this once.`,
  );
  await writeOut(`${[head, ...values].join('\n')}\n`);
}

export async function runReturn(words: string, flags: Flags): Promise<void> {
  const access = await serverAccess(flags);
  const secret = await secretNamed(access, words);
  if (secret.held === null) throw new CommandError(`nobody has ${nameOf(secret)}`, exitCodes.failed);
  const path = `api/v1/secrets/${secret.id}/checkouts/${secret.held.checkout}/return`;
  const made = await sendJson(access, path, {}, secretMadeResponse);
  const said = `${printable(nameOf(secret))} is given back; it waits for somebody to order that it be changed.\n`;
  await writeOut(flags.json ? `${JSON.stringify(made)}\n` : said);
}
