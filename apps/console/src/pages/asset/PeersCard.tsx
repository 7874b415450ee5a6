import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { AssetDetail, Peer } from '../../api/types.ts';
import { bytes, count } from '../../format/number.ts';
import { CriticalityMark, ProtectionMarks } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { PeerPicture } from './PeerPicture.tsx';

/** How many peers the table holds; the rest are on the conversations page. */
const SHOWN = 25;

/** Whom it talks to: the picture for the eye, the table for the rest. */
export function PeersCard({ detail }: { detail: AssetDetail }) {
  const { data, error, refetch } = useQuery(queries.peers(detail.asset.id));
  const items = data?.items ?? [];
  return (
    <section className="card" aria-labelledby="peers">
      <div className="spread">
        <h2 id="peers">Whom it talks to</h2>
        <AppLink href={`/conversations?asset=${detail.asset.id}`}>All conversations</AppLink>
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The peers" />}
      {!data && !error && <Loading label="peers" rows={4} />}
      {data && items.length === 0 && <p className="dim">It was not seen to talk to anybody.</p>}
      {items.length > 0 && (
        <PeerPicture name={detail.asset.name} criticality={detail.asset.criticality} peers={items} />
      )}
      {items.length > 0 && <PeerTable asset={detail.asset.id} peers={items.slice(0, SHOWN)} />}
      {items.length > SHOWN && (
        <p className="dim small">{count(items.length - SHOWN)} more peers under “All conversations”.</p>
      )}
    </section>
  );
}

function PeerTable({ asset, peers }: { asset: string; peers: Peer[] }) {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Peer</th>
            <th scope="col">This asset is</th>
            <th scope="col">Applications</th>
            <th scope="col">Protection</th>
            <th scope="col" className="number">
              Bytes
            </th>
          </tr>
        </thead>
        <tbody>
          {peers.map((peer) => (
            <tr key={peer.asset + peer.direction}>
              <td>
                <div className="row">
                  <AppLink href={`/assets/${peer.asset}`}>{peer.name}</AppLink>
                  {peer.criticality === 'life-critical' && <CriticalityMark value={peer.criticality} />}
                </div>
                <div className="dim small">{peer.classLabel ?? 'Class unknown'}</div>
              </td>
              <td>{peer.direction}</td>
              <td>{peer.applications.join(', ') || <span className="dim">not recognised</span>}</td>
              <td>
                <AppLink href={`/conversations?asset=${asset}&peer=${peer.asset}`}>
                  <ProtectionMarks values={peer.protections} />
                  <span className="unseen">: conversations with {peer.name}</span>
                </AppLink>
              </td>
              <td className="number">{bytes(peer.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
