import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeBackupKeys } from '../backup/index.ts';
import { routeFacts } from '../openapi.ts';
import { upload } from '../testing/acts/imports.ts';
import { calls } from '../testing/acts/index.ts';
import { connect, openStage, type Stage } from '../testing/acts/stage.ts';

// Driven from the route table: each route that says it changes state is called once while the ledger refuses its row, and
// must then have stored nothing; and once for good, and must have written exactly one row. A route without a call fails.
// The calls stand by domain in `testing/acts`.

let stage: Stage;
const kept = mkdtempSync(join(tmpdir(), 'wardline-kept-'));
// Signing in by a provider needs one: `openid.test.ts` tries it, and its record, with a real one.
const changing = (await routeFacts())
  .filter((route) => route.changes && route.action !== 'session.openid')
  .map((route) => route.action ?? '');

beforeAll(async () => {
  const { recipient } = await makeBackupKeys();
  stage = await openStage({ backups: { folder: kept, recipients: recipient, prove: 'off' } });
  await stage.client.query(`create function injected() returns trigger language plpgsql as
    $$ begin raise exception 'injected failure'; end $$`);
});
afterAll(async () => {
  await stage?.client.end();
  await stage?.server.close();
  rmSync(kept, { recursive: true, force: true });
});

/** What the server writes by itself, between acts: compared in part, or not at all. */
const ownPace =
  /^(migration.*|ledger|ledger_node|ledger_checkpoint|challenge|batch|intake_refused|stream|conversation.*|sighting|endpoint|asset|asset_observation|matched_asset|import|finding|reconciliation|alert_receiver_(state|mailed)|sign_in_attempt|backup_.*|watch_(inbox|loss|state|counter)|risk|risk_(score|known|dirty|progress|event|indicator))$/;

/** What acts change, in one text. */
async function state(): Promise<unknown> {
  const { client, server } = stage;
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind in ('r', 'p') and not relispartition
     and relnamespace = 'public'::regnamespace order by 1`,
  );
  const parts = tables
    .filter(({ name }) => !ownPace.test(name))
    // When something was matched is the background's own mark.
    .map(
      ({ name }) =>
        `(select string_agg((to_jsonb(t) - 'matched_at')::text, ' ' order by t::text) from ${name} t) as ${name}`,
    );
  const { rows } = await client.query(`select ${parts.join(', ')},
    (select string_agg(id || state || coalesce(finished_at::text, ''), ' ' order by id) from import) as import,
    (select string_agg(id || location, ' ' order by id) from asset where location <> '') as asset`);
  return { ...rows[0], spool: readdirSync(join(server.dataDir, 'spool')) };
}

async function acts(action: string): Promise<number> {
  const { rows } = await stage.client.query('select count(*)::int as n from ledger where action = $1', [
    action,
  ]);
  return (rows as { n: number }[])[0]!.n;
}

it('has a call for every route that changes state', () => {
  expect(changing.length).toBeGreaterThan(8);
  expect(Object.keys(calls).toSorted()).toEqual(changing.toSorted());
});

describe('each act and its row in the ledger stand or fall together:', () => {
  let holder: pg.Client;
  beforeAll(async () => {
    // No import gets on while this transaction is open, so that one waits behind another and can be cancelled.
    holder = await connect(stage.server);
    await holder.query('begin; lock table batch in exclusive mode');
    await upload(stage, 20);
  });
  afterAll(async () => {
    await holder.query('rollback');
    await holder.end();
  });

  afterEach(() => stage.client.query('drop trigger if exists injected on ledger'));

  /** What a refused call leaves, looked at again where a round of the server's own fell between the two looks. */
  async function refusedInQuiet(action: string) {
    for (let looks = 1; ; looks += 1) {
      const before = await state();
      const again = await calls[action]!(stage);
      const after = await state();
      if (looks === 3 || isDeepStrictEqual(before, after)) return { before, after, again };
    }
  }

  it.each(Object.keys(calls))('%s', async (action) => {
    const { client } = stage;
    await client.query(`create trigger injected before insert on ledger for each row
      when (new.action = '${action}') execute function injected()`);
    // What a call waits for (an identification, a comparison) has happened once it was refused; only then is compared.
    const refused = await calls[action]!(stage);
    const count = await acts(action);
    const { before, after, again } = await refusedInQuiet(action);
    expect([refused.status, again.status]).toEqual([500, 500]);
    expect(await again.text()).not.toContain('injected');
    expect(after).toEqual(before);
    expect(await acts(action)).toBe(count);
    await client.query('drop trigger injected on ledger');
    const answer = await calls[action]!(stage);
    expect([200, 201, 204]).toContain(answer.status);
    // A backup, and telling a key, leave everything as it is; only the ledger knows of it, and the list of backups.
    if (!action.startsWith('backup.') && action !== 'intake.key') expect(await state()).not.toEqual(before);
    expect(await acts(action)).toBe(count + 1);
  });
});
