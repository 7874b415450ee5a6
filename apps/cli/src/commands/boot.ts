import { type BootAppraisal, bootListResponse } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../api/client.ts';
import { CommandError } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { minute } from '../terminal/units.ts';
import { serverVerb } from './server-verb.ts';

type Flags = ServerFlags & { json?: boolean };

const examples = `
Examples:
  wardline boot list
  wardline boot approve 0b0e… --pcr 0,2,4,7 --reason "held against the maker's release of March"
  wardline boot withdraw 7a51… --reason "the release was called back"

A device shows what it booted by "wardline-agent attest". Exit codes: 0 done, 1 the server could not be asked or refused, 2 bad usage.`;

/** What devices booted, and what is known to be good. */
export function addBoot(program: Command): void {
  const noun = program.command('boot').description('What devices booted, by the quotes of their TPMs.');
  verb(noun, 'list', 'list what each device showed last, what contradicts first').action(runList);
  verb(noun, 'approve', 'say that what a device booted is good, for its maker, model and version')
    .argument('<appraisal>', 'its id, as "boot list --json" tells it')
    .option('--pcr <numbers>', 'what has to be the same', '0,2,4,7,9')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(async (appraisal: string, flags: Flags & { pcr: string; reason: string }) => {
      const pcrs = flags.pcr.split(',').map(Number);
      if (!pcrs.every((pcr) => Number.isInteger(pcr) && pcr >= 0 && pcr < 24))
        throw new CommandError(`--pcr ${flags.pcr}: expected numbers from 0 to 23, as 0,2,4,7`);
      await send(flags, 'boots/references', { appraisal, pcrs, reason: flags.reason }, 'Known to be good:');
    });
  verb(noun, 'withdraw', 'what was said to be good counts no more')
    .argument('<reference>', 'its id, as "boot list --json" tells it')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(async (id: string, flags: Flags & { reason: string }) =>
      send(
        flags,
        `boots/references/${encodeURIComponent(id)}/removal`,
        { reason: flags.reason },
        'Counts no more:',
      ),
    );
}

const verb = (noun: Command, name: string, summary: string): Command =>
  serverVerb(noun, name, summary, examples).option('--json', 'print one JSON object and nothing else');

async function runList(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/boots', bootListResponse);
  if (flags.json) return writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  if (found.items.length === 0) return writeOut(['No device has shown what it booted.\n']);
  return writeOut([`${tableLines(found.items, columns, process.stdout.columns ?? 120).join('\n')}\n`]);
}

const columns = [
  { heading: 'Device', value: ({ name }: BootAppraisal) => name, least: 16 },
  { heading: 'Criticality', value: ({ criticality }: BootAppraisal) => criticality, least: 11 },
  { heading: 'Boot', value: ({ status }: BootAppraisal) => status, least: 12 },
  { heading: 'Grade', value: ({ grade }: BootAppraisal) => `${grade} of 3`, least: 6 },
  { heading: 'Differs in PCR', value: differing, least: 14 },
  { heading: 'Since', value: ({ at }: BootAppraisal) => minute(at), least: 16 },
  { heading: 'Appraisal', value: ({ id }: BootAppraisal) => id, least: 36 },
];

function differing({ differences, refused }: BootAppraisal): string {
  if (refused.length > 0) return `${refused.map(({ what }) => what).join(', ')} refused`;
  return [...new Set(differences.map(({ pcr }) => pcr))].join(', ') || '-';
}

async function send(flags: Flags, path: string, body: object, said: string): Promise<void> {
  const answer = await sendJson(
    await serverAccess(flags),
    `api/v1/${path}`,
    body,
    z.object({ id: z.string() }),
  );
  await writeOut([flags.json ? JSON.stringify(answer) : printable(`${said} ${answer.id}`), '\n']);
}
