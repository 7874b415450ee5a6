import type { NetworkMap } from '../../api/types.ts';

export interface Point {
  x: number;
  y: number;
}
export interface GroupPlace extends Point {
  id: string;
  label: string;
  radius: number;
}
export interface Layout {
  nodes: Map<string, Point>;
  groups: GroupPlace[];
}

/** Distance between neighbours within a group, in the map's own units. */
const STEP = 1;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const GAP = 2.2;

/**
 * Each group is a disc of its members (a sunflower, those with most relations inside); the discs stand in rows, the
 * largest first. The same network always gives the same picture, so that a person finds a place again.
 */
export function layOut(map: NetworkMap, aspect = 2): Layout {
  const degree = degrees(map);
  const members = new Map<string, NetworkMap['nodes']>();
  for (const node of map.nodes) members.set(node.group, [...(members.get(node.group) ?? []), node]);
  const groups = [...members]
    .map(([id, nodes]) => ({ id, nodes, label: nodes[0]?.groupLabel ?? id, radius: radiusOf(nodes.length) }))
    .sort((a, b) => b.nodes.length - a.nodes.length || a.id.localeCompare(b.id));
  const places = shelve(groups, aspect);
  const points = new Map<string, Point>();
  groups.forEach((group, index) => {
    const place = places[index] as Point;
    const sorted = [...group.nodes].sort(
      (a, b) => (degree.get(b.id) ?? 0) - (degree.get(a.id) ?? 0) || a.id.localeCompare(b.id),
    );
    sorted.forEach((node, rank) => {
      points.set(node.id, sunflower(place, rank, sorted.length));
    });
  });
  return {
    nodes: points,
    groups: groups.map(({ id, label, radius }, index) => ({
      id,
      label,
      radius,
      ...(places[index] as Point),
    })),
  };
}

function degrees(map: NetworkMap): Map<string, number> {
  const degree = new Map<string, number>();
  for (const edge of map.edges) {
    for (const end of [edge.source, edge.target]) degree.set(end, (degree.get(end) ?? 0) + 1);
  }
  return degree;
}

function radiusOf(members: number): number {
  return STEP * Math.sqrt(members) + 0.6;
}

function sunflower(centre: Point, rank: number, size: number): Point {
  const distance = size === 1 ? 0 : STEP * Math.sqrt(rank + 0.5);
  const angle = rank * GOLDEN_ANGLE;
  return { x: centre.x + distance * Math.cos(angle), y: centre.y + distance * Math.sin(angle) };
}

/** Discs in rows, the whole about as wide to its height as `aspect`, each row centred. */
function shelve(groups: { radius: number }[], aspect: number): Point[] {
  const area = groups.reduce((sum, group) => sum + (2 * group.radius + GAP) ** 2, 0);
  const width = Math.max(Math.sqrt(area * aspect * 1.3), 2 * (groups[0]?.radius ?? 1));
  const rows: { from: number; to: number; width: number; height: number }[] = [];
  groups.forEach((group, index) => {
    const size = 2 * group.radius + GAP;
    const row = rows.at(-1);
    if (row && row.width + size <= width) Object.assign(row, { to: index + 1, width: row.width + size });
    else rows.push({ from: index, to: index + 1, width: size, height: size });
  });
  let top = 0;
  return rows.flatMap((row) => {
    let left = -row.width / 2;
    const points = groups.slice(row.from, row.to).map((group) => {
      const size = 2 * group.radius + GAP;
      const point = { x: left + size / 2, y: -(top + row.height / 2) };
      left += size;
      return point;
    });
    top += row.height;
    return points;
  });
}
