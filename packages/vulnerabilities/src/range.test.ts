import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Containment, contains, readVersions } from './range.ts';

const cases: [text: string, reported: string | null, answer: Containment][] = [
  ['<= 9.33', '9.5', 'in'],
  ['prior to 2.3', '2.2.9', 'in'],
  ['versions prior to 12.1', '12.1', 'above'],
  ['2.3 and prior', '2.3', 'in'],
  ['2.3 and earlier', '2.4', 'above'],
  ['2.x through 3.1', '2.5', 'in'],
  ['All versions between V3.0 (including) and V3.0.2 (excluding)', '3.0.1', 'in'],
  ['All versions between V3.0 (including) and V3.0.2 (excluding)', '3.0.2', 'above'],
  ['All versions < ROS V5.0.1', 'v5.0.0', 'in'],
  ['<= U61 |<= L81', 'U60', 'in'],
  ['<= U61 |<= L81', 'L82', 'above'],
  ['<= U61', 'L60', 'unknown'],
  ['>= 1.0.0 | <= 1.1.1', '1.2', 'above'],
  ['>= 1.0.0 | <= 1.1.1', '0.9', 'out'],
  ['<= 8.0 Patch 3', '8.0 Patch 2', 'in'],
  ['<= 8.0 Patch 3', '8.0 Patch 4', 'above'],
  ['< august 28', '1', 'unknown'],
  ['vers:all/<V7.0.3', '7.0.2', 'in'],
  ['vers:all/*', null, 'in'],
  ['all versions', null, 'in'],
  ['1.1.7.333 | 2.1.1.3069', '2.1.1.3069', 'in'],
  ['9.x', '9.1', 'in'],
  ['9.x model 35700BAX3', '9.1', 'unknown'],
  ['<= 12.2.x.x', '12.2.5.1', 'in'],
  ['<= C.00.04', 'C.00.05', 'above'],
  ['1.2 - 1.5', '1.3', 'in'],
  ['from 1.2 to 1.5', '1.6', 'above'],
  ['2.0.0 or later', '2.5', 'in'],
  ['12.1.3', '12.1', 'unknown'],
  ['<= 2.3', '2.3.5', 'unknown'],
  ['< 2.3', null, 'unknown'],
  ['4.0.0', '4.1', 'above'],
  ['< 2.10', '2.9', 'in'],
  ['< 2.9', '2.10', 'above'],
  ['< 2.0', '2.0rc1', 'in'],
  ['2.0 <= B.01', '2.0', 'in'],
];

describe('versions in words', () => {
  it.each(cases)('%s, device %s: %s', (text, reported, answer) => {
    expect(contains(readVersions(text), reported)).toBe(answer);
  });

  it('takes any text, and never calls an unknown version in or out of a range', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, reported) => {
        const set = readVersions(text);
        contains(set, reported);
        expect(set.kind === 'all' ? 'unknown' : contains(set, null)).toBe('unknown');
      }),
    );
  });
});
