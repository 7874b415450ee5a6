import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { AssetUsage, UsageState } from '../../api/usage.ts';
import { count } from '../../format/number.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { Proposals } from '../usage/Proposals.tsx';
import { WeekMap } from '../usage/WeekMap.tsx';
import { percent, stateWords } from '../usage/words.ts';

/** When the device was in use over the last weeks that were watched, and when it might be taken out of use. */
export function UsageCard({ asset }: { asset: string }) {
  const { data, error, refetch } = useQuery(queries.assetUsage(asset));
  return (
    <section className="card stack-tight" aria-labelledby="usage">
      <h2 id="usage">Use</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="Its use" />}
      {!data && !error && <Loading label="its use" rows={4} />}
      {data && <Use found={data} />}
    </section>
  );
}

function Use({ found }: { found: AssetUsage }) {
  const { asset: id, assetName: name, from, until, hours, utilisation, week, windows, timeZone } = found;
  if (from === null || until === null)
    return <p className="dim">Nothing was watched where it stands: its use is unknown.</p>;
  return (
    <>
      <p>
        {utilisation === null ? (
          <Unknown word="Its use is unknown" />
        ) : (
          <>
            <strong>In use {percent(utilisation)}</strong> of the hours that are known
            {found.protocols.length > 0 && `, by ${found.protocols.join(', ')}`}.
          </>
        )}{' '}
        <span className="dim">
          <When at={from} /> to <When at={until} />
        </span>
      </p>
      <Hours hours={hours} />
      {utilisation === null ? (
        <p className="dim">
          The network does not show this device’s work, or nobody listened long enough. It may be in use at
          any hour.
        </p>
      ) : (
        <>
          <WeekMap label={`The week of ${name}`} week={week} windows={windows} timeZone={timeZone} />
          <Proposals
            of={{ on: 'asset', id, name, unknownDevices: 0 }}
            windows={windows}
            timeZone={timeZone}
          />
          <details>
            <summary>Hour by hour</summary>
            <Days states={found.states} from={from} />
          </details>
        </>
      )}
    </>
  );
}

function Hours({ hours }: { hours: AssetUsage['hours'] }) {
  const states = Object.keys(stateWords) as UsageState[];
  return (
    <p className="row small">
      {states.map((state) => (
        <span key={state}>
          {stateWords[state]}: {count(hours[state])} h
        </span>
      ))}
    </p>
  );
}

const HOUR_MILLISECONDS = 3_600_000;

interface Run {
  state: UsageState;
  hours: number;
  at: number;
}

/** One line for each day of UTC, in which the hours are kept, the latest first. */
function Days({ states, from }: { states: readonly UsageState[]; from: string }) {
  const first = Date.parse(from);
  const days = Map.groupBy(
    states.map((state, at) => ({ state, time: new Date(first + at * HOUR_MILLISECONDS).toISOString() })),
    ({ time }) => time.slice(0, 10),
  );
  return (
    <div className="usage-days">
      {[...days].toReversed().map(([day, hours]) => (
        <DayLine
          key={day}
          day={day}
          before={Number(hours[0]!.time.slice(11, 13))}
          runs={runsOf(hours.map(({ state }) => state))}
        />
      ))}
    </div>
  );
}

function DayLine({ day, before, runs }: { day: string; before: number; runs: readonly Run[] }) {
  const hour = (at: number) => `${String(before + at).padStart(2, '0')}:00`;
  const words = runs.map(
    ({ state, at, hours }) => `${stateWords[state].toLowerCase()} ${hour(at)} to ${hour(at + hours)}`,
  );
  return (
    <>
      <span>
        {day} <span className="dim">UTC</span>
      </span>
      <span className="usage-hours" title={words.join(', ')}>
        <span className="unseen">{words.join(', ')}</span>
        <i style={{ width: `${(before / 24) * 100}%` }} />
        {runs.map(({ state, hours, at }) => (
          <i key={at} data-state={state} style={{ width: `${(hours / 24) * 100}%` }} />
        ))}
      </span>
    </>
  );
}

function runsOf(states: readonly UsageState[]): Run[] {
  const runs: Run[] = [];
  for (const [at, state] of states.entries()) {
    const last = runs.at(-1);
    if (last?.state === state) last.hours += 1;
    else runs.push({ state, hours: 1, at });
  }
  return runs;
}
