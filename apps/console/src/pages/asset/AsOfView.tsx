import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { attributeWords } from '@wardline/model';
import { queries } from '../../api/queries.ts';
import type { AssetAsOf } from '../../api/types.ts';

import { ConfidenceMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { useAddress } from '../../shell/address.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { type ObservedAttribute, Value } from './IdentityCard.tsx';

const MINUTE = 60_000;

/** What the browser's date-time field shows for an instant: local time to the minute. */
function fieldValue(at: string | undefined): string {
  const time = at === undefined ? Number.NaN : Date.parse(at);
  if (Number.isNaN(time)) return '';
  return new Date(time - new Date(time).getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

/** Asks for a moment of the past; the moment stands in the address. */
export function AsOfControl() {
  const { values, change } = useAddress();
  return (
    <label className="row small dim">
      As known on
      <input
        type="datetime-local"
        className="as-of-field"
        value={fieldValue(values.at)}
        onChange={(event) => {
          const time = Date.parse(event.currentTarget.value);
          change({ at: Number.isNaN(time) ? undefined : new Date(time).toISOString(), panel: undefined });
        }}
      />
    </label>
  );
}

/** Identity as it was believed at a moment of the past. Nothing can be changed in it. */
export function AsOfView({ asset, at }: { asset: string; at: string }) {
  const { change } = useAddress();
  const { data, error, refetch } = useQuery(queries.assetAsOf(asset, at));
  return (
    <section className="card stack-tight" aria-labelledby="as-of">
      <div className="spread">
        <div role="status">
          <h2 id="as-of">
            As known on <When at={at} />
          </h2>
          <p className="dim">The past can be read and not changed. What is known today may differ.</p>
        </div>
        <Button onClick={() => change({ at: undefined })}>Back to today</Button>
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="What was known then" />}
      {!data && !error && <Loading label="what was known then" rows={8} />}
      {data?.observed.length === 0 && <p>Nothing was known of this device at that moment.</p>}
      {data && data.observed.length > 0 && <Believed belief={data} />}
    </section>
  );
}

function Believed({ belief }: { belief: AssetAsOf }) {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Attribute</th>
            <th scope="col">Observed</th>
            <th scope="col">Why</th>
            <th scope="col">Since</th>
            <th scope="col">Approved</th>
          </tr>
        </thead>
        <tbody>
          {belief.observed.map(({ attribute, value, confidence, reason, since }) => {
            const approved = belief.approved.find((entry) => entry.attribute === attribute);
            return (
              <tr key={attribute}>
                <th scope="row">{attributeWords[attribute]}</th>
                <td>
                  <Value attribute={attribute as ObservedAttribute} value={value} />
                  {value !== null && <ConfidenceMark value={confidence} />}
                </td>
                <td>{reason}</td>
                <td>
                  <When at={since} />
                </td>
                <td>{approved ? approved.value : <span className="dim">not then</span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
