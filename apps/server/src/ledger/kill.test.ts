import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerVerification } from '@wardline/model';
import { afterAll, expect, it } from 'vitest';
import { copyGiven } from '../testing/given.ts';
import { ServerProcess } from '../testing/server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-ledger-kill-'));
copyGiven(folder);
afterAll(async () => {
  await ServerProcess.endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Many at once; resolves to how many were answered before the end, which `onAnswer` may bring about. */
async function importAtOnce(
  server: ServerProcess,
  round: number,
  count: number,
  onAnswer: (answered: number) => void = () => {},
): Promise<number> {
  let answered = 0;
  const importOne = async (index: number) => {
    const body = JSON.stringify({
      csv: `Asset Tag,Serial\nT-${round}-${index},S\n`,
      reason: `act ${round}-${index}`,
    });
    const headers = { 'content-type': 'application/json' };
    const isAnswered = await server.ask('register/import', { method: 'POST', headers, body }).then(
      () => true,
      () => false,
    );
    if (!isAnswered) return;
    answered += 1;
    onAnswer(answered);
  };
  await Promise.all(Array.from({ length: count }, (_, index) => importOne(index)));
  return answered;
}

it('kill -9 of server or database while acts are written never breaks the tree, and loses no act that was answered', async () => {
  let answered = 0;
  for (const [round, victim] of (['server', 'database', 'server'] as const).entries()) {
    const server = await ServerProcess.start(folder);
    const end = () => process.kill(victim === 'server' ? server.child.pid! : server.databasePid, 'SIGKILL');
    answered += await importAtOnce(server, round, 60, (count) => {
      if (count === 5 + 10 * round) end();
    });
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
}, 300_000);
