import type { Drift, PointDetail } from '@wardline/model';
import { CriticalityMark } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { EffectTable } from '../segmentation/EffectTable.tsx';
import { DriftMark } from './DriftMark.tsx';
import { driftAdvice, driftWords } from './words.ts';

/** What has drifted apart between policy, point and traffic, each with the lines or the conversations that show it. */
export function DriftCard({ point }: { point: PointDetail }) {
  return (
    <section className="card stack" aria-labelledby="point-drift">
      <div className="spread">
        <h2 id="point-drift">Policy, point and traffic</h2>
        <DriftMark point={point} />
      </div>
      {point.drift.length === 0 && <p className="dim">{agreement(point)}</p>}
      {point.drift.map((drift) => (
        <article key={drift.kind} className="stack-tight" aria-label={driftWords[drift.kind]}>
          <h3>{driftWords[drift.kind]}</h3>
          <p>{drift.message}</p>
          <p className="small dim">{driftAdvice[drift.kind]}</p>
          {drift.assets.length > 0 && <Concerned drift={drift} />}
          {drift.packets.length > 0 && <Packets drift={drift} />}
          {drift.conversations.length > 0 && <EffectTable rows={drift.conversations} />}
        </article>
      ))}
    </section>
  );
}

function agreement({ reported, current, version }: PointDetail): string {
  if (reported === null) return 'It has not reported yet, so nothing is known.';
  if (current === null) return 'No policy is in force, so there is nothing to hold it against.';
  return version === null
    ? 'It runs no version of this platform.'
    : 'What it runs was read back from its own words and is the version in force over all packets; no recorded traffic speaks against it.';
}

/** Devices of which the packets and conversations are; each has a finding until the point is read back equal. */
function Concerned({ drift: { assets } }: { drift: Drift }) {
  const shown = assets.slice(0, 12);
  return (
    <p className="row">
      <span className="dim">Devices concerned, each with a finding:</span>
      {shown.map(({ id, name, criticality }) => (
        <span key={id}>
          <AppLink href={`/assets/${id}`}>{name}</AppLink>{' '}
          {criticality === 'life-critical' && <CriticalityMark value={criticality} />}
        </span>
      ))}
      {assets.length > shown.length && <span className="dim">and {assets.length - shown.length} more</span>}
    </p>
  );
}

function Packets({ drift: { packets } }: { drift: Drift }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="scroll-x" aria-label="Packets on which policy and point differ" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Packet</th>
            <th scope="col">The policy says</th>
            <th scope="col">The point does</th>
            <th scope="col">By its line</th>
          </tr>
        </thead>
        <tbody>
          {packets.map((one) => (
            <tr key={`${one.packet} ${one.line}`}>
              <td className="mono">{one.packet}</td>
              <td>
                {one.kind === 'leak' ? 'nothing declares it' : 'it is declared'}
                {one.declarations.length > 0 && (
                  <div className="dim small">{one.declarations.join(', ')}</div>
                )}
                {one.breaksMust && (
                  <strong className="policy-broken">
                    {one.kind === 'leak' ? 'breaks a must-deny' : 'breaks a must-allow'}
                  </strong>
                )}
              </td>
              <td>{one.kind === 'leak' ? 'lets it through' : 'drops it'}</td>
              <td>
                {one.line === null ? (
                  'its default at the end'
                ) : (
                  <>
                    line {one.line} <code className="point-line">{one.text}</code>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
