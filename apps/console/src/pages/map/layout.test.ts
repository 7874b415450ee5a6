import { expect, it } from 'vitest';
import type { NetworkMap } from '../../api/types.ts';
import { layOut } from './layout.ts';

function mapOf(groups: number[]): NetworkMap {
  const nodes = groups.flatMap((size, group) =>
    Array.from({ length: size }, (_, index) => ({
      id: `n${group}-${index}`,
      label: `n${index}`,
      class: null,
      classLabel: null,
      group: `g${group}`,
      groupLabel: `Group ${group}`,
      criticality: 'low' as const,
      assets: 1,
      findings: 0,
      outside: false,
    })),
  );
  return { asOf: '2026-01-01T00:00:00Z', groupedBy: 'vlan', nodes, edges: [], folded: false };
}

it('gives every node a place of its own', () => {
  const layout = layOut(mapOf([40, 12, 1, 1, 7]));
  const places = new Set(
    [...layout.nodes.values()].map((point) => `${point.x.toFixed(3)},${point.y.toFixed(3)}`),
  );
  expect(places.size).toBe(61);
});

it('keeps the discs of two groups apart', () => {
  const { groups } = layOut(mapOf([300, 40, 12, 1, 1, 7, 90]));
  for (const a of groups) {
    for (const b of groups) {
      if (a.id < b.id) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(a.radius + b.radius);
    }
  }
});

it('draws the same network the same way again', () => {
  const map = mapOf([5, 3]);
  expect(layOut({ ...map, nodes: [...map.nodes].reverse() })).toEqual(layOut(map));
});
