import type { DeviceBackup } from '@wardline/model';
import { expect, test } from 'vitest';
import { backupStanding } from './backups.ts';

const copy: DeviceBackup = {
  id: 1,
  made: '2026-01-01',
  kind: 'settings',
  place: 'safe',
  sha256: null,
  software: '1.5',
  tried: '2026-02-01',
  triedHow: 'on a spare pump',
  addedBy: 'a technician',
};

test.each([
  ['a copy that was tried', copy, 'done'],
  ['no copy', null, 'open'],
  ['a copy that nobody tried', { ...copy, tried: null }, 'unknown'],
  ['a copy of another version', { ...copy, software: '1.4' }, 'open'],
  ['a copy of an unknown version', { ...copy, software: '' }, 'done'],
  ['a copy of more than a year ago', { ...copy, made: '2025-03-01' }, 'open'],
  [
    'a device without settings',
    { ...copy, kind: 'nothing-to-save', made: '2020-01-01', tried: null },
    'done',
  ],
] as const)('%s', (_, newest, expected) => {
  expect(backupStanding(newest, '1.5', '2026-06-01').answer).toBe(expected);
});
