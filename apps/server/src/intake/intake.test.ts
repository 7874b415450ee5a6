import type { Overview } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer } from '../testing/running-server.ts';
import { batch, conversation, endpoint } from '../testing/synthetic.ts';

let server: TestServer;
beforeAll(async () => {
  server = await runServer();
});
afterAll(() => server?.close());

const send = async (body: unknown) => {
  const response = await server.post('intake/batches', body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const observed = async () => (await server.get<Overview>('overview')).observed;

it('counts a batch that is sent twice once', async () => {
  expect(await send(batch(1))).toMatchObject({ status: 200, body: { outcome: 'accepted', lastNumber: 1 } });
  const before = await observed();
  expect(await send(batch(1))).toMatchObject({ status: 200, body: { outcome: 'duplicate', lastNumber: 1 } });
  expect(await observed()).toEqual(before);
  expect(before.packets).toBe(20 * 17);
});

it('counts one that is sent by many at once, once', async () => {
  const before = await observed();
  const answers = await Promise.all(Array.from({ length: 6 }, () => send(batch(1, 20, 'at-once'))));
  expect(answers.map((answer) => answer.body.outcome as string).toSorted()).toEqual([
    'accepted',
    ...Array(5).fill('duplicate'),
  ]);
  expect((await observed()).packets).toBe(before.packets + 340);
});

it('refuses a batch after a gap and names the number that is due', async () => {
  expect(await send(batch(5))).toMatchObject({ status: 409, body: { code: 'number-gap', expected: 2 } });
  expect(await server.get('intake/streams/test/made-up')).toEqual({ lastNumber: 1 });
});

it('adds the same conversation of two batches up', async () => {
  const [client, service] = [endpoint(7), endpoint(8)];
  const at = 1_793_606_400_000_000;
  const one = (number: number) => ({
    ...batch(number, 0, 'adding'),
    conversations: [
      conversation(client, service, at + number),
      conversation(client, service, at + number + 1),
    ],
    sightings: [],
  });
  await send(one(1));
  await send(one(2));
  const list = await server.get<{ items: { packetsFromClient: number; bytesFromServer: number }[] }>(
    `conversations?q=${client.ip}%20${service.ip}`,
  );
  expect(list.items).toMatchObject([{ packetsFromClient: 40, bytesFromServer: 2800 }]);
});

it('stores nothing of a batch that fails in the middle', async () => {
  const before = await server.get<Overview>('overview');
  const broken = batch(1, 3, 'broken');
  // No bigint: the database refuses it after the endpoints and conversations were written.
  broken.sightings[0]!.lastSeen = Number.MAX_SAFE_INTEGER;
  broken.sightings[0]!.count = Number.MAX_SAFE_INTEGER;
  await send(broken);
  const overflow = {
    ...batch(2, 3, 'broken'),
    sightings: broken.sightings.map((s) => ({ ...s, count: 1e300 })),
  };
  expect((await send(overflow)).status).toBe(400);
  expect(await server.get('intake/streams/test/broken')).toEqual({ lastNumber: 1 });
  expect((await server.get<Overview>('overview')).observed.captures).toBe(before.observed.captures + 1);
});

it('refuses hostile batches with the place of what is wrong', async () => {
  const wrong = batch(2) as unknown as { conversations: { client: { mac: string } }[] };
  wrong.conversations[3]!.client.mac = 'not-a-mac';
  const answer = await send(wrong);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: 'invalid-request' });
  expect(JSON.stringify(answer.body.errors)).toContain('/conversations/3/client/mac');
});

it('takes names that no database text can hold, cleaned', async () => {
  const hostile = batch(1, 1, 'hostile');
  hostile.sightings[0]!.facts = { ttl: 64, name: 'a\u0000b\ud800' } as never;
  expect((await send(hostile)).status).toBe(200);
});
