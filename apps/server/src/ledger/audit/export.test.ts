import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runServer, type TestServer } from '../../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await runServer();
  for (let tag = 1; tag <= 12; tag += 1)
    await server.post('register/import', {
      csv: `Asset Tag,Serial Number\nT-${tag},S\n`,
      reason: `why ${tag}`,
    });
  await server.post('ledger/erasures', { who: 'nobody', reason: 'nothing to erase' });
});
afterAll(() => server?.close());

const ask = (query: string) => server.raw(`/api/v1/ledger/export?${query}`);
const linesOf = async (query: string) => (await (await ask(query)).text()).trimEnd().split('\n');

describe.each(['fhir', 'ocsf', 'atna'])('as %s', (form) => {
  it('has every act once, in order, and no personal text unless it is asked for', async () => {
    const lines = await linesOf(`form=${form}`);
    expect(lines).toHaveLength(13);
    expect(lines.join('\n')).not.toContain('why 3');
    expect((await linesOf(`form=${form}&personal=true`)).join('\n')).toContain(
      form === 'atna' ? Buffer.from('why 3').toString('base64') : 'why 3',
    );
  });

  it('is searched as the list is', async () => {
    expect(await linesOf(`form=${form}&action=ledger.erase`)).toHaveLength(1);
    expect(await linesOf(`form=${form}&action=register`)).toHaveLength(12);
    expect(await (await ask(`form=${form}&action=regist`)).text()).toBe('');
    expect(await linesOf(`form=${form}&actor=command%20line&to=2100-01-01T00:00:00Z`)).toHaveLength(13);
    expect(await (await ask(`form=${form}&actor=nobody`)).text()).toBe('');
    expect((await ask(`form=${form}&from=yesterday`)).status).toBe(400);
  });
});

it('numbers acts, and binds each to its leaf', async () => {
  const events = (await linesOf('form=ocsf')).map(
    (line) => JSON.parse(line) as { metadata: Record<string, unknown> },
  );
  expect(events.map(({ metadata }) => metadata.sequence)).toEqual(
    Array.from({ length: 13 }, (_, index) => index + 1),
  );
  expect(new Set(events.map(({ metadata }) => metadata.uid)).size).toBe(13);
});

it('gives no part of the ledger in the form that is verified whole', async () => {
  expect((await ask('action=ledger.erase')).status).toBe(400);
});
