import { parseRegister } from '@wardline/formats';
import { describe, expect, test } from 'vitest';
import { houseA } from './house.ts';
import { missingRows } from './missing.ts';
import { registerCsv } from './register.ts';
import { device, roster } from './roster.ts';

describe('the hospital’s register', () => {
  const { entries, issues, mapping } = parseRegister(registerCsv(houseA));

  test('is read whole and without a doubt', () => {
    expect(issues).toEqual([]);
    expect(entries.length).toBe(roster.filter((d) => d.register !== null).length + missingRows.length);
    expect(Object.values(mapping)).toEqual(expect.arrayContaining(['tag', 'serial', 'mac', 'location']));
  });

  test('names only devices that stand on the ward, or are missing on purpose', () => {
    const tags = new Set([
      ...roster.map((d) => d.register?.tag),
      ...missingRows.map((row) => row['Asset Tag']),
    ]);
    expect(entries.filter((entry) => !tags.has(entry.tag))).toEqual([]);
  });

  test('knows no hardware address of what stands behind a router, and no address of what moves', () => {
    const entryOf = (id: string) => entries.find((entry) => entry.tag === device(id).register?.tag);
    expect(entryOf('us-2')?.macs).toEqual([]);
    expect(entryOf('laptop-a')?.ips).toEqual([]);
    expect(entryOf('ct-1')?.macs).toEqual([device('ct-1').mac]);
  });
});
