import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerVerification } from '@wardline/model';
import { afterAll, expect, it } from 'vitest';
import { ServerProcess } from '../testing/server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-ledger-kill-'));
afterAll(async () => {
  await ServerProcess.endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Many at once; resolves to how many were answered before the end. */
async function importAtOnce(server: ServerProcess, round: number, count: number): Promise<number> {
  const answers = Array.from({ length: count }, (_, index) =>
    server
      .ask('register/import', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          csv: `Asset Tag,Serial\nT-${round}-${index},S\n`,
          reason: `act ${round}-${index}`,
        }),
      })
      .then(
        () => 1,
        () => 0,
      ),
  );
  return (await Promise.all(answers)).reduce<number>((sum, one) => sum + one, 0);
}

it('kill -9 of server or database while acts are written never breaks the tree, and loses no act that was answered', async () => {
  let answered = 0;
  for (const [round, victim] of (['server', 'database', 'server'] as const).entries()) {
    const server = await ServerProcess.start(folder);
    const acts = importAtOnce(server, round, 60);
    setTimeout(
      () => process.kill(victim === 'server' ? server.child.pid! : server.databasePid, 'SIGKILL'),
      60 + 70 * round,
    );
    answered += await acts;
    if (victim === 'database') server.child.kill('SIGKILL');
    await new Promise((resolve) =>
      server.child.exitCode === null && server.child.signalCode === null
        ? server.child.once('exit', resolve)
        : resolve(null),
    );
  }
  const server = await ServerProcess.start(folder);
  answered += await importAtOnce(server, 9, 20);
  const verification = await server.ask<LedgerVerification>('ledger/verification');
  expect(verification).toMatchObject({ whole: true, faults: [] });
  expect(verification.entries).toBeGreaterThanOrEqual(answered);
  expect(answered).toBeGreaterThan(20);
  const { size } = await server.ask<{ size: number }>('ledger/checkpoint');
  expect(size).toBe(verification.entries);
}, 120_000);
