import { writeFileSync } from 'node:fs';
import {
  draftResponse,
  type Segmentation,
  savedResponse,
  segmentationResponse,
  versionMadeResponse,
  versionResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerAccess, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { tableLines } from '../../terminal/table.ts';
import { minute } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';
import { policyFrom } from './inputs.ts';

/** Policies of a server: fetched to be reviewed in git, handed over as drafts, proposed. People approve them in the console. */
export function addServing(policy: Command): void {
  withServer(policy.command('versions').summary('list the versions and drafts of a server'))
    .addHelpText('after', '\nExample:\n  wardline policy versions')
    .action(runVersions);
  withServer(
    policy
      .command('pull')
      .summary('fetch the text that is in force, or of a version or draft')
      .argument('[which]', 'number of a version, or id of a draft; else what is in force')
      .option('--out <file>', 'write the text there'),
  )
    .addHelpText('after', '\nExample:\n  wardline policy pull --out hospital.policy')
    .action(runPull);
  withReason(
    policy
      .command('push')
      .summary('hand a text over as a new draft')
      .argument('<file>', 'a policy')
      .option('--propose', 'propose it at once; somebody else has to approve it'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy push hospital.policy --propose --reason "ticket 4711"',
    )
    .action(runPush);
}

const all = (access: ServerAccess): Promise<Segmentation> =>
  askFor(access, 'api/v1/segmentation', segmentationResponse);

async function runVersions(flags: Flags): Promise<void> {
  const answer = await all(await serverAccess(flags));
  if (flags.json) return writeOut(`${JSON.stringify(answer)}\n`);
  const rows = [
    ...answer.versions.map((row) => ({
      which: String(row.number),
      name: row.name,
      state: row.state,
      at: row.decided ?? row.proposed,
      by: row.decidedByName ?? row.proposedByName,
    })),
    ...answer.drafts.map((row) => ({
      which: row.id,
      name: row.name,
      state: 'draft',
      at: row.modified,
      by: row.modifiedByName,
    })),
  ];
  type Row = (typeof rows)[number];
  const columns = [
    { heading: 'Version', value: (row: Row) => row.which, least: 8 },
    { heading: 'State', value: (row: Row) => row.state, least: 10 },
    { heading: 'Name', value: (row: Row) => row.name, least: 12 },
    { heading: 'Since', value: (row: Row) => minute(row.at), least: 16 },
    { heading: 'By', value: (row: Row) => row.by, least: 12, rank: 1 },
  ];
  const said =
    rows.length === 0 ? ['No policy yet.'] : tableLines(rows, columns, process.stdout.columns ?? 120);
  return writeOut(`${said.join('\n')}\n`);
}

async function runPull(which: string | undefined, flags: Flags & { out?: string }): Promise<void> {
  const access = await serverAccess(flags);
  const found = await textOn(access, which);
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  if (flags.out === undefined) return writeOut(found.text);
  writeFileSync(userPath(flags.out), found.text);
}

async function textOn(
  access: ServerAccess,
  which: string | undefined,
): Promise<{ name: string; text: string }> {
  if (which !== undefined && !/^\d{1,9}$/.test(which))
    return askFor(access, `api/v1/segmentation/drafts/${encodeURIComponent(which)}`, draftResponse);
  const number = which ?? (await all(access)).current;
  if (number === null) throw new CommandError('no policy is in force', exitCodes.failed);
  return askFor(access, `api/v1/segmentation/versions/${number}`, versionResponse);
}

async function runPush(file: string, flags: Given & { propose?: boolean }): Promise<void> {
  const { policy, text } = policyFrom(file);
  const access = await serverAccess(flags);
  const { reason } = flags;
  const body = { name: policy.name.slice(0, 100), text, reason };
  const draft = await sendJson(access, 'api/v1/segmentation/drafts', body, savedResponse);
  if (!flags.propose)
    return writeOut(flags.json ? `${JSON.stringify(draft)}\n` : `Draft ${draft.id}. Nothing of it holds.\n`);
  const path = `api/v1/segmentation/drafts/${draft.id}/proposal`;
  const made = await sendJson(access, path, { reason }, versionMadeResponse);
  return writeOut(
    flags.json
      ? `${JSON.stringify({ ...draft, ...made })}\n`
      : `Version ${made.number} waits for somebody else to approve it.\n`,
  );
}
