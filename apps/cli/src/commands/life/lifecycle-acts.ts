import { type Sanitisation, sanitisationMethods } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { serverVerb } from '../server-verb.ts';

const examples = `
Examples:
  wardline lifecycle move A-1d2c… commissioned --purchase 6b1f… --reason "the checklist was looked at"
  wardline lifecycle move A-1d2c… maintenance --reason "version 3.3 is here"
  wardline lifecycle move A-1d2c… decommissioned --method purge --media "flash, 4 GB" --verification full \\
    --verified-by "A. Weber" --destination "recycling, certificate 12" --reason "after eight years"
  wardline lifecycle identify A-1d2c… "(01)51022222233336(21)1234" --reason "read from its label"

Exit codes: 0 done, 1 the server could not be asked or refused it, 2 bad usage.`;

const done = z.object({ done: z.literal(true) });
const at = (asset: string, act: string) => `api/v1/assets/${encodeURIComponent(asset)}/${act}`;

/** What persons say of a device between purchase and disposal. */
export function addLifecycleActs(noun: Command): void {
  serverVerb(
    noun,
    'move',
    'move a device on: commissioned, in-service, maintenance, lost, decommissioned',
    examples,
  )
    .argument('<asset>', 'its id')
    .argument('<state>', 'what it is now')
    .option('--purchase <id>', 'the assessment that it was bought by, where it is commissioned')
    .option('--method <method>', `how its data were removed: ${sanitisationMethods.join(', ')}`)
    .option('--media <text>', 'which media')
    .option('--means <text>', 'by what means', '')
    .option('--verification <how>', 'full, sampled or none')
    .option('--verified-by <text>', 'by whom', '')
    .option('--destination <text>', 'where it went')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runMove);
  serverVerb(noun, 'identify', "keep a device's identifier (UDI) as its label has it", examples)
    .argument('<asset>', 'its id')
    .argument('<code>', 'as printed or as a reader sends it: (01)…, +…, =/…')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runIdentify);
  serverVerb(noun, 'backup-lost', 'enter that a copy is lost or of no use', examples)
    .argument('<asset>', 'its id')
    .argument('<backup>', "the copy's number, as lifecycle show tells it")
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runLost);
}

interface MoveFlags extends ServerFlags {
  purchase?: string;
  method?: string;
  media?: string;
  means: string;
  verification?: string;
  verifiedBy: string;
  destination?: string;
  reason: string;
}

/** The server says what of a record is missing; nothing is left out silently. */
function sanitisationOf(flags: MoveFlags): { sanitisation?: Partial<Sanitisation> } {
  const { method, media, means, verification, verifiedBy, destination } = flags;
  if ([method, media, verification, destination].every((one) => one === undefined)) return {};
  return {
    sanitisation: { method, media, means, verification, verifiedBy, destination } as Partial<Sanitisation>,
  };
}

async function runMove(asset: string, to: string, flags: MoveFlags): Promise<void> {
  const { purchase, reason } = flags;
  const body = { to, reason, ...(purchase === undefined ? {} : { purchase }), ...sanitisationOf(flags) };
  await sendJson(await serverAccess(flags), at(asset, 'lifecycle'), body, done);
  await writeOut([`${printable(`${asset} is ${to}.`)}\n`]);
}

async function runIdentify(
  asset: string,
  code: string,
  flags: ServerFlags & { reason: string },
): Promise<void> {
  await sendJson(await serverAccess(flags), at(asset, 'udi'), { code, reason: flags.reason }, done);
  await writeOut([`${printable(`${asset}: the identifier is kept.`)}\n`]);
}

async function runLost(
  asset: string,
  backup: string,
  flags: ServerFlags & { reason: string },
): Promise<void> {
  const path = at(asset, `backups/${encodeURIComponent(backup)}/lost`);
  await sendJson(await serverAccess(flags), path, { reason: flags.reason }, done);
  await writeOut([`${printable(`${asset}: backup ${backup} counts no more.`)}\n`]);
}
