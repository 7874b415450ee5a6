import { createHash } from 'node:crypto';
import type { Enforcement, PolicyCompiled, Segmentation, VersionRow } from '@wardline/model';
import type { Stage } from './stage.ts';
import { send } from './weakness.ts';

/** Somebody else than the command line, which proposed it, puts the last proposed version into force. */
async function approve(stage: Stage): Promise<VersionRow & { text: string }> {
  const { versions } = await stage.ask<Segmentation>('/segmentation');
  const [last] = versions;
  const { page, context } = await stage.open();
  await page.goto('/segmentation');
  await page.evaluate(async (number) => {
    await fetch(`/api/v1/segmentation/versions/${number}/approval`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'a test', cutLifeCritical: 100_000 }),
    });
  }, last!.number);
  await context.close();
  return stage.ask(`/segmentation/versions/${last!.number}`);
}

/** A point that runs a proposed policy, of which somebody made a line drop what it let through; the page of it. */
export async function addEnforcementPoint(stage: Stage): Promise<string> {
  const { text, name, digest } = await approve(stage);
  const target = 'nftables';
  const { files } = await send<PolicyCompiled>(stage, '/segmentation/compilation', { text, target });
  const listing = files[0]!.text;
  const lines = listing.split('\n');
  const accepting = lines.findLastIndex((line) => / dport .*accept/.test(line));
  const changed = lines.map((line, at) => (at === accepting ? line.replace('accept', 'drop') : line));
  await send(stage, '/enforcement/points', { name: 'cellar', place: 'Cellar, rack 4' });
  await send(stage, '/enforcement/points', { name: 'roof', place: 'Roof' });
  const at = new Date(Date.now() - 60_000).toISOString();
  await send(stage, '/enforcement/reports/cellar', {
    kernel: 'changed',
    policyName: name,
    policyDigest: digest,
    applied: at,
    trialUntil: new Date(Date.now() + 3_600_000).toISOString(),
    listing: changed.join('\n'),
    counted: [{ declaration: 'undeclared', declared: 0, observed: 5120, alerted: 0, dropped: 0 }],
    obeys: true,
    back: { policyName: null, policyDigest: createHash('sha256').update('').digest('hex'), listing: null },
  });
  const { points } = await stage.ask<Enforcement>('/enforcement');
  return `/enforcement/${points.find((point) => point.name === 'cellar')!.id}`;
}
