import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UDI_CHARS } from '../limits.ts';
import { hasSharedData, sharedText } from '../testing/shared-data.ts';
import { applicationIdentifiers, nearest } from './gs1.ts';
import { findInGudid } from './gudid.ts';
import { readUdi } from './read.ts';
import type { Udi } from './udi.ts';

const YEAR = 2026;
function read(text: string): Partial<Udi> | string {
  const reading = readUdi(text, YEAR);
  return 'udi' in reading ? reading.udi : `${reading.fault.offset}: ${reading.fault.message}`;
}

// GS1's and ICCBBA's examples are those of the FDA's page on UDI formats, HIBCC's those of its standard.
const gs1 = '(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234';
const hibcc = '+A99912345/$$52001510X3/16D20111212/S77DEFG457';
const iccbba = '=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123';

describe('the three agencies', () => {
  test('GS1 as it is printed', () => {
    expect(read(gs1)).toMatchObject({
      agency: 'GS1',
      device: '51022222233336',
      made: '2014-12-31',
      expires: '2015-07-07',
      lot: 'A213B1',
      serial: '1234',
    });
  });

  test('GS1 as a reader sends it, with separators and the name of the symbology', () => {
    const raw = ']d2\x1d0151022222233336111412311715070710A213B1\x1d211234\x1d80122.1';
    expect(read(raw)).toMatchObject({
      device: '51022222233336',
      lot: 'A213B1',
      serial: '1234',
      version: '2.1',
    });
  });

  test('HIBCC with lot, serial and both dates', () => {
    expect(read(hibcc)).toMatchObject({
      agency: 'HIBCC',
      device: 'A99912345',
      expires: '2020-01-15',
      made: '2011-12-12',
      lot: '10X3',
      serial: '77DEFG45',
    });
    expect(read('*+A123BJC5D6E71G*')).toMatchObject({ device: 'A123BJC5D6E71', lot: null });
  });

  test('ICCBBA with donation', () => {
    expect(read(iccbba)).toMatchObject({
      agency: 'ICCBBA',
      device: 'A9999XYZ100T0944',
      serial: '000025',
      donation: 'A99971312345600',
      expires: '2014-02-01',
      made: '2013-02-01',
      lot: 'XYZ123',
    });
  });
});

describe('what is wrong is told with its place', () => {
  test.each([
    ['(01)51022222233337', '17: the check digit does not fit'],
    ['(01)51022222233336(17)151307', '22: this is no day of the calendar'],
    ['(01)5102222223333', '4: expected 14 characters'],
    ['(17)150707', '0: there is no device identifier (01)'],
    ['0151022222233336XX', '16: expected an application identifier of a device'],
    [hibcc.replace('10X3', '10X4'), `${hibcc.length - 1}: the check character does not fit`],
    ['=/A9999XYZ100T09', '2: expected 16 letters and digits'],
    ['pump', '0: neither GS1, HIBCC nor ICCBBA'],
    ['1'.repeat(UDI_CHARS + 1), `${UDI_CHARS}: this is longer than any code of a device`],
  ])('%s', (code, message) => {
    expect(read(code)).toBe(message);
  });

  test('day 00 is the last of its month, and two digits are the nearest year', () => {
    expect(read('(01)51022222233336(17)280200')).toMatchObject({ expires: '2028-02-29' });
    expect([75, 76, 77, 99].map((yy) => nearest(yy, 2026))).toEqual([2075, 2076, 1977, 1999]);
  });

  test('every prefix and any text end in a code or a fault', () => {
    for (const code of [gs1, hibcc, iccbba])
      for (let length = 0; length < code.length; length++)
        expect(Object.keys(readUdi(code.slice(0, length), YEAR))).toHaveLength(1);
    fc.assert(fc.property(fc.string(), (text) => Object.keys(readUdi(text, YEAR)).length === 1));
    fc.assert(fc.property(fc.string(), (text) => Object.keys(readUdi(`+${text}`, YEAR)).length === 1));
  });
});

test.skipIf(!hasSharedData)('lengths are those of the dictionary of GS1', () => {
  const dictionary = sharedText('fingerprints/udi-gs1/gs1-syntax-dictionary.txt');
  for (const [key, { fixed, most, digits }] of Object.entries(applicationIdentifiers)) {
    const [, components] =
      new RegExp(`^${key}\\s+\\S*\\s+((?:[NXYZ][.\\d]+\\S*\\s?)+)`, 'm').exec(dictionary) ?? [];
    if (components === undefined) continue;
    const kind = digits ? 'N' : 'X';
    expect(`${key} ${components}`).toMatch(
      new RegExp(`^${key} ${kind}${fixed === undefined ? `\\.\\.${most}` : fixed}\\b`),
    );
  }
});

describe.skipIf(!hasSharedData)('the FDA’s database, from a file', () => {
  const bytes = Buffer.from(hasSharedData ? sharedText('fingerprints/gudid/test.xml') : '');
  async function* pieces(size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  test('a device is found by its identifier and by that of its package, in pieces of any size', async () => {
    for (const size of [1, 700, bytes.length])
      expect(await findInGudid(pieces(size), '00844588018923')).toMatchObject({
        company: 'CONSENSUS ORTHOPEDICS, INC.',
        model: '1107-0-3258',
        distributionEnds: '2018-09-24',
      });
    expect(await findInGudid(pieces(700), '00844868017264')).toMatchObject({ device: '00844588018923' });
    expect(await findInGudid(pieces(700), '0')).toBeNull();
  });

  test('a file that is cut off is a fault', async () => {
    async function* cut() {
      yield bytes.subarray(0, 400);
    }
    await expect(findInGudid(cut(), '0')).rejects.toThrow();
  });
});
