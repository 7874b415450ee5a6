import { useQuery } from '@tanstack/react-query';
import type { SupplicantReadiness, SupplicantReadinessList } from '@wardline/model';
import { supplicantQueries } from '../../api/supplicants.ts';
import type { Criticality } from '../../api/types.ts';
import { count } from '../../format/number.ts';
import { CriticalityMark, Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { Networks } from './Networks.tsx';
import { stateOrder, stateWords } from './words.ts';
import '../../marks/marks.css';
import '../../table/table.css';

/** Which devices can join by certificate, which cannot, what to do about each; and the networks with their profiles. */
export function SupplicantsPage() {
  const { values } = useAddress();
  const { data, error, refetch } = useQuery(supplicantQueries.readiness(values.state));
  return (
    <div className="stack">
      <div>
        <h1>Wi-Fi and 802.1X</h1>
        <p className="dim">
          Joining a network by certificate rather than by a shared key or a hardware address. What is said of
          a device here was seen, is stated by its maker, or is known of its system; where nothing tells, it
          is unknown.
        </p>
      </div>
      <Networks />
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The devices" />}
      {!data && !error && <Loading label="devices" rows={6} />}
      {data && <Devices list={data} chosen={values.state} />}
    </div>
  );
}

function Devices({ list, chosen }: { list: SupplicantReadinessList; chosen: string | undefined }) {
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="supplicant-devices">
      <h2 id="supplicant-devices">Devices</h2>
      <States counts={list.counts} chosen={chosen} />
      {list.items.length === 0 ? (
        <Empty title="No device">None of this kind is known.</Empty>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">Criticality</th>
              <th scope="col">State</th>
              <th scope="col">What is known</th>
              <th scope="col">To do</th>
            </tr>
          </thead>
          <tbody>
            {list.items.map((row) => (
              <DeviceLine key={row.asset} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {list.more && <p className="dim">Further devices are not listed. Choose a state to see fewer.</p>}
    </section>
  );
}

function States({
  counts,
  chosen,
}: {
  counts: SupplicantReadinessList['counts'];
  chosen: string | undefined;
}) {
  const { change } = useAddress();
  return (
    <fieldset className="row facet" aria-label="State" style={{ margin: 0 }}>
      {stateOrder.map((state) => (
        <button
          key={state}
          type="button"
          className="chip"
          aria-pressed={chosen === state}
          onClick={() => change({ state: chosen === state ? undefined : state })}
        >
          {stateWords[state]} <span className="dim">{count(counts[state])}</span>
        </button>
      ))}
    </fieldset>
  );
}

function DeviceLine({ row }: { row: SupplicantReadiness }) {
  return (
    <tr>
      <th scope="row">
        <AppLink href={`/assets/${row.asset}`}>{row.name}</AppLink>
        <div className="dim small">{row.classLabel}</div>
      </th>
      <td>
        <CriticalityMark value={row.criticality as Criticality} />
      </td>
      <td>
        {row.state === 'unknown' ? <Unknown /> : stateWords[row.state]}
        {row.managementFrames === 'required' && <div className="dim small">protects management frames</div>}
      </td>
      <td>
        {row.grounds.length === 0 ? (
          <span className="dim">nothing</span>
        ) : (
          <ul className="plain-list small">
            {row.grounds.map(({ text, at }) => (
              <li key={text}>
                {text}
                {at !== null && (
                  <span className="dim">
                    {' '}
                    (<When at={at} />)
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </td>
      <td>
        {row.todo.length === 0 ? (
          <span className="dim">nothing</span>
        ) : (
          <ul className="plain-list small">
            {row.todo.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  );
}
