import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAdvisory } from '@wardline/formats';
import { expect, it } from 'vitest';
import { DAYS, urgencyOf, weaknessesOf } from './advisories.ts';
import { root } from './run-step.ts';
import { sbomOf } from './sbom.ts';

const bom = sbomOf(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const now = Date.UTC(2026, 10, 27) * 1000;
const recordOf = (name: string, fixed: string, published: string, severity?: string) =>
  JSON.stringify({
    id: 'GHSA-aaaa-bbbb-cccc',
    aliases: ['CVE-2026-1'],
    modified: published,
    published,
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
    database_specific: { severity },
  });

async function judged(text: string, exploited: readonly string[] = []) {
  const read = await readAdvisory(text);
  if (!read.ok) throw new Error('unread');
  const urgency = urgencyOf(text, (id) => exploited.includes(id));
  return weaknessesOf(bom, [{ advisory: read.advisory, urgency }], now);
}

it('knows a component that is beyond the time for its weakness, and one that is not', async () => {
  const old = '2026-10-20T00:00:00Z';
  expect(await judged(recordOf('fastify', '99.0.0', old, 'HIGH'))).toEqual([
    {
      part: expect.stringMatching(/^fastify \d/),
      advisory: 'GHSA-aaaa-bbbb-cccc',
      urgency: 'high',
      days: 38,
      isOver: true,
    },
  ]);
  expect(await judged(recordOf('fastify', '99.0.0', old))).toMatchObject([{ urgency: 'high', isOver: true }]);
  expect(await judged(recordOf('fastify', '99.0.0', old, 'MODERATE'))).toMatchObject([
    { urgency: 'rest', isOver: false },
  ]);
  const young = '2026-11-19T00:00:00Z';
  expect(await judged(recordOf('fastify', '99.0.0', young, 'CRITICAL'))).toMatchObject([
    { days: 8, isOver: false },
  ]);
  expect(await judged(recordOf('fastify', '99.0.0', young, 'LOW'), ['CVE-2026-1'])).toMatchObject([
    { urgency: 'exploited', isOver: true },
  ]);
});

it('says nothing of what is mended or is not part of us', async () => {
  expect(await judged(recordOf('fastify', '0.0.1', '2020-01-01T00:00:00Z'))).toEqual([]);
  expect(await judged(recordOf('left-pad-of-nobody', '99.0.0', '2020-01-01T00:00:00Z'))).toEqual([]);
});

it('takes the times that are written down', () => {
  const text = readFileSync(join(root, 'SECURITY.md'), 'utf8').replaceAll(/\s+/g, ' ');
  expect(text).toContain(`within ${DAYS.exploited} days of its publication`);
  expect(text).toContain(`high or critical severity within ${DAYS.high}`);
});
