import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  conversationsOf,
  hasSharedCaptures,
  senseFile,
  sharedCaptures,
  sharedPath,
} from './testing/captures.ts';
import { hasTshark, packetCounts } from './testing/tshark.ts';
import {
  type Agreement,
  agreementOn,
  type Difference,
  type Examined,
  tableOf,
} from './testing/tshark-fields/agreement.ts';
import { dissected } from './testing/tshark-fields/dissected.ts';
import { explanations } from './testing/tshark-fields/explained.ts';
import { hosts } from './testing/tshark-fields/hosts.ts';
import { names } from './testing/tshark-fields/names.ts';
import { network } from './testing/tshark-fields/network.ts';
import { sessions } from './testing/tshark-fields/sessions.ts';

const comparisons = [...network, ...names, ...sessions, ...hosts];
const hospital = fileURLToPath(new URL('../../../fixtures/sample-hospital/ward-1.pcap.gz', import.meta.url));

async function examined(): Promise<Examined[]> {
  const files = [
    ...sharedCaptures().map((name) => [name, sharedPath(name)]),
    ['sample-hospital/ward-1', hospital],
  ];
  const counts = packetCounts(files.map(([, path]) => path!));
  const captures = [];
  for (const [file = '', path = ''] of files) {
    const packets = counts.get(path);
    if (packets === undefined) continue;
    const sensed = await senseFile(path);
    const sightings = sensed.batches.flatMap((batch) => batch.sightings);
    captures.push({ file, path, packets, conversations: conversationsOf(sensed), sightings });
  }
  const filter = [...new Set(comparisons.map((comparison) => comparison.filter))]
    .map((one) => `(${one})`)
    .join(' || ');
  const found = await dissected(captures, filter);
  return captures.flatMap(({ file, path, sightings }) => {
    const packets = found.get(path);
    return packets ? [{ file, sightings, packets }] : [];
  });
}

function isExplained({ fact, file }: Difference): boolean {
  return explanations.some((explained) => explained.fact === fact && file === explained.file);
}

describe.skipIf(!hasSharedCaptures || !hasTshark())('facts beside tshark', () => {
  test('state what tshark reads, field by field, on every capture', async () => {
    const files = await examined();
    const lines: Agreement[] = [];
    const differences: Difference[] = [];
    for (const comparison of comparisons) {
      const compared = agreementOn(comparison, files);
      lines.push(compared.line);
      differences.push(...compared.differences);
    }
    console.log(`${files.length} captures\n${tableOf(lines)}`);
    expect(lines.filter(({ equal }) => equal === 0).map(({ fact }) => fact)).toEqual([]);
    expect(differences.filter((difference) => !isExplained(difference))).toEqual([]);
    const stale = explanations.filter(
      ({ fact, file }) =>
        !differences.some((difference) => difference.fact === fact && difference.file === file),
    );
    expect(stale).toEqual([]);
  }, 300_000);
});
