import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isOnRoster, Roster } from './roster.ts';

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 40 });

it('shows of each of its devices that it is one, and of no other', async () => {
  await fc.assert(
    fc.asyncProperty(names, fc.string({ maxLength: 12 }), async (devices, other) => {
      const roster = new Roster(devices);
      const told = { size: roster.size, root: await roster.root() };
      for (const device of devices) {
        const place = (await roster.placeOf(device))!;
        expect(isOnRoster(device, place, told)).toBe(true);
        expect(isOnRoster(other, place, told)).toBe(device === other);
        expect(isOnRoster(device, place, { ...told, root: 'ab'.repeat(32) })).toBe(false);
      }
      expect(await roster.placeOf(`${devices.join('')}!`)).toBeNull();
    }),
    { numRuns: 40 },
  );
});

it('is the same whatever the order, and without devices it is the tree of nothing', async () => {
  expect(await new Roster(['b', 'a', 'a']).root()).toBe(await new Roster(['a', 'b']).root());
  expect(await new Roster([]).root()).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});
