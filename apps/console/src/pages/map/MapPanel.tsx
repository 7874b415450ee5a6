import type { MapEdge, MapNode, NetworkMap } from '../../api/types.ts';
import { bytes, counted } from '../../format/number.ts';
import { CriticalityMark, ProtectionMarks } from '../../marks/marks.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';

interface MapPanelProps {
  map: NetworkMap;
  node: MapNode;
  onClose: () => void;
  onSelect: (node: string) => void;
}

/** One asset (or one folded group) of the map and its relations. */
export function MapPanel({ map, node, onClose, onSelect }: MapPanelProps) {
  const relations = map.edges.filter((edge) => edge.source === node.id || edge.target === node.id);
  return (
    <SidePanel subject={node.id} title={node.label} onClose={onClose}>
      <div className="row">
        <CriticalityMark value={node.criticality} />
        <span>{node.classLabel ?? (node.assets > 1 ? counted(node.assets, 'asset') : 'Class unknown')}</span>
        <span className="dim">{node.groupLabel}</span>
      </div>
      {node.outside && (
        <p className="dim">
          It lies beyond where your role holds: only its relations to your devices are shown.
        </p>
      )}
      {node.assets === 1 && !map.folded && !node.outside && (
        <div className="row-wide">
          <AppLink href={`/assets/${node.id}`}>Open the asset</AppLink>
          <AppLink href={`/conversations?asset=${node.id}`}>Its conversations</AppLink>
          {node.findings > 0 && (
            <AppLink href={`/findings?asset=${node.id}`}>{counted(node.findings, 'finding')}</AppLink>
          )}
        </div>
      )}
      <section className="stack-tight">
        <h3>{counted(relations.length, 'relation')}</h3>
        {relations.map((edge) => (
          <Relation
            key={`${edge.source}>${edge.target}`}
            edge={edge}
            map={map}
            from={node.id}
            onSelect={onSelect}
          />
        ))}
      </section>
    </SidePanel>
  );
}

function Relation(props: { edge: MapEdge; map: NetworkMap; from: string; onSelect: (node: string) => void }) {
  const { edge, map, from } = props;
  const id = edge.source === from ? edge.target : edge.source;
  const other = map.nodes.find((node) => node.id === id);
  return (
    <div className="claim">
      <div className="spread">
        <button type="button" className="link-button" onClick={() => props.onSelect(id)}>
          {other?.label ?? id}
        </button>
        {other?.criticality === 'life-critical' && <CriticalityMark value={other.criticality} />}
      </div>
      <ProtectionMarks values={edge.protections} />
      <div className="dim small">
        {edge.applications.join(', ') || 'not recognised'} · {counted(edge.conversations, 'conversation')} ·{' '}
        {bytes(edge.bytes)}
      </div>
    </div>
  );
}
