import { expect, it } from 'vitest';
import { allDamage } from '../../testing/damage.ts';
import { bytes } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { expectNothingLeaks, factLines } from '../../testing/properties.ts';
import { carescape } from './index.ts';

const padded = (text: string, length: number) => text.padEnd(length, '\0');
const announcement = (place: string, patient: string, ip = [10, 0, 0, 1]) =>
  bytes(
    1,
    4,
    0,
    0,
    ...ip,
    0x5a,
    0x40,
    0xcd,
    0xc0,
    padded(place, 16),
    padded(patient, 15),
    7,
    new Uint8Array(44),
  );
const around = { serverPort: 7000 };

it('states where the monitor stands, and its patient by field only', () => {
  const said = runDatagram(carescape, [['client', announcement('ICU3|B-07', 'ZZMARK,Z')]], { around });
  expect(factLines(said)).toEqual([
    'carescape.device client {"careUnit":"ICU3","bed":"B-07"}',
    'phi.cleartext client {"protocol":"carescape","field":"patient name"}',
  ]);
  expectNothingLeaks(said, 'ZZMARK');
});

it('reports no patient where the bed is empty', () => {
  for (const patient of ['', ',']) {
    const said = runDatagram(carescape, [['client', announcement('ICU3|B-07', patient)]], { around });
    expect(said.sightings.map(({ kind }) => kind)).toEqual(['carescape.device']);
  }
});

it.each([
  ['another address in it', announcement('ICU3|B-07', 'A,B', [10, 0, 0, 9]), 7000],
  ['another port', announcement('ICU3|B-07', 'A,B'), 7001],
  ['no bar', announcement('ICU3 B-07', 'A,B'), 7000],
  ['text behind the end of the names', announcement('ICU3|\0B', 'A,B'), 7000],
  ['fewer bytes', announcement('ICU3|B-07', 'A,B').slice(0, 42), 7000],
])('does not take what has %s', (_, payload, serverPort) => {
  expect(runDatagram(carescape, [['client', payload]], { around: { serverPort } }).recognised).toBe('no');
});

it('takes any damage', () => {
  for (const damaged of allDamage(announcement('ICU3|B-07', 'A,B'))) {
    runDatagram(carescape, [['client', damaged]], { around });
    runDatagram(carescape, [['client', damaged]], { around, force: true });
  }
});
