import { expect, it } from 'vitest';
import { parseBackups } from './backups.ts';

const nothing = {
  folder: undefined,
  recipients: undefined,
  every: undefined,
  changes: undefined,
  keep: undefined,
  prove: undefined,
};
const recipients = `age1${'q'.repeat(58)}`;
const planned = { ...nothing, folder: '/srv/backups', recipients };

it('plans nothing without a folder, and a day, five minutes and thirty days with one', () => {
  expect(parseBackups(nothing)).toBeNull();
  expect(parseBackups(planned)).toEqual({
    folder: '/srv/backups',
    recipients: [recipients],
    every: 86_400_000_000,
    changes: 300_000_000,
    keep: 2_592_000_000_000,
    prove: true,
  });
});

it.each([
  [{ recipients: '' }, /public key/],
  [{ recipients: 'age1nonsense' }, /public key/],
  [{ every: '59s' }, /WARDLINE_BACKUP_EVERY .* from 60 seconds/],
  [{ every: '1m' }, null],
  [{ changes: '0s' }, /WARDLINE_BACKUP_CHANGES/],
  [{ changes: '1s' }, null],
  [{ changes: 'off' }, null],
  [{ keep: '3650d' }, null],
  [{ keep: '3651d' }, /WARDLINE_BACKUP_KEEP .* ten years/],
  [{ keep: 'long' }, /WARDLINE_BACKUP_KEEP/],
  [{ prove: 'maybe' }, /on or off/],
])('%j', (settings, refused) => {
  const parse = () => parseBackups({ ...planned, ...settings });
  if (refused === null) expect(parse).not.toThrow();
  else expect(parse).toThrow(refused);
});
