import type Graph from 'graphology';
import type Sigma from 'sigma';
import { layer, place } from './draw.ts';
import type { MapColours } from './MapCanvas.tsx';

/** A rectangle in pixels of the frame. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export interface Mark {
  id: string;
  x: number;
  y: number;
  size: number;
  /** Width of the name in pixels. */
  width: number;
}
export interface Name {
  id: string;
  x: number;
  y: number;
}

const LINE = 14;
const AIR = 5;
/** The ring around a life-critical device. */
const RING = 4;
/** Beyond this many, a frame holds only the names of the first; the rest appear as one looks closer. */
const NAMES_TRIED = 300;

/** Right of its node, left, below, above: the first place that is free and inside the frame. */
function placesOf({ x, y, size, width }: Mark): Name[] {
  const id = '';
  const side = size + AIR;
  return [
    { id, x: x + side, y },
    { id, x: x - side - width, y },
    { id, x: x - width / 2, y: y + size + LINE - 2 },
    { id, x: x - width / 2, y: y - size - LINE + 2 },
  ];
}

const boxOf = (x: number, y: number, width: number): Box => ({
  left: x - 2,
  right: x + width + 2,
  top: y - LINE / 2,
  bottom: y + LINE / 2,
});
const overlap = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Places names in the given order so that none covers a node or another name; one without room is left out. */
export function placeNames(marks: readonly Mark[], taken: readonly Box[], frame: Box): Name[] {
  const full = [...taken];
  const names: Name[] = [];
  for (const mark of marks) {
    const found = placesOf(mark).find(({ x, y }) => {
      const box = boxOf(x, y, mark.width);
      return isInside(box, frame) && !full.some((other) => overlap(box, other));
    });
    if (!found) continue;
    full.push(boxOf(found.x, found.y, mark.width));
    names.push({ ...found, id: mark.id });
  }
  return names;
}

function isInside(box: Box, frame: Box): boolean {
  return (
    box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom
  );
}

/** Names of the nodes in view, life-critical ones first and bold, then those with most relations. */
export function drawNames(
  sigma: Sigma,
  graph: Graph,
  colours: MapColours,
  chosen: { current: string | undefined },
): void {
  const family = getComputedStyle(sigma.getContainer()).fontFamily;
  const fontOf = (id: string) => `${isLife(graph, id) ? 700 : 400} 12px ${family}`;
  const order = graph
    .nodes()
    .sort(
      (a, b) =>
        Number(isLife(graph, b)) - Number(isLife(graph, a)) ||
        graph.degree(b) - graph.degree(a) ||
        (a < b ? -1 : 1),
    );
  layer(sigma, 'names', 'hovers', (context) => {
    const { width, height } = sigma.getDimensions();
    const frame = { left: 0, top: 0, right: width, bottom: height };
    const seen = marksInView(sigma, graph, order, frame);
    const taken = seen.map(({ x, y, size }) => ({
      left: x - size,
      right: x + size,
      top: y - size,
      bottom: y + size,
    }));
    const asked = seen.filter(({ id }) => isNear(graph, id, chosen.current)).slice(0, NAMES_TRIED);
    const marks = asked.map((mark) => {
      context.font = fontOf(mark.id);
      return { ...mark, width: context.measureText(labelOf(graph, mark.id)).width };
    });
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    for (const name of placeNames(marks, taken, frame)) {
      context.font = fontOf(name.id);
      context.lineWidth = 3;
      context.strokeStyle = colours.surface;
      context.strokeText(labelOf(graph, name.id), name.x, name.y);
      context.fillStyle = colours.text;
      context.fillText(labelOf(graph, name.id), name.x, name.y);
    }
  });
}

function marksInView(
  sigma: Sigma,
  graph: Graph,
  order: readonly string[],
  frame: Box,
): Omit<Mark, 'width'>[] {
  return order.flatMap((id) => {
    const at = place(sigma, id);
    if (!at || !isInside({ left: at.x, right: at.x, top: at.y, bottom: at.y }, frame)) return [];
    return [{ id, ...at, size: at.size + (isLife(graph, id) ? RING : 0) }];
  });
}

const isLife = (graph: Graph, id: string) => graph.getNodeAttribute(id, 'life') === true;
const labelOf = (graph: Graph, id: string) => String(graph.getNodeAttribute(id, 'label'));

/** The chosen node's own name stands beside its ring already. */
function isNear(graph: Graph, id: string, chosen: string | undefined): boolean {
  if (chosen === undefined || !graph.hasNode(chosen)) return true;
  return id !== chosen && graph.areNeighbors(id, chosen);
}
