import { createWriteStream, renameSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  checkNote,
  leafHash,
  parseCheckpoint,
  parseNote,
  parseVerifier,
  verifyInclusion,
} from '@wardline/ledger';
import {
  type LedgerProof,
  ledgerHeadSchema,
  ledgerProofSchema,
  ledgerResponse,
  ledgerVerificationSchema,
} from '@wardline/model';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { styleFor } from '../../terminal/style.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted, minute } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, withServer } from './server.ts';

export function addReading(ledger: Command): void {
  withServer(
    ledger
      .command('list')
      .summary('list acts, newest first')
      .option('--actor <actor>', 'who did it, as the ledger names them')
      .option('--subject <subject>', 'on what it was done')
      .option('--action <action>', 'what was done, as register.import')
      .option('--from <time>', 'acts from then on (2026-11-25T00:00:00Z)')
      .option('--to <time>', 'acts before then')
      .option('--limit <number>', 'how many at the most', '50'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline ledger list --action register.import --from 2026-11-01T00:00:00Z',
    )
    .action(runList);
  withServer(
    ledger
      .command('show')
      .summary('show one act and check its proof')
      .argument('<number>', 'the number of the act'),
  )
    .addHelpText('after', '\nExample:\n  wardline ledger show 17')
    .action(runShow);
  withServer(ledger.command('check').summary('have the server walk through its whole ledger'))
    .addHelpText('after', '\nExample:\n  wardline ledger check')
    .action(runCheck);
  withServer(ledger.command('key').summary('print the public key of the ledger'))
    .addHelpText('after', '\nExample:\n  wardline ledger key > log.key')
    .action(runKey);
  withServer(
    ledger
      .command('export')
      .summary('write the whole ledger into a file')
      .argument('<file>', 'file to write')
      .addOption(
        new Option('--form <form>', 'as wardline verifies it, or as other audit trails take it')
          .choices(['ledger', 'fhir', 'atna', 'ocsf'])
          .default('ledger'),
      )
      .option('--personal', 'names and reasons too, in the forms of others: elsewhere nobody can erase them'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  wardline ledger export ledger.jsonl\n  wardline ledger export events.ndjson --form fhir',
    )
    .action(runExport);
}

async function runList(flags: Flags & Record<string, string | undefined>): Promise<void> {
  const query = new URLSearchParams({ order: 'desc', sort: 'sequence', limit: flags.limit ?? '50' });
  for (const name of ['actor', 'subject', 'action', 'from', 'to'])
    if (flags[name] !== undefined) query.set(name, flags[name]);
  const page = await askFor(await serverAccess(flags), `api/v1/ledger?${query.toString()}`, ledgerResponse);
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  const columns = [
    { heading: 'No.', value: (row: Row) => String(row.sequence), least: 4, align: 'right' as const },
    { heading: 'When', value: (row: Row) => minute(row.at), least: 16 },
    { heading: 'Who', value: (row: Row) => row.actorName, least: 12 },
    { heading: 'Act', value: (row: Row) => row.action, least: 14 },
    { heading: 'On', value: (row: Row) => row.subject, least: 12, cut: 'middle' as const, rank: 2 },
    {
      heading: 'Reason',
      value: (row: Row) => row.reason ?? (row.erased.includes('reason') ? '(erased)' : ''),
      least: 12,
      rank: 1,
    },
  ];
  const lines = tableLines(page.items, columns, process.stdout.columns ?? 120);
  return writeOut(`${[...lines, '', `${page.items.length} of ${counted(page.total, 'act')}`].join('\n')}\n`);
}
type Row = z.infer<typeof ledgerResponse>['items'][number];

const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** Checks an act's proof here, so that the server is not taken at its word. */
function holds({ text, proof, head, entry }: LedgerProof): string | null {
  const note = parseNote(head.note);
  const key = parseVerifier(head.key);
  const checkpoint = note === null ? null : parseCheckpoint(note.text);
  if (note === null || key === null || checkpoint === null) return 'the signed head cannot be read';
  const check = checkNote(note, [key]);
  if ('forged' in check || check.signedBy.length === 0)
    return 'the head is not signed by the key of the ledger';
  const place = { leaf: leafHash(Buffer.from(text)), index: entry.sequence - 1, size: checkpoint.size };
  return verifyInclusion({ ...place, root: checkpoint.root, proof: proof.map(bytes) })
    ? null
    : 'the act does not stand in the signed ledger';
}

async function runShow(number: string, flags: Flags): Promise<void> {
  if (!/^[1-9]\d{0,15}$/.test(number)) throw new CommandError(`${number}: expected the number of an act`);
  const proof = await askFor(await serverAccess(flags), `api/v1/ledger/${number}`, ledgerProofSchema);
  const trouble = holds(proof);
  if (flags.json) await writeOut(`${JSON.stringify({ ...proof, verified: trouble === null })}\n`);
  else await writeOut(`${showLines(proof, trouble).join('\n')}\n`);
  if (trouble !== null) process.exitCode = exitCodes.failed;
}

function showLines({ entry, head }: LedgerProof, trouble: string | null): string[] {
  const style = styleFor(process.stdout);
  const verdict =
    trouble === null
      ? `${style.bold('Proved here')}: it is act ${entry.sequence} of the ${head.size} that were signed on ${minute(head.signedAt)}.`
      : `${style.bold('NOT PROVED')}: ${trouble}.`;
  return [
    style.bold(`Act ${entry.sequence}: ${entry.action}`),
    `  when     ${entry.at}`,
    `  who      ${printable(entry.actorName)}${entry.actorName === entry.actor ? '' : ` (${entry.actor})`}`,
    `  on       ${printable(entry.subject)}`,
    `  reason   ${entry.erased.includes('reason') ? '(erased; its commitment stays)' : printable(entry.reason ?? '(none asked for)')}`,
    `  changed  ${printable(JSON.stringify(entry.changes))}`,
    '',
    verdict,
  ];
}

async function runCheck(flags: Flags): Promise<void> {
  const result = await askFor(
    await serverAccess(flags),
    'api/v1/ledger/verification',
    ledgerVerificationSchema,
  );
  if (flags.json) await writeOut(`${JSON.stringify(result)}\n`);
  else if (result.whole)
    await writeOut(
      `Whole: ${counted(result.entries, 'act')} worked out anew, and every table is as it was written.\n`,
    );
  else {
    const lines = result.faults.map(
      ({ table, place, message }) => `  ${table} ${printable(place)}: ${message}`,
    );
    await writeOut(
      `ALTERED: ${counted(result.faults.length, 'place')} of the ledger are not as they were written.\n${lines.join('\n')}\n`,
    );
  }
  if (!result.whole) process.exitCode = exitCodes.failed;
}

async function runKey(flags: Flags): Promise<void> {
  const { key, size } = await askFor(await serverAccess(flags), 'api/v1/ledger/checkpoint', ledgerHeadSchema);
  await writeOut(flags.json ? `${JSON.stringify({ key, size })}\n` : `${key}\n`);
}

async function runExport(file: string, flags: Flags & { form: string; personal?: true }): Promise<void> {
  const { base, token } = await serverAccess(flags);
  const answer = await fetch(
    new URL(`api/v1/ledger/export?form=${flags.form}&personal=${flags.personal === true}`, base),
    {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
    },
  ).catch((error: unknown) => {
    throw new CommandError(`cannot reach ${base.origin}: ${String(error)}`, exitCodes.failed);
  });
  if (!answer.ok || answer.body === null)
    throw new CommandError(`${base.origin} answered ${answer.status}`, exitCodes.failed);
  const path = userPath(file);
  await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(`${path}.part`, { mode: 0o600 }));
  renameSync(`${path}.part`, path);
  const next = flags.form === 'ledger' ? ` Verify it anywhere: wardline ledger verify ${file} --key KEY` : '';
  const text = `Written to ${file}.${next}\n`;
  await writeOut(flags.json ? `${JSON.stringify({ file: path })}\n` : text);
}

export function addErase(ledger: Command): void {
  withServer(
    ledger
      .command('erase')
      .summary('erase the personal texts of one person; acts and proofs stay')
      .argument('<who>', 'the actor or subject, as the ledger names it')
      .requiredOption('--reason <text>', 'why'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline ledger erase person:1f2e… --reason "request of 2026-11-25 under Art. 17"',
    )
    .action(runErase);
}

async function runErase(who: string, flags: Flags & { reason: string }): Promise<void> {
  const body = { who, reason: flags.reason };
  const { texts } = await sendJson(
    await serverAccess(flags),
    'api/v1/ledger/erasures',
    body,
    z.object({ texts: z.int() }),
  );
  const said = `${counted(texts, 'personal text')} of ${who} erased; the acts and every proof stay.\n`;
  await writeOut(flags.json ? `${JSON.stringify({ texts })}\n` : said);
}
