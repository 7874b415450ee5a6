import { existsSync, writeFileSync } from 'node:fs';
import { type KeyList, keyListResponse, keyRotationResponse, masterRotationResponse } from '@wardline/model';
import type { Command } from 'commander';
import { askFor, sendJson, serverAccess } from '../api/client.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { serverKey } from '../intake/site-key.ts';
import { writeOut } from '../terminal/output.ts';
import { tableLines } from '../terminal/table.ts';
import { counted, minute } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';
import { type Flags, type Given, withReason, withServer } from './access/asking.ts';

const examples = `
Examples:
  wardline key list
  wardline key rotate accounts --reason "yearly"
  wardline key rotate-master --reason "somebody left who knew the passphrase"

Secrets in the database are sealed by the key of their zone; the keys of zones are wrapped under the master key, which lies
elsewhere. No command tells one of these keys. Changing one needs no pause: what is there is sealed anew in the background.`;

/** Which keys there are, and changing them. */
export function addKey(program: Command): void {
  const key = program
    .command('key')
    .description('Keys of zones, and the master key.')
    .addHelpText('after', examples);
  withServer(key.command('list').summary('list keys with what is sealed by each; never a key itself'))
    .addHelpText('after', '\nExample:\n  wardline key list')
    .action(runList);
  withReason(
    key.command('rotate').summary('give a zone a new key').argument('<zone>', 'of wardline key list'),
  )
    .addHelpText('after', '\nExample:\n  wardline key rotate accounts --reason "yearly"')
    .action(runRotate);
  withReason(key.command('rotate-master').summary('wrap every key under a new master key, as it is set now'))
    .addHelpText(
      'after',
      '\nExample:\n  wardline key rotate-master --reason "a new passphrase is in the file"',
    )
    .action(runRotateMaster);
  withServer(
    key
      .command('sensor')
      .summary('write the key by which sensors hash patient data into a file, for another machine')
      .argument('<file>', 'file to write'),
  )
    .addHelpText('after', '\nExample:\n  wardline key sensor redaction-key')
    .action(runSensorKey);
}

async function runSensorKey(file: string, flags: Flags): Promise<void> {
  const path = userPath(file);
  if (existsSync(path))
    throw new CommandError(`${file} is there already; a key is never overwritten`, exitCodes.failed);
  const { key } = await serverKey(await serverAccess(flags));
  writeFileSync(path, key, { mode: 0o600, flag: 'wx' });
  await writeOut(
    flags.json ? `${JSON.stringify({ file: path })}\n` : `Written to ${file}, readable by you alone.\n`,
  );
}

type Row = KeyList['zones'][number]['keys'][number] & { zone: string };

async function runList(flags: Flags): Promise<void> {
  const list = await askFor(await serverAccess(flags), 'api/v1/keys', keyListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(list)}\n`);
  const rows = list.zones.flatMap(({ zone, keys }) => keys.map((key) => ({ zone, ...key })));
  const columns = [
    { heading: 'Zone', value: (row: Row) => row.zone, least: 10 },
    { heading: 'State', value: stateOf, least: 12 },
    { heading: 'Seals', value: (row: Row) => counted(row.values, 'value'), least: 8 },
    { heading: 'Made', value: (row: Row) => minute(row.made), least: 16 },
    { heading: 'Id', value: (row: Row) => row.id, least: 8, rank: 1 },
  ];
  const lines = [...tableLines(rows, columns, process.stdout.columns ?? 120), '', ...summary(list)];
  return writeOut(`${lines.join('\n')}\n`);
}

function stateOf({ destroyed, open, retired }: Row): string {
  if (destroyed !== null) return 'destroyed';
  if (!open) return 'does not open';
  return retired === null ? 'in use' : 'retired';
}

function* summary({ master, waiting, closed }: KeyList): Generator<string> {
  yield `The master key is ${master.place}, since ${minute(master.made)}.`;
  if (waiting > 0) yield `${counted(waiting, 'value')} will be sealed anew in the background.`;
  if (closed > 0)
    yield `${counted(closed, 'value')} cannot be opened: the key by which they were sealed is lost.`;
}

async function runRotate(zone: string, flags: Given): Promise<void> {
  const body = { zone, reason: flags.reason };
  const made = await sendJson(await serverAccess(flags), 'api/v1/keys/rotation', body, keyRotationResponse);
  await writeOut(
    flags.json
      ? `${JSON.stringify(made)}\n`
      : `${zone} has a new key, ${made.after}; what is there is sealed anew in the background.\n`,
  );
}

async function runRotateMaster(flags: Given): Promise<void> {
  const access = await serverAccess(flags);
  const made = await sendJson(
    access,
    'api/v1/keys/master/rotation',
    { reason: flags.reason },
    masterRotationResponse,
  );
  await writeOut(
    flags.json
      ? `${JSON.stringify(made)}\n`
      : `There is a new master key; ${counted(made.keys, 'key')} of zones are wrapped under it.\n`,
  );
}
