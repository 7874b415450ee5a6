import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type ClassBehaviour, type ClassHabit, watchActs } from '../../api/watch.ts';
import { bytes, count, counted } from '../../format/number.ts';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { RhythmMap } from './RhythmMap.tsx';

/** What devices of each class do, asked for only when somebody wants to see it; a person says what of it is normal. */
export function Classes({ site, devices }: { site: number; devices: number }) {
  const may = useMay();
  const { class: wanted } = useAddress().values;
  const [asked, setAsked] = useState(false);
  if (!may('watch.classes') || devices === 0) return null;
  if (!asked && wanted === undefined)
    return (
      <div>
        <Button variant="default" onClick={() => setAsked(true)}>
          Show what each kind of device does
        </Button>
      </div>
    );
  return <ClassList site={site} open={wanted ?? null} />;
}

function ClassList({ site, open }: { site: number; open: string | null }) {
  const { data, error, refetch } = useQuery(queries.classBehaviour(site));
  return (
    <div className="stack">
      <h3>What each kind of device does</h3>
      <p>
        A device that is new, was heard too little or was held back is judged by this. A habit counts when at
        least two devices, and a tenth of all, share it; what those did who were held back does not count.
        Look at it before you end learning, and say what should not be.
      </p>
      {error && !data && (
        <Failure error={error} retry={() => void refetch()} what="What was learnt of classes" />
      )}
      {!data && !error && <Loading label="what was learnt of classes" rows={4} />}
      {data?.items.length === 0 && <p className="dim">Of no device that was heard is it known what it is.</p>}
      {data?.items.map((one) => (
        <OneClass key={one.name} site={site} one={one} isOpen={one.name === open} />
      ))}
    </div>
  );
}

function OneClass({ site, one, isOpen }: { site: number; one: ClassBehaviour; isOpen: boolean }) {
  const left = [
    one.heldBack > 0 && `${count(one.heldBack)} held back`,
    one.young > 0 && `${count(one.young)} heard too little`,
  ].filter(Boolean);
  return (
    <details open={isOpen}>
      <summary>
        <strong>{one.label}</strong> · learnt from {counted(one.members, 'device')}
        {left.length > 0 && ` (${left.join(', ')})`}
        {!one.judges && ' · too few to judge others by'}
      </summary>
      <div className="stack-tight">
        <p className="small dim">
          Longest pause {counted(one.longestPauseSeconds, 'second')} · at most {bytes(one.mostSentInAnHour)}{' '}
          in an hour, as at least two of them
        </p>
        {one.habits.length > 0 && <HabitTable site={site} one={one} />}
        {one.members > 0 && <RhythmMap label={`The week: ${one.label}`} week={one.week} of={one.members} />}
      </div>
    </details>
  );
}

function HabitTable({ site, one }: { site: number; one: ClassBehaviour }) {
  return (
    <table className="people-table">
      <caption className="unseen">Habits: {one.label}</caption>
      <thead>
        <tr>
          <th scope="col">Habit</th>
          <th scope="col">Devices</th>
          <th scope="col">Counts as</th>
          <th scope="col">Review</th>
        </tr>
      </thead>
      <tbody>
        {one.habits.map((habit) => (
          <tr key={habit.key}>
            <td>{habit.words}</td>
            <td>
              {count(habit.have)} of {count(habit.of)}
            </td>
            <td>{standing(habit)}</td>
            <td>
              <Review site={site} name={one.name} label={one.label} habit={habit} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function standing({ counts, verdict }: ClassHabit): string {
  if (verdict !== null) return verdict === 'normal' ? 'normal, said a person' : 'not normal, said a person';
  return counts ? 'normal' : 'not shared by enough';
}

/** What can be said: the opposite of how it stands, or taking back what was said. */
function Review({
  site,
  name,
  label,
  habit,
}: {
  site: number;
  name: string;
  label: string;
  habit: ClassHabit;
}) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (!may('watch.review-class')) return null;
  const verdict = habit.verdict !== null ? null : habit.counts ? 'not-normal' : 'normal';
  const word =
    verdict === null ? 'Take back' : verdict === 'normal' ? 'Call it normal' : 'Call it not normal';
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => setAsking(true)}
        aria-label={`${word}… ${habit.words}, ${label}`}
      >
        {word}…
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`${word}: ${label}`}
        confirm={word}
        done="It counts from the next run of the watch on."
        act={(reason) => watchActs.reviewClass(site, { class: name, habit: habit.key, verdict, reason })}
      >
        <p>
          “{habit.words}”. {consequences[verdict ?? 'back']}
        </p>
      </ReasonDialog>
    </>
  );
}

const consequences = {
  normal: 'Devices of this kind that have no habits of their own may do it from now on, and nothing is told.',
  'not-normal':
    'Every device of this kind that does it is told of from now on, those that always did it, too.',
  back: 'It counts again as what was seen: normal where enough devices of the kind share it.',
} as const;
