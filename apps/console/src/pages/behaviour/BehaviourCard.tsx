import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { Behaviour, BehaviourHabit } from '../../api/watch.ts';
import { bytes, count, counted } from '../../format/number.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { RhythmMap } from './RhythmMap.tsx';

const SHOWN = 12;

/** What the watch learnt of a device, beside what others of its kind do. */
export function BehaviourCard({ asset }: { asset: string }) {
  const { data, error, refetch } = useQuery(queries.behaviour(asset));
  return (
    <section className="card stack-tight" aria-labelledby="behaviour">
      <h2 id="behaviour">Behaviour</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="Its behaviour" />}
      {!data && !error && <Loading label="its behaviour" rows={4} />}
      {data && <Found found={data} />}
    </section>
  );
}

function Found({ found }: { found: Behaviour }) {
  const { own, class: kind, assetName: name } = found;
  return (
    <>
      <p>{judgedWords(found)}</p>
      {own === null ? (
        <p>
          <Unknown word="It was not heard while normal traffic was learnt" />
        </p>
      ) : (
        <p className="small dim">
          Learnt <When at={own.firstSeen} /> to <When at={own.lastSeen} /> as {own.device} · spoke{' '}
          {count(own.spoke)} times · longest pause {counted(own.longestPauseSeconds, 'second')} · at most{' '}
          {bytes(own.mostSentInAnHour)} in an hour
        </p>
      )}
      {kind !== null && (
        <p className="small dim">
          Others of its kind: {counted(kind.members, 'device')} learnt from
          {kind.heldBack > 0 && `, ${count(kind.heldBack)} held back`}
          {kind.young > 0 && `, ${count(kind.young)} heard too little`} · longest pause{' '}
          {counted(kind.longestPauseSeconds, 'second')} · at most {bytes(kind.mostSentInAnHour)} in an hour ·{' '}
          <AppLink href={`/watch?class=${encodeURIComponent(kind.name)}`}>
            What a {kind.label.toLowerCase()} does
          </AppLink>
        </p>
      )}
      <Habits habits={found.habits} total={found.habitCount} />
      {own !== null && (
        <details>
          <summary>Its week{kind !== null && kind.members > 0 && ', and the week of its kind'}</summary>
          <RhythmMap label={`The week of ${name}`} week={own.week} of={null} />
          {kind !== null && kind.members > 0 && (
            <>
              <p className="small dim">
                {kind.label}: the fuller, the more of its {count(kind.members)} devices spoke in that hour.
              </p>
              <RhythmMap
                label={`The week of each ${kind.label.toLowerCase()}`}
                week={kind.week}
                of={kind.members}
              />
            </>
          )}
        </details>
      )}
    </>
  );
}

function judgedWords({ judgedBy, own, class: kind }: Behaviour): string {
  if (judgedBy === 'learning') return 'The watch is still learning here: nothing is judged by habit yet.';
  if (judgedBy === 'own') return 'It is judged by its own habits: what departs from them is told.';
  const why =
    own === null
      ? 'is new'
      : own.heldBack
        ? 'was held back, since it did what looks wrong while learning'
        : 'was heard too little while learning';
  if (judgedBy === 'class')
    return `It ${why}, so that it is judged by what others of its kind (${kind!.label.toLowerCase()}) do.`;
  return `It ${why}, and too few others of its kind were learnt: it is not judged by habit.`;
}

function Habits({ habits, total }: { habits: readonly BehaviourHabit[]; total: number }) {
  const [all, setAll] = useState(false);
  if (habits.length === 0) return null;
  const shown = all ? habits : habits.slice(0, SHOWN);
  return (
    <>
      <table className="people-table">
        <caption className="unseen">What it does, and what others of its kind do</caption>
        <thead>
          <tr>
            <th scope="col">Habit</th>
            <th scope="col">This device</th>
            <th scope="col">Of its kind</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((habit) => (
            <tr key={habit.key}>
              <td>{habit.words}</td>
              <td>{habit.own ? 'yes' : 'not seen'}</td>
              <td>{ofKind(habit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && habits.length > SHOWN && (
        <div>
          <Button variant="default" size="compact-sm" onClick={() => setAll(true)}>
            Show all {count(total)}
          </Button>
        </div>
      )}
    </>
  );
}

function ofKind({ have, of, verdict, counts }: BehaviourHabit): string {
  if (of === 0) return 'unknown';
  const some = `${count(have)} of ${count(of)}`;
  if (verdict !== null) return `${some}, called ${verdict === 'normal' ? 'normal' : 'not normal'}`;
  return counts ? some : `${some}, too few to be normal`;
}
