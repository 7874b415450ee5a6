import type Sigma from 'sigma';
import type { GroupPlace } from './layout.ts';
import type { MapColours } from './MapCanvas.tsx';

/** Discs and names of the groups, on a canvas beneath the nodes. */
export function drawGroups(sigma: Sigma, groups: readonly GroupPlace[], colours: MapColours): void {
  const canvas = sigma.createCanvas('groups', { beforeLayer: 'edges' });
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
    for (const group of groups) drawGroup(context, sigma, group, colours);
  };
  sigma.on('afterRender', draw);
  sigma.on('resize', draw);
  draw();
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
