import type { Trust } from '../../api/trust.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { Ceremony } from './Ceremony.tsx';

type Row = Trust['authorities'][number];

const words: Record<Row['state'], string> = {
  requested: 'waits for the root',
  issuing: 'issues',
  retiring: 'issues no more; what it issued holds',
  withdrawn: 'withdrawn: nothing of it is taken',
  expired: 'ended',
};

/** Each zone's authority, and the roots. */
export function Authorities({ trust: { authorities, roots } }: { trust: Trust }) {
  if (authorities.length === 0)
    return (
      <section className="card stack-tight" aria-labelledby="authorities">
        <h2 id="authorities">Authorities</h2>
        <p>
          No zone has one. The root is made once, with several people, on a machine without a network; then
          each zone’s authority.
        </p>
        <Ceremony opened />
      </section>
    );
  return (
    <section className="card stack-tight" aria-labelledby="authorities">
      <h2 id="authorities">Authorities</h2>
      <table className="people-table">
        <thead>
          <tr>
            <th scope="col">Zone</th>
            <th scope="col">State</th>
            <th scope="col">Hold</th>
            <th scope="col">Revoked</th>
            <th scope="col">List</th>
            <th scope="col">Until</th>
          </tr>
        </thead>
        <tbody>
          {authorities.map((row) => (
            <AuthorityLine key={row.id} row={row} />
          ))}
        </tbody>
      </table>
      {roots.map(({ fingerprint, subject, until, list }) => (
        <p key={fingerprint} className="small dim">
          {subject}, until <When at={until} />; SHA-256 <span className="mono">{fingerprint}</span>.{' '}
          {list.until === null ? (
            <Unknown word="No list of its own published" />
          ) : (
            <>
              Its own list: number {list.number}, {list.revoked} revoked, until <When at={list.until} />
            </>
          )}
        </p>
      ))}
      <Ceremony />
    </section>
  );
}

function AuthorityLine({ row }: { row: Row }) {
  return (
    <tr>
      <td>
        <strong>{row.zone}</strong>
        <div className="small dim mono">{row.domain}</div>
      </td>
      <td>
        {words[row.state]}
        {!row.open && (
          <div>
            <span className="mark mark-unknown">key closed</span>
          </div>
        )}
      </td>
      <td>{row.holding}</td>
      <td>{row.revoked}</td>
      <td>{row.list.until === null ? 'none yet' : `number ${row.list.number}`}</td>
      <td>{row.until === null ? '–' : <When at={row.until} />}</td>
    </tr>
  );
}
