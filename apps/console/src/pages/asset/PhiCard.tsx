import type { AssetDetail } from '../../api/types.ts';
import { count } from '../../format/number.ts';
import { EvidenceList } from '../../panel/Evidence.tsx';
import { AppLink } from '../../shell/AppLink.tsx';

/** Which fields of patient data went over the wire in clear; their values were never kept. */
export function PhiCard({ detail }: { detail: AssetDetail }) {
  return (
    <section className="card" aria-labelledby="phi">
      <h2 id="phi">Patient data in clear</h2>
      {detail.phi.length === 0 && <p className="dim">No field of patient data was seen in clear.</p>}
      {detail.phi.length > 0 && (
        <>
          <p className="dim">
            Field names and counts only: the values stay in the sensor and are never stored.
          </p>
          <div className="scroll-x">
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Protocol</th>
                  <th scope="col" className="number">
                    Times
                  </th>
                  <th scope="col" className="number">
                    Distinct
                  </th>
                  <th scope="col">Sent to</th>
                  <th scope="col">Evidence</th>
                </tr>
              </thead>
              <tbody>
                {detail.phi.map((entry) => (
                  <tr key={`${entry.protocol}${entry.field}${entry.peer}`}>
                    <td>{entry.field}</td>
                    <td>{entry.protocol}</td>
                    <td className="number">{count(entry.count)}</td>
                    <td className="number">{count(entry.distinct)}</td>
                    <td>
                      {entry.peer ? (
                        <AppLink href={`/assets/${entry.peer}`}>{entry.peerName ?? entry.peer}</AppLink>
                      ) : (
                        'unknown'
                      )}
                    </td>
                    <td>
                      <EvidenceList evidence={[entry.evidence]} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}
