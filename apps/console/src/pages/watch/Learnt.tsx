import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { LearntDevice } from '../../api/watch.ts';
import { bytes, count, counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Failure, Loading } from '../../shell/states.tsx';

const PAGE = 50;

/** What a site's watch holds for normal; asked for only when somebody wants to see it, for it is long. */
export function Learnt({ site, devices }: { site: number; devices: number }) {
  const may = useMay();
  const [shown, setShown] = useState(false);
  if (!may('watch.learnt') || devices === 0) return null;
  if (!shown)
    return (
      <div>
        <Button variant="default" onClick={() => setShown(true)}>
          Show what was learnt
        </Button>
      </div>
    );
  return <LearntTable site={site} />;
}

function LearntTable({ site }: { site: number }) {
  const [q, setQ] = useState('');
  const [held, setHeld] = useState(false);
  const [offset, setOffset] = useState(0);
  const { data, error, refetch } = useQuery(
    queries.learnt(site, {
      q: q.trim() || undefined,
      held: held ? 'yes' : undefined,
      offset: String(offset),
      limit: String(PAGE),
    }),
  );
  return (
    <div className="stack">
      <h3>What was learnt</h3>
      <div className="row">
        <TextInput
          label="Device or address"
          value={q}
          onChange={(event) => {
            setQ(event.currentTarget.value);
            setOffset(0);
          }}
        />
        <Checkbox
          label="Only those held back"
          checked={held}
          onChange={(event) => {
            setHeld(event.currentTarget.checked);
            setOffset(0);
          }}
        />
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="What was learnt" />}
      {!data && !error && <Loading label="what was learnt" rows={4} />}
      {data && (
        <>
          <p className="dim">{counted(data.total, 'device')}</p>
          <ol className="watch-entries">
            {data.items.map((device) => (
              <Device key={device.device} device={device} />
            ))}
          </ol>
          <div className="row">
            <Button variant="default" disabled={offset === 0} onClick={() => setOffset(offset - PAGE)}>
              Before
            </Button>
            <Button
              variant="default"
              disabled={offset + PAGE >= data.total}
              onClick={() => setOffset(offset + PAGE)}
            >
              Next
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function Device({ device }: { device: LearntDevice }) {
  return (
    <li className="stack-tight">
      <p>
        {device.asset === null ? (
          device.name
        ) : (
          <AppLink href={`/assets/${device.asset}`}>{device.name}</AppLink>
        )}{' '}
        <span className="dim mono small">{device.device}</span>
        {device.heldBack && <strong> held back</strong>}
      </p>
      <p className="small dim">
        <When at={device.firstSeen} /> to <When at={device.lastSeen} /> · spoke {count(device.spoke)} times ·
        longest pause {counted(device.longestPauseSeconds, 'second')} · at most{' '}
        {bytes(device.mostSentInAnHour)} in an hour
      </p>
      <p>
        {device.habits.length === 0 ? 'No habit' : device.habits.join('; ')}
        {device.habitCount > device.habits.length && ` and ${device.habitCount - device.habits.length} more`}
      </p>
      {device.commands.length > 0 && <p className="small mono">{device.commands.join(', ')}</p>}
    </li>
  );
}
