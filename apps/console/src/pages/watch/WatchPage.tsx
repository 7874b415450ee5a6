import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type AllowedRow, type WatchStatus, watchActs } from '../../api/watch.ts';
import { count, counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { Classes } from '../behaviour/Classes.tsx';
import { Learnt } from './Learnt.tsx';
import { detectionWord, lossWords } from './words.ts';
import './watch.css';

/** How the watch of each site stands: what it has learnt, what it held back, what it could not watch, what people taught it. */
export function WatchPage() {
  const { data, error, refetch } = useQuery(queries.watchStatus());
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The watch" />;
  if (!data) return <Loading label="the watch" rows={6} />;
  return (
    <div className="stack">
      <div className="spread">
        <h1>The watch and what it has learnt</h1>
        <AppLink href="/stories">Stories</AppLink>
      </div>
      {data.sites.length === 0 && (
        <Empty title="Nothing was watched yet">
          The watch begins with the first batch that a sensor sends, or the first capture that you hand in.
        </Empty>
      )}
      {data.sites.map((status) => (
        <Site key={status.site.id} status={status} />
      ))}
      <Allowed />
    </div>
  );
}

function Site({ status }: { status: WatchStatus }) {
  const { site, mode, fault } = status;
  return (
    <section className="card stack" aria-labelledby={`site-${site.id}`}>
      <div className="spread">
        <h2 id={`site-${site.id}`}>{site.name}</h2>
        <LearningActs status={status} />
      </div>
      <p>
        {mode === 'learning'
          ? 'It is learning what is normal. What is wrong in itself is told; new devices, peers, services and commands are not, until a person ends learning.'
          : 'It watches: what is wrong in itself is told, and what departs from what was learnt.'}
      </p>
      {fault !== null && (
        <p role="alert" className="form-error">
          What was learnt could not be used ({fault.text}); learning began anew <When at={fault.at} />.
        </p>
      )}
      <dl className="pairs">
        <dt>{mode === 'learning' ? 'Learning since' : 'Watching since'}</dt>
        <dd>
          <When at={status.since} />
        </dd>
        <dt>Learnt</dt>
        <dd>
          {counted(status.devices, 'device')}
          {status.learntFrom !== null && status.learntUntil !== null && (
            <>
              , from <When at={status.learntFrom} /> to <When at={status.learntUntil} />
            </>
          )}
        </dd>
        <dt>Watched</dt>
        <dd>
          {counted(status.rows, 'row')} in {count(status.batches)} batches
          {status.heard !== null && (
            <>
              , up to <When at={status.heard} />
            </>
          )}
        </dd>
        <dt>Waiting</dt>
        <dd>{status.waiting === 0 ? 'nothing' : `${count(status.waiting)} batches`}</dd>
      </dl>
      <HeldBack status={status} />
      <Losses status={status} />
      <Learnt site={site.id} devices={status.devices} />
      <Classes site={site.id} devices={status.devices} />
    </section>
  );
}

function LearningActs({ status }: { status: WatchStatus }) {
  const may = useMay();
  const [order, setOrder] = useState<'end' | 'on' | 'anew' | null>(null);
  if (!may('watch.learning')) return null;
  const { site, mode } = status;
  return (
    <div className="row">
      {mode === 'learning' ? (
        <Button onClick={() => setOrder('end')}>End learning…</Button>
      ) : (
        <Button variant="default" onClick={() => setOrder('on')}>
          Learn on…
        </Button>
      )}
      <Button variant="default" onClick={() => setOrder('anew')}>
        Learn anew…
      </Button>
      <ReasonDialog
        opened={order !== null}
        onClose={() => setOrder(null)}
        title={order === null ? '' : orders[order].title}
        confirm={order === null ? '' : orders[order].confirm}
        done="Ordered. It is carried out behind what came in before."
        act={(reason) => watchActs.learning(site.id, order!, reason)}
      >
        <p>{order !== null && orders[order].what}</p>
      </ReasonDialog>
    </div>
  );
}

const orders = {
  end: {
    title: 'End learning',
    confirm: 'End it',
    what: 'From now on what departs from what was learnt is told. Look first at what was held back and at what was learnt: what an intruder did meanwhile without looking wrong counts as normal. You can go on learning later.',
  },
  on: {
    title: 'Go on learning',
    confirm: 'Learn on',
    what: 'What is new is learnt again and not told, until you end it: do this while something is moved or added. What is wrong in itself is told all the time.',
  },
  anew: {
    title: 'Forget, and learn anew',
    confirm: 'Forget it',
    what: 'Everything that was learnt of this site is forgotten, and can’t be had back. Stories and alerts stay.',
  },
} as const;

function HeldBack({ status }: { status: WatchStatus }) {
  const { heldBack, heldBackCount } = status;
  if (heldBackCount === 0) return null;
  return (
    <div className="stack-tight">
      <h3>Held back: {counted(heldBackCount, 'device')}</h3>
      <p>
        They did what looks wrong while normal traffic was learnt. What they began from an hour before was not
        learnt, and they are judged by what others of their kind do, where that is known, until somebody
        answers for them.
      </p>
      <ul className="plain-list stack-tight">
        {heldBack.map((one) => (
          <li key={one.device} className="row">
            {one.asset === null ? one.name : <AppLink href={`/assets/${one.asset}`}>{one.name}</AppLink>}
            <AppLink href={`/stories?q=${encodeURIComponent(one.device)}`}>what it did</AppLink>
            <Trust site={status.site.id} device={one.device} name={one.name} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Trust({ site, device, name }: { site: number; device: string; name: string }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (!may('watch.trust')) return null;
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => setAsking(true)}
        aria-label={`Answer for it… ${name}`}
      >
        Answer for it…
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Answer for ${name}`}
        confirm="I answer for it"
        done="It is judged by its habits again."
        act={(reason) => watchActs.trust(site, device, reason)}
      >
        <p>
          You looked at what it did, and it was in order. From now on it is judged by its habits like any
          other.
        </p>
      </ReasonDialog>
    </>
  );
}

function Losses({ status }: { status: WatchStatus }) {
  if (status.losses.length === 0) return <p className="dim">Nothing that came in was left unwatched.</p>;
  return (
    <div className="stack-tight">
      <h3>Not watched</h3>
      <table className="people-table">
        <thead>
          <tr>
            <th scope="col">Why</th>
            <th scope="col">Sensor and stream</th>
            <th scope="col">Batches</th>
            <th scope="col">Rows</th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {status.losses.map((loss) => (
            <tr key={`${loss.cause} ${loss.sensor} ${loss.stream}`}>
              <td>{lossWords[loss.cause]}</td>
              <td>
                {loss.sensor} <span className="dim">{loss.stream}</span>
              </td>
              <td>{count(loss.batches)}</td>
              <td>{count(loss.rows)}</td>
              <td>
                <When at={loss.last} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Allowed() {
  const may = useMay();
  const { data } = useQuery({ ...queries.watchAllowed(), enabled: may('watch.allowed') });
  if (!may('watch.allowed')) return null;
  return (
    <section className="card stack" aria-labelledby="allowed">
      <h2 id="allowed">What people called normal</h2>
      {data === undefined || data.items.length === 0 ? (
        <p className="dim">Nothing: all that looks wrong is told.</p>
      ) : (
        <table className="people-table">
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">Does</th>
              <th scope="col">Since</th>
              <th scope="col">Until</th>
              <th scope="col">Said by</th>
              <th scope="col">Why</th>
              <th scope="col">Take back</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((row) => (
              <AllowedLine key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function AllowedLine({ row }: { row: AllowedRow }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  return (
    <tr>
      <td>{row.asset === null ? row.name : <AppLink href={`/assets/${row.asset}`}>{row.name}</AppLink>}</td>
      <td>
        {row.story === null ? (
          detectionWord(row.detection)
        ) : (
          <AppLink href={`/stories/${row.story}`}>{detectionWord(row.detection)}</AppLink>
        )}
      </td>
      <td>
        <When at={row.since} />
      </td>
      <td>{row.until === null ? 'somebody takes it back' : <When at={row.until} />}</td>
      <td>{row.by}</td>
      <td>{row.reason}</td>
      <td>
        {may('watch.disallow') && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => setAsking(true)}
            aria-label={`Tell it again… ${detectionWord(row.detection)} of ${row.name}`}
          >
            Tell it again…
          </Button>
        )}
        <ReasonDialog
          opened={asking}
          onClose={() => setAsking(false)}
          title="Tell it again"
          confirm="Tell it again"
          done="It is told again from now on."
          act={(reason) => watchActs.disallow(row.id, reason)}
        >
          <p>
            When {row.name} does this again ({detectionWord(row.detection)}), it is told.
          </p>
        </ReasonDialog>
      </td>
    </tr>
  );
}
