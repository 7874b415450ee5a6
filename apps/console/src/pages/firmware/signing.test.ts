import type { FirmwareStatus } from '@wardline/model';
import { expect, it } from 'vitest';
import { dueOf, proceduresFor } from './signing.ts';

const role = (name: string, version: number, expires: string, threshold = 1) => ({
  role: name,
  version,
  expires,
  threshold,
  keys: ['a', 'b'],
  images: 0,
});
const key = (number: number, signs: boolean) => ({
  number,
  id: 'ab'.repeat(32),
  public: 'cd'.repeat(32),
  made: '2026-01-01T00:00:00.000000Z',
  signs,
});
const published: FirmwareStatus = {
  asOf: '2026-11-27T00:00:00.000000Z',
  keys: [key(1, true)],
  roles: [
    role('root', 3, '2027-11-01T00:00:00.000000Z', 2),
    role('timestamp', 40, '2026-12-02T00:00:00.000000Z'),
    role('snapshot', 9, '2026-12-20T00:00:00.000000Z'),
    role('targets', 7, '2027-11-01T00:00:00.000000Z'),
  ],
  bins: [],
};
const withRole = (changed: ReturnType<typeof role>): FirmwareStatus => ({
  ...published,
  roles: published.roles.map((one) => (one.role === changed.role ? changed : one)),
});

it('has nothing due while every signature is good and the newest key of the server is named', () => {
  expect(dueOf(published)).toEqual([]);
  expect(dueOf({ ...published, keys: [key(1, false), key(2, true)] })).toEqual([]);
});

it.each<[string, FirmwareStatus, RegExp]>([
  ['nothing is published', { ...published, roles: [] }, /first signing/],
  ['a root runs out', withRole(role('root', 3, '2027-01-25T00:00:00.000000Z')), /root is good for 59 more/],
  ['a list has run out', withRole(role('targets', 7, '2026-11-26T00:00:00.000000Z')), /targets has run out/],
  [
    'the server does not renew',
    withRole(role('timestamp', 40, '2026-11-27T12:00:00.000000Z')),
    /signed it anew/,
  ],
  ['the root does not name the newest key', { ...published, keys: [key(1, true), key(2, false)] }, /Key 2/],
])('tells that %s', (_, status, expected) => {
  expect(dueOf(status)).toEqual([expect.stringMatching(expected)]);
});

it('leads through the first signing alone, and afterwards through every other by the versions that count', () => {
  expect(proceduresFor({ ...published, roles: [] }).map(({ title }) => title)).toEqual(['The first signing']);
  const all = proceduresFor(published);
  expect(all.filter(({ title }) => title.startsWith('Stolen: '))).toHaveLength(6);
  const commands = all.flatMap(({ steps }) => steps.map(({ command }) => command ?? ''));
  const after = commands.flatMap((command) => /--after (\S+) .*--out (\S+)/.exec(command)?.slice(1) ?? []);
  expect(new Set(after)).toEqual(new Set(['3.root.json', '4.root.json', '7.targets.json', '8.targets.json']));
});

it('says what a thief of one key of root can do by how many have to sign', () => {
  const says = (status: FirmwareStatus) =>
    proceduresFor(status).find(({ title }) => title.endsWith('key of root'))?.says;
  expect(says(published)).toMatch(/do nothing/);
  expect(says(withRole(role('root', 3, '2027-11-01T00:00:00.000000Z', 1)))).toMatch(/enough/);
});
