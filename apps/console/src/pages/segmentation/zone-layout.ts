import type { Examined } from '@wardline/model';

/** A zone's place in the picture; x and y are its middle. */
export interface ZonePlace {
  name: string;
  title: string | null;
  assets: number;
  lifeCritical: number;
  x: number;
  y: number;
}

/** A line from one zone to another, bent so that both directions of a pair can be told apart. */
export interface ConduitLine {
  key: string;
  name: string;
  from: string;
  to: string;
  mode: 'observe' | 'alert' | 'enforce';
  services: readonly string[];
  path: string;
}

export const BOX = { width: 200, height: 48 };
/** More than a person tells apart; the table has them all. */
export const ZONES_DRAWN = 40;
const ROW = 68;
const MARGIN = 32;
export const WIDTH = 860;

export interface Picture {
  width: number;
  height: number;
  zones: ZonePlace[];
  lines: ConduitLine[];
}

type Drawn = Pick<Examined, 'zones' | 'conduits'>;

/** All of it, or where that is too much the zones of life-critical devices with whom they speak. */
export function drawnOf({ zones, conduits }: Drawn): Drawn {
  if (zones.length <= ZONES_DRAWN) return { zones, conduits };
  const life = new Set(zones.filter(({ lifeCritical }) => lifeCritical > 0).map(({ name }) => name));
  const near = conduits.filter(({ from, to }) => [...from, ...to].some((name) => life.has(name)));
  const shown = new Set([...life, ...near.flatMap(({ from, to }) => [...from, ...to])]);
  return { zones: zones.filter(({ name }) => shown.has(name)), conduits: near };
}

/**
 * Zones in two columns, left those that rather open conversations and right those that are rather asked, so that lines
 * run between the columns and over no box; those with life-critical devices first. `anywhere` is drawn where a conduit names it.
 */
export function pictureOf({ zones, conduits }: Drawn): Picture {
  const used = new Set(conduits.flatMap(({ from, to }) => [...from, ...to]));
  const anywhere = used.has('anywhere')
    ? [{ name: 'anywhere', title: 'Every address', assets: 0, lifeCritical: 0 }]
    : [];
  const sorted = [...zones, ...anywhere].toSorted(
    (a, b) => b.lifeCritical - a.lifeCritical || (a.name < b.name ? -1 : 1),
  );
  const asks = askersOf(conduits);
  const [left, right] = [sorted.filter(({ name }) => asks(name)), sorted.filter(({ name }) => !asks(name))];
  const rows = Math.max(left.length, right.length, 1);
  const height = 2 * MARGIN + (rows - 1) * ROW + BOX.height;
  const placed = [
    ...column(left, MARGIN + BOX.width / 2, height),
    ...column(right, WIDTH - MARGIN - BOX.width / 2, height),
  ];
  return { width: WIDTH, height, zones: placed, lines: linesOf(conduits, placed) };
}

/** Whether a zone stands more often on the asking side of conduits than on the asked one. */
function askersOf(conduits: Examined['conduits']): (name: string) => boolean {
  const balance = new Map<string, number>();
  const add = (name: string, by: number) => balance.set(name, (balance.get(name) ?? 0) + by);
  for (const { from, to } of conduits) {
    for (const name of from) add(name, to.length);
    for (const name of to) add(name, -from.length);
  }
  return (name) => (balance.get(name) ?? 0) > 0;
}

/** Spread over the height, in the given order. */
function column(zones: readonly Omit<ZonePlace, 'x' | 'y'>[], x: number, height: number): ZonePlace[] {
  const free = height - 2 * MARGIN - BOX.height;
  const step = zones.length > 1 ? free / (zones.length - 1) : 0;
  const first = MARGIN + BOX.height / 2 + (zones.length > 1 ? 0 : free / 2);
  return zones.map(({ name, title, assets, lifeCritical }, index) => ({
    name,
    title,
    assets,
    lifeCritical,
    x,
    y: first + index * step,
  }));
}

function linesOf(conduits: Examined['conduits'], zones: readonly ZonePlace[]): ConduitLine[] {
  const places = new Map(zones.map((zone) => [zone.name, zone]));
  return conduits.flatMap(({ name, from, to, mode, services }) =>
    from.flatMap((source) =>
      to.flatMap((target) => {
        const [start, end] = [places.get(source), places.get(target)];
        if (start === undefined || end === undefined) return [];
        const path = start === end ? loopOf(start) : lineOf(start, end);
        return [{ key: `${name} ${source} ${target}`, name, from: source, to: target, mode, services, path }];
      }),
    ),
  );
}

interface Point {
  x: number;
  y: number;
}

/** From the inner side of one box to the inner side of the other; the way back runs a little lower. */
function lineOf(start: Point, end: Point): string {
  const [from, to] = [inner(start), inner(end)];
  const shift = start.x <= end.x ? -6 : 6;
  const [y1, y2] = [start.y + shift, end.y + shift];
  const reach = from === to ? 40 + Math.abs(y2 - y1) * 0.35 : (WIDTH - 2 * BOX.width) / 3;
  const [c1, c2] = [from + reach * side(start), to + reach * side(end)];
  return `M ${round(from)} ${round(y1)} C ${round(c1)} ${round(y1)} ${round(c2)} ${round(y2)} ${round(to)} ${round(y2)}`;
}

/** Towards the middle of the picture. */
const side = ({ x }: Point): 1 | -1 => (x < WIDTH / 2 ? 1 : -1);
const inner = (box: Point): number => box.x + side(box) * (BOX.width / 2 + 4);

/** A conduit within one zone. */
function loopOf(box: Point): string {
  const [x, to] = [inner(box), side(box)];
  const out = round(x + 44 * to);
  return `M ${round(x)} ${round(box.y - 14)} C ${out} ${round(box.y - 26)} ${out} ${round(box.y + 26)} ${round(x)} ${round(box.y + 14)}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
