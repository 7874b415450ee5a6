import type { NetworkMap } from '../../api/types.ts';
import { bytes, count } from '../../format/number.ts';
import { CriticalityMark, ProtectionMarks } from '../../marks/marks.tsx';

/** More rows than this belong on the conversations page, which loads as it scrolls. */
const SHOWN = 500;

/** The map as text: every relation with both sides. */
export function MapTable({ map, onSelect }: { map: NetworkMap; onSelect: (node: string) => void }) {
  const nodes = new Map(map.nodes.map((node) => [node.id, node]));
  const side = (id: string) => {
    const node = nodes.get(id);
    return (
      <>
        <button type="button" className="link-button" onClick={() => onSelect(id)}>
          {node?.label ?? id}
        </button>{' '}
        {node?.criticality === 'life-critical' && <CriticalityMark value={node.criticality} />}
        <div className="dim small">
          {node?.groupLabel}
          {node?.outside && ', beyond your role'}
        </div>
      </>
    );
  };
  return (
    <section className="card scroll-x" aria-label="Relations">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Applications</th>
            <th scope="col">Protection</th>
            <th scope="col" className="number">
              Conversations
            </th>
            <th scope="col" className="number">
              Bytes
            </th>
          </tr>
        </thead>
        <tbody>
          {map.edges.slice(0, SHOWN).map((edge) => (
            <tr key={`${edge.source}>${edge.target}`}>
              <td>{side(edge.source)}</td>
              <td>{side(edge.target)}</td>
              <td>{edge.applications.join(', ') || 'not recognised'}</td>
              <td>
                <ProtectionMarks values={edge.protections} />
              </td>
              <td className="number">{count(edge.conversations)}</td>
              <td className="number">{bytes(edge.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {map.edges.length > SHOWN && (
        <p className="dim">{count(map.edges.length - SHOWN)} more relations: see the conversations.</p>
      )}
    </section>
  );
}
