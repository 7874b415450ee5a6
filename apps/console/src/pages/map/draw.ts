import type Sigma from 'sigma';
import type { NetworkMap } from '../../api/types.ts';
import { type ProtectionStrength, weakestProtection } from '../../format/words.ts';
import type { GroupPlace } from './layout.ts';
import type { MapColours } from './MapCanvas.tsx';

/** A canvas of its own, drawn anew with every frame, in the coordinates of the viewport. */
export function layer(
  sigma: Sigma,
  name: string,
  beforeLayer: 'nodes' | 'labels' | 'hovers',
  paint: (context: CanvasRenderingContext2D) => void,
): void {
  const canvas = sigma.createCanvas(name, { beforeLayer, style: { position: 'absolute', inset: '0' } });
  const draw = () => {
    const { width, height } = sigma.getDimensions();
    const scale = window.devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    paint(context);
  };
  sigma.on('afterRender', draw);
  sigma.on('resize', draw);
  draw();
}

/** Discs of the groups beneath everything, their names above the lines. */
export function drawGroups(sigma: Sigma, groups: readonly GroupPlace[], colours: MapColours): void {
  layer(sigma, 'groups', 'nodes', (context) => {
    for (const group of groups) drawGroup(context, sigma, group, colours);
  });
  layer(sigma, 'groupNames', 'labels', (context) => {
    context.font = `600 13px ${getComputedStyle(sigma.getContainer()).fontFamily}`;
    context.textAlign = 'center';
    for (const group of groups) drawGroupName(context, sigma, group, colours);
  });
}

/** A ring and a heart on every life-critical device, whether or not there is room for its name. */
export function drawLifeCritical(sigma: Sigma, map: NetworkMap, colours: MapColours): void {
  const life = map.nodes.filter((node) => node.criticality === 'life-critical');
  layer(sigma, 'lifeCritical', 'labels', (context) => {
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const node of life) {
      const at = place(sigma, node.id);
      if (!at) continue;
      context.beginPath();
      context.arc(at.x, at.y, at.size + 3.5, 0, 2 * Math.PI);
      context.lineWidth = 2;
      context.strokeStyle = colours.ink;
      context.stroke();
      context.fillStyle = colours.onInk;
      context.font = `${at.size * 1.3}px sans-serif`;
      context.fillText('♥', at.x, at.y + 0.5);
    }
  });
}

const dashes: Record<ProtectionStrength, number[]> = {
  protected: [],
  outdated: [10, 4, 2, 4],
  clear: [5, 4],
  unknown: [1, 4],
};

/** Lines whose dashes tell how the relation is protected, so that colour is not the only sign. */
export function drawRelations(
  sigma: Sigma,
  map: NetworkMap,
  colours: MapColours,
  chosen: { current: string | undefined },
): void {
  const relations = map.edges
    .filter((edge) => edge.source !== edge.target)
    .map((edge) => ({ ...edge, look: weakestProtection(edge.protections) }));
  layer(sigma, 'relations', 'nodes', (context) => {
    for (const { source, target, look } of relations) {
      const ofChosen = source === chosen.current || target === chosen.current;
      if (chosen.current !== undefined && !ofChosen) continue;
      const from = place(sigma, source);
      const to = place(sigma, target);
      if (!from || !to) continue;
      context.beginPath();
      context.setLineDash(dashes[look]);
      context.strokeStyle = colours[look];
      context.globalAlpha = ofChosen ? 1 : 0.7;
      context.lineWidth = (look === 'protected' ? 2 : 1.5) + (ofChosen ? 1 : 0);
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    }
  });
}

/** A way of attack over the relations: thick arrows from node to node, with the number of the step. */
export function drawWay(sigma: Sigma, way: readonly string[], colours: MapColours): void {
  if (way.length === 0) return;
  layer(sigma, 'way', 'labels', (context) => {
    const places = way.flatMap((node) => place(sigma, node) ?? []);
    context.strokeStyle = colours.harm;
    context.fillStyle = colours.harm;
    context.lineWidth = 3.5;
    for (const at of places) {
      context.beginPath();
      context.arc(at.x, at.y, at.size + 7, 0, 2 * Math.PI);
      context.stroke();
    }
    for (const [step, to] of places.slice(1).entries())
      drawStep(context, places[step]!, to, step + 1, colours);
  });
}

type Point = NonNullable<ReturnType<typeof place>>;

function drawStep(
  context: CanvasRenderingContext2D,
  from: Point,
  to: Point,
  step: number,
  colours: MapColours,
): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const end = { x: to.x - dx * (to.size + 9), y: to.y - dy * (to.size + 9) };
  context.beginPath();
  context.moveTo(from.x + dx * (from.size + 8), from.y + dy * (from.size + 8));
  context.lineTo(end.x - dx * 8, end.y - dy * 8);
  context.stroke();
  context.beginPath();
  context.moveTo(end.x, end.y);
  context.lineTo(end.x - dx * 14 - dy * 7, end.y - dy * 14 + dx * 7);
  context.lineTo(end.x - dx * 14 + dy * 7, end.y - dy * 14 - dx * 7);
  context.fill();
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  context.beginPath();
  context.arc(middle.x, middle.y, 10, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = colours.surface;
  context.font = '600 12px sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(String(step), middle.x, middle.y + 0.5);
  context.fillStyle = colours.harm;
}

export function place(sigma: Sigma, node: string): { x: number; y: number; size: number } | null {
  const data = sigma.getNodeDisplayData(node);
  return data ? { ...sigma.framedGraphToViewport(data), size: sigma.scaleSize(data.size) } : null;
}

function discOf(sigma: Sigma, group: GroupPlace): { x: number; y: number; radius: number } {
  const centre = sigma.graphToViewport(group);
  const edge = sigma.graphToViewport({ x: group.x + group.radius, y: group.y });
  return { ...centre, radius: Math.hypot(edge.x - centre.x, edge.y - centre.y) + 12 };
}

function drawGroup(
  context: CanvasRenderingContext2D,
  sigma: Sigma,
  group: GroupPlace,
  colours: MapColours,
): void {
  const disc = discOf(sigma, group);
  context.beginPath();
  context.arc(disc.x, disc.y, disc.radius, 0, 2 * Math.PI);
  context.fillStyle = colours.line;
  context.globalAlpha = 0.4;
  context.fill();
  context.globalAlpha = 1;
}

function drawGroupName(
  context: CanvasRenderingContext2D,
  sigma: Sigma,
  group: GroupPlace,
  colours: MapColours,
): void {
  const disc = discOf(sigma, group);
  context.lineWidth = 5;
  context.lineJoin = 'round';
  context.strokeStyle = colours.surface;
  context.strokeText(group.label, disc.x, disc.y - disc.radius - 6);
  context.fillStyle = colours.dim;
  context.fillText(group.label, disc.x, disc.y - disc.radius - 6);
}
