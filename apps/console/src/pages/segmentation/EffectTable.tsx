import type { EffectRow } from '@wardline/model';
import { count } from '../../format/number.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';

/** Conversations with what decides on each; the worst first. */
export function EffectTable({ rows }: { rows: readonly EffectRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="scroll-x" aria-label="Conversations" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Service</th>
            <th scope="col" className="number">
              Days
            </th>
            <th scope="col" className="number">
              Packets
            </th>
            <th scope="col">Last seen</th>
            <th scope="col">Decided by</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.client.ip} ${row.server.ip} ${row.transport} ${row.serverPort} ${row.evidence}`}>
              <td>
                <Party party={row.client} />
              </td>
              <td>
                <Party party={row.server} />
              </td>
              <td>
                {row.transport} {row.serverPort} <span className="dim">{row.application}</span>
              </td>
              <td className="number">{count(row.days)}</td>
              <td className="number">{count(row.packets)}</td>
              <td>
                <When at={row.lastSeen} />
                <div className="dim small">{row.evidence}</div>
              </td>
              <td>
                {row.by.join(', ') || 'nothing declares it'}
                {row.breaksMust && <strong className="policy-broken"> breaks a must-allow</strong>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Party({ party: { asset, name, ip, criticality } }: { party: EffectRow['client'] }) {
  return (
    <>
      {asset === null ? name : <AppLink href={`/assets/${asset}`}>{name}</AppLink>}{' '}
      {criticality === 'life-critical' && <CriticalityMark value={criticality} />}
      {ip !== null && ip !== name && <div className="dim small mono">{ip}</div>}
    </>
  );
}
