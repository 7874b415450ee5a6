import { createReadStream, openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openSensorLog } from '@wardline/formats';
import { type ImportJob, importSchema } from '@wardline/model';
import type { Command } from 'commander';
import {
  askFor,
  dataOption,
  type ServerAccess,
  type ServerFlags,
  serverAccess,
  serverOption,
  tokenOption,
} from '../api/client.ts';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';

const examples = `
Examples:
  nmap -sV -oX ward3.xml 10.20.30.0/24 && wardline scan import ward3.xml
  wardline scan import monthly.nessus --json

Taken are Nmap's XML (-oX) and Nessus reports (.nessus), plain or gzip. Wardline scans nothing itself. Open services, software and
systems become evidence on assets, and whatever was seen on the wire counts before it; what a check printed is not kept.
Exit codes: 0 all were read whole, 1 the server could not be asked or could not read one, 2 bad usage, 3 one is no scan or damaged.`;

export function addScan(program: Command): void {
  const noun = program.command('scan').description('Hand a server what a scanner found.');
  noun
    .command('import')
    .summary('hand over scans')
    .description('Hands scans of Nmap and Nessus to a server, and waits until they are read.')
    .argument('<file...>', 'scans')
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runImport);
}

async function runImport(files: string[], flags: ServerFlags & { json?: boolean }): Promise<void> {
  const paths = files.map((file) => userPath(file));
  for (const path of paths) await expectScan(path);
  const access = await serverAccess(flags);
  const jobs: ImportJob[] = [];
  for (const path of paths) jobs.push(await importOne(access, path));
  if (jobs.some(({ errors }) => errors.length > 0)) process.exitCode = exitCodes.nothingRead;
  if (jobs.some(({ state }) => state !== 'done')) process.exitCode = exitCodes.failed;
  await writeOut([
    flags.json ? `${JSON.stringify({ scans: jobs }, null, 2)}\n` : `${jobs.flatMap(lines).join('\n')}\n`,
  ]);
}

async function expectScan(path: string): Promise<void> {
  const opened = await openSensorLog(createReadStream(path)).catch((error: unknown) => {
    throw new CommandError(`${path} ${explainSystemError(error)}`, exitCodes.nothingRead);
  });
  await opened.source[Symbol.asyncIterator]().return?.();
  if (opened.format !== 'nmap' && opened.format !== 'nessus')
    throw new CommandError(
      `${path} is no scan: expected nmap -oX or a .nessus report`,
      exitCodes.nothingRead,
    );
}

const LOOK_MILLISECONDS = 300;

async function importOne(access: ServerAccess, path: string): Promise<ImportJob> {
  const query = new URLSearchParams({ name: basename(path) });
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: await openAsBlob(path),
  };
  let job = await askFor(access, `api/v1/imports?${query.toString()}`, importSchema, init);
  while (job.state === 'queued' || job.state === 'running') {
    await setTimeout(LOOK_MILLISECONDS);
    job = await askFor(access, `api/v1/imports/${job.id}`, importSchema);
  }
  return job;
}

function lines({ file, state, sightings, errors, step }: ImportJob): string[] {
  const how = state === 'done' ? counted(sightings, 'fact') : `${state}: ${step}`;
  const faults = errors.map(({ record, message }) =>
    printable(`  ${record === null ? '' : `line ${record}: `}${message}`),
  );
  return [printable(`${file}: ${how}.`), ...faults];
}
