import { useComputedColorScheme } from '@mantine/core';
import Graph from 'graphology';
import { useEffect, useRef } from 'react';
import Sigma from 'sigma';
import type { MapNode, NetworkMap } from '../../api/types.ts';
import { weakestProtection } from '../../format/words.ts';
import { drawGroups, drawLifeCritical, drawRelations, drawWay } from './draw.ts';
import { type Layout, layOut } from './layout.ts';
import { drawNames } from './names.ts';

export interface MapColours {
  text: string;
  dim: string;
  line: string;
  surface: string;
  ink: string;
  onInk: string;
  node: string;
  accent: string;
  harm: string;
  protected: string;
  outdated: string;
  clear: string;
  unknown: string;
}

function readColours(element: Element): MapColours {
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: value('--wl-text'),
    dim: value('--wl-dim'),
    line: value('--wl-line'),
    surface: value('--wl-surface'),
    ink: value('--wl-ink'),
    onInk: value('--wl-on-ink'),
    node: value('--wl-bar'),
    accent: value('--wl-accent'),
    harm: value('--wl-harm'),
    protected: value('--wl-good'),
    outdated: value('--wl-warn'),
    clear: value('--wl-warn'),
    unknown: value('--wl-line-strong'),
  };
}

/** A longer name runs into its neighbour's; the panel shows it whole. */
const LABEL_LETTERS = 26;

/** What lies beyond one's role is drawn as the lines are: there, and not the matter. */
function colourOf({ criticality, outside }: MapNode, colours: MapColours): string {
  if (criticality === 'life-critical') return colours.ink;
  if (outside) return colours.line;
  return criticality === 'unknown' ? colours.unknown : colours.node;
}

function buildGraph(map: NetworkMap, layout: Layout, colours: MapColours): Graph {
  const graph = new Graph({ multi: false, type: 'undirected' });
  for (const node of map.nodes) {
    const life = node.criticality === 'life-critical';
    graph.addNode(node.id, {
      ...layout.nodes.get(node.id),
      label: node.label.length > LABEL_LETTERS ? `${node.label.slice(0, LABEL_LETTERS - 1)}…` : node.label,
      size: (life ? 9 : 6) + Math.min(10, Math.sqrt(node.assets) - 1),
      color: colourOf(node, colours),
      life,
    });
  }
  for (const edge of map.edges) {
    if (edge.source === edge.target || !graph.hasNode(edge.source) || !graph.hasNode(edge.target)) continue;
    if (graph.hasEdge(edge.source, edge.target)) continue;
    const weakest = weakestProtection(edge.protections);
    graph.addEdge(edge.source, edge.target, {
      color: colours[weakest],
      size: weakest === 'protected' ? 2.5 : 1,
      hidden: map.edges.length <= DASHED_EDGES,
    });
  }
  return graph;
}

/** Width to height of the frame, within what discs in rows can follow. */
function shapeOf({ clientWidth, clientHeight }: HTMLElement): number {
  return Math.min(2.4, Math.max(0.6, clientWidth / Math.max(1, clientHeight)));
}

/** WebGL draws plain lines only; up to this many are drawn with their dashes on a canvas, which is fast enough. */
const DASHED_EDGES = 1500;

/** Room for the discs, their names above and the legend below. */
function boundsOf({ groups }: Layout): { x: [number, number]; y: [number, number] } {
  const x = groups.flatMap((group) => [group.x - group.radius, group.x + group.radius]);
  const y = groups.flatMap((group) => [group.y - group.radius - 0.8, group.y + group.radius + 1]);
  return { x: [Math.min(...x), Math.max(...x)], y: [Math.min(...y), Math.max(...y)] };
}

interface MapCanvasProps {
  map: NetworkMap;
  selected: string | undefined;
  /** Nodes of a way of attack, in order. */
  way: readonly string[];
  onSelect: (node: string | undefined) => void;
}

/** The WebGL picture. What it shows stands as text in the table view, so assistive technology skips it. */
export function MapCanvas({ map, selected, way, onSelect }: MapCanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const sigma = useRef<Sigma | null>(null);
  const chosen = useRef(selected);
  const scheme = useComputedColorScheme('light');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, which follows the scheme
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const colours = readColours(element);
    const layout = layOut(map, shapeOf(element));
    const graph = buildGraph(map, layout, colours);
    const drawn = startSigma(graph, element, colours, chosen);
    drawn.setCustomBBox(boundsOf(layout));
    drawGroups(drawn, layout.groups, colours);
    if (map.edges.length <= DASHED_EDGES) drawRelations(drawn, map, colours, chosen);
    drawWay(drawn, way, colours);
    drawLifeCritical(drawn, map, colours);
    drawNames(drawn, graph, colours, chosen);
    drawn.on('clickNode', ({ node }) => onSelect(node));
    drawn.on('clickStage', () => onSelect(undefined));
    sigma.current = drawn;
    element.dataset.ready = 'true';
    const resized = new ResizeObserver(() => drawn.resize().refresh());
    resized.observe(element);
    return () => {
      resized.disconnect();
      sigma.current = null;
      drawn.kill();
    };
  }, [map, way, onSelect, scheme]);
  useEffect(() => {
    chosen.current = selected;
    sigma.current?.refresh({ skipIndexation: true });
  }, [selected]);
  return <div ref={frame} className="map-canvas" aria-hidden="true" />;
}

function startSigma(
  graph: Graph,
  element: HTMLElement,
  colours: MapColours,
  chosen: { current: string | undefined },
): Sigma {
  const near = (node: string) =>
    chosen.current === undefined || node === chosen.current || graph.areNeighbors(node, chosen.current);
  return new Sigma(graph, element, {
    // Names are placed by drawNames, which knows of one another's room.
    renderLabels: false,
    labelSize: 12,
    stagePadding: 48,
    zIndex: true,
    // The frame has no width while the page is being left.
    allowInvalidContainer: true,
    defaultDrawNodeHover: (context, data, settings) => drawHover(context, data, settings.labelSize, colours),
    nodeReducer: (node, data) => {
      if (chosen.current !== undefined && !graph.hasNode(chosen.current)) return data;
      if (!near(node))
        return { ...data, color: data.life ? colours.ink : colours.line, label: null, zIndex: 0 };
      return node === chosen.current ? { ...data, highlighted: true, zIndex: 2 } : { ...data, zIndex: 1 };
    },
    edgeReducer: (edge, data) => {
      if (chosen.current === undefined || !graph.hasNode(chosen.current)) return data;
      return graph.extremities(edge).includes(chosen.current)
        ? { ...data, size: data.size + 1.5, zIndex: 1 }
        : { ...data, hidden: true };
    },
  });
}

function drawHover(
  context: CanvasRenderingContext2D,
  data: { x: number; y: number; size: number; label?: string | null },
  labelSize: number,
  colours: MapColours,
): void {
  context.beginPath();
  context.arc(data.x, data.y, data.size + 4, 0, 2 * Math.PI);
  context.lineWidth = 3;
  context.strokeStyle = colours.accent;
  context.stroke();
  if (!data.label) return;
  context.font = `600 ${labelSize}px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = 'left';
  const width = context.measureText(data.label).width + 16;
  context.fillStyle = colours.surface;
  context.fillRect(data.x + data.size + 6, data.y - 12, width, 24);
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(data.x + data.size + 6, data.y - 12, width, 24);
  context.fillStyle = colours.text;
  context.fillText(data.label, data.x + data.size + 14, data.y + 4);
}
