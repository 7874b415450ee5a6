import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { PointDetail } from '@wardline/model';
import { enforcementQueries } from '../../api/enforcement.ts';
import { count } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { modeWords } from '../segmentation/words.ts';
import { DriftCard } from './DriftCard.tsx';
import { PointActs } from './PointActs.tsx';
import { TrialTimer } from './TrialTimer.tsx';
import { actWords, backWords, kindWords, orderWords, runsWords } from './words.ts';
import '../segmentation/segmentation.css';
import './enforcement.css';

/** One enforcement point: policy, point and traffic held against each other, and what people have it do. */
export function PointPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { data, error, refetch } = useQuery(enforcementQueries.point(id));
  if (error && !data)
    return <Failure error={error} retry={() => void refetch()} what="The enforcement point" />;
  if (!data) return <Loading label="the enforcement point" rows={8} />;
  return (
    <div className="stack">
      <div className="spread">
        <div>
          <h1>{data.name}</h1>
          <p className="dim">{[kindWords[data.kind], data.place].filter(Boolean).join(', ')}</p>
        </div>
        <PointActs point={data} />
      </div>
      <State point={data} />
      <DriftCard point={data} />
      <Stages point={data} />
      <Orders point={data} />
    </div>
  );
}

function State({ point }: { point: PointDetail }) {
  return (
    <section className="card" aria-label="State">
      <dl className="point-facts">
        <dt>In force</dt>
        <dd>
          {point.current === null ? (
            'no policy'
          ) : (
            <AppLink href={`/segmentation/versions/${point.current}`}>version {point.current}</AppLink>
          )}
        </dd>
        <dt>The point runs</dt>
        <dd>
          {runsWords(point)}
          {point.applied !== null && (
            <>
              , since <When at={point.applied} />
            </>
          )}
        </dd>
        <dt>A way back brings</dt>
        <dd>{backWords(point)}</dd>
        <dt>Last answer</dt>
        <dd>{point.reported === null ? 'never' : <When at={point.reported} />}</dd>
        <dt>Trial</dt>
        <dd>{point.trialUntil === null ? 'none' : <TrialTimer until={point.trialUntil} />}</dd>
        <dt>Orders from here</dt>
        <dd>{point.obeys ? 'it carries them out' : 'it takes none: people act at its keyboard'}</dd>
      </dl>
    </section>
  );
}

function Stages({ point: { stages, version } }: { point: PointDetail }) {
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="point-stages">
      <h2 id="point-stages">Stage of each conduit</h2>
      {stages.length === 0 ? (
        <p className="dim">
          {version === null
            ? 'It runs no version of this platform, so nothing is known of stages.'
            : 'The version that it runs declares nothing.'}
        </p>
      ) : (
        <>
          <p className="small dim">
            Packets since it was applied. A conduit goes from observing to alerting to enforcing by a new
            version of the policy: <AppLink href="/segmentation">Segmentation</AppLink>.
          </p>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Declaration</th>
                <th scope="col">Stage</th>
                <th scope="col" className="number">
                  Declared, passed
                </th>
                <th scope="col" className="number">
                  Undeclared, passed
                </th>
                <th scope="col" className="number">
                  Told
                </th>
                <th scope="col" className="number">
                  Dropped
                </th>
              </tr>
            </thead>
            <tbody>
              {stages.map(({ declaration, title, mode, counted }) => (
                <tr key={declaration}>
                  <th scope="row">
                    {declaration}
                    {title !== null && <div className="dim small">{title}</div>}
                  </th>
                  <td>
                    <span className={`mark policy-mode-${mode}`}>{modeWords[mode]}</span>
                  </td>
                  {[counted?.declared, counted?.observed, counted?.alerted, counted?.dropped].map(
                    (value, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: four columns that never change places
                      <td key={index} className="number">
                        {value === undefined ? <span className="dim">not counted</span> : count(value)}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function Orders({ point: { orders } }: { point: PointDetail }) {
  if (orders.length === 0) return null;
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="point-orders">
      <h2 id="point-orders">Orders</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Act</th>
            <th scope="col">Ordered</th>
            <th scope="col">State</th>
            <th scope="col">What the point said</th>
          </tr>
        </thead>
        <tbody>
          {orders.map((order) => (
            <tr key={order.id}>
              <th scope="row">
                {actWords[order.act]}
                {order.version !== null && ` version ${order.version}`}
                {order.trialSeconds !== null && (
                  <div className="dim small">on trial for {count(order.trialSeconds)} s</div>
                )}
              </th>
              <td>
                <When at={order.ordered} />
                <div className="dim small">{order.orderedBy}</div>
              </td>
              <td>
                {orderWords[order.state]}
                {order.ended !== null && (
                  <div className="dim small">
                    <When at={order.ended} />
                  </div>
                )}
              </td>
              <td>{order.said || <span className="dim">nothing yet</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
