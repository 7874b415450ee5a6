import { peopleResponse } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  askFor,
  dataOption,
  type ServerAccess,
  type ServerFlags,
  serverOption,
  tokenOption,
} from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';

export type Flags = ServerFlags & { json?: boolean };
export type Given = Flags & { reason: string };
export type Person = z.infer<typeof peopleResponse>['items'][number];

export const withServer = (command: Command): Command =>
  command
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .option('--json', 'print one JSON object and nothing else');
export const withReason = (command: Command): Command =>
  withServer(command).requiredOption('--reason <text>', 'why; it goes into the ledger');

/** The one person whom some words name. */
export async function personNamed(access: ServerAccess, words: string): Promise<Person> {
  const { items } = await askFor(access, 'api/v1/people', peopleResponse);
  const wanted = words.toLowerCase();
  const found = items.filter(
    (one) => [one.id, one.actor, one.name.toLowerCase(), one.login].includes(wanted) || one.name === words,
  );
  if (found.length === 1) return found[0]!;
  throw new CommandError(
    found.length === 0 ? `there is no person ${words}` : `several people are called ${words}; name the id`,
    exitCodes.failed,
  );
}

export const remove = (access: ServerAccess, path: string, reason: string) =>
  askFor(access, `${path}?reason=${encodeURIComponent(reason)}`, z.object({ id: z.string() }), {
    method: 'DELETE',
  });
