import { fileURLToPath } from 'node:url';
import { loadKnowledge } from '@wardline/knowledge';
import { usageReportSchema } from '@wardline/model';
import { hourOfWeekIn } from '@wardline/watch';
import { expect, it } from 'vitest';
import { usage } from './usage.ts';

const path = fileURLToPath(new URL('../../../../fixtures/attacks/normal.pcap.gz', import.meta.url));

it('tells who was in use, by protocols of care, and no more than was heard', async () => {
  const { devices } = await usage({
    captures: [{ path, name: 'normal.pcap.gz', bytes: null }],
    knowledge: loadKnowledge(),
    hourOfWeek: hourOfWeekIn('UTC'),
    key: new Uint8Array(32),
  });
  const used = devices.filter(({ hours }) => hours['in-use'] > 0);
  // The analyser and the system it sends results to; a minute of images stays below what counts.
  expect(used.length).toBeGreaterThanOrEqual(2);
  expect(devices.filter(({ hours }) => hours.unknown > 0).length).toBeGreaterThan(0);
  for (const { name: _name, classLabel: _label, clinical: _clinical, ...report } of devices)
    expect(usageReportSchema.parse(report)).toEqual(report);
});
