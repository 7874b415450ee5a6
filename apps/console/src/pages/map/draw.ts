import type Sigma from 'sigma';
import type { NetworkMap } from '../../api/types.ts';
import { type ProtectionStrength, weakestProtection } from '../../format/words.ts';
import type { GroupPlace } from './layout.ts';
import type { MapColours } from './MapCanvas.tsx';

/** A canvas of its own under the nodes, drawn anew with every frame, in the coordinates of the viewport. */
function layer(sigma: Sigma, name: string, paint: (context: CanvasRenderingContext2D) => void): void {
  const canvas = sigma.createCanvas(name, {
    beforeLayer: 'nodes',
    style: { position: 'absolute', inset: '0' },
  });
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

/** Discs and names of the groups. */
export function drawGroups(sigma: Sigma, groups: readonly GroupPlace[], colours: MapColours): void {
  layer(sigma, 'groups', (context) => {
    for (const group of groups) drawGroup(context, sigma, group, colours);
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
  layer(sigma, 'relations', (context) => {
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

function place(sigma: Sigma, node: string): { x: number; y: number } | null {
  const data = sigma.getNodeDisplayData(node);
  return data ? sigma.framedGraphToViewport(data) : null;
}

function drawGroup(
  context: CanvasRenderingContext2D,
  sigma: Sigma,
  group: GroupPlace,
  colours: MapColours,
): void {
  const centre = sigma.graphToViewport(group);
  const edge = sigma.graphToViewport({ x: group.x + group.radius, y: group.y });
  const radius = Math.hypot(edge.x - centre.x, edge.y - centre.y) + 12;
  context.beginPath();
  context.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
  context.fillStyle = colours.line;
  context.globalAlpha = 0.35;
  context.fill();
  context.globalAlpha = 1;
  context.fillStyle = colours.dim;
  context.font = `600 13px ${getComputedStyle(sigma.getContainer()).fontFamily}`;
  context.textAlign = 'center';
  context.fillText(group.label, centre.x, centre.y - radius - 6);
}

interface LabelData {
  x: number;
  y: number;
  size: number;
  label?: string | null;
  life?: boolean;
}

/** A label; life-critical devices carry a ring, a heart and bold ink, whatever the zoom. */
export function drawLifeCritical(
  context: CanvasRenderingContext2D,
  data: object,
  size: number,
  colours: MapColours,
): void {
  const node = data as LabelData;
  const family = getComputedStyle(document.body).fontFamily;
  if (node.life) {
    context.beginPath();
    context.arc(node.x, node.y, node.size + 3.5, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = colours.ink;
    context.stroke();
  }
  if (!node.label) return;
  const text = node.life ? `♥ ${node.label}` : node.label;
  context.font = `${node.life ? 700 : 400} ${size}px ${family}`;
  context.textAlign = 'left';
  context.lineWidth = 4;
  context.lineJoin = 'round';
  context.strokeStyle = colours.surface;
  context.strokeText(text, node.x + node.size + 6, node.y + size / 3);
  context.fillStyle = colours.text;
  context.fillText(text, node.x + node.size + 6, node.y + size / 3);
}
