import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { emergencyCodes } from '@wardline/model';
import { useState } from 'react';
import { type EmergencyStatus, emergencies } from '../../api/authority.ts';
import { queries } from '../../api/queries.ts';
import { plain, scopeWords } from '../../format/words.ts';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { PlansCard } from './PlansCard.tsx';
import { StartCard } from './StartCard.tsx';
import { UsesCard } from './UsesCard.tsx';
import '../../marks/marks.css';
import '../../shell/sign-in.css';
import '../access/access.css';
import './break-glass.css';

/** Emergency access: taken in seconds, seen by everybody, over by itself, looked at afterwards. */
export function BreakGlassPage() {
  const status = useQuery(queries.emergency());
  const may = useMay();
  if (status.error)
    return <Failure error={status.error} retry={() => void status.refetch()} what="Emergency access" />;
  if (!status.data) return <Loading label="emergency access" />;
  return (
    <div className="page stack">
      <h1>Emergency access</h1>
      <Running status={status.data} />
      <StartCard status={status.data} />
      {may('emergency.list') && <UsesCard channels={status.data.channels} />}
      {may('emergency.plans') && <PlansCard />}
    </div>
  );
}

type RunningOne = EmergencyStatus['running'][number];

function Running({ status: { running } }: { status: EmergencyStatus }) {
  const [ending, setEnding] = useState<RunningOne | null>(null);
  const may = useMay();
  const { data: session } = useQuery(queries.session());
  if (running.length === 0) return null;
  const isMine = (one: RunningOne) => one.person === session?.actor;
  return (
    <section className="card stack">
      <h2>Runs now</h2>
      <ul className="plain-list stack-tight">
        {running.map((one) => (
          <li key={one.id} className="page-head">
            <span>
              <strong>{one.name}</strong>: {plain(one.role)} {scopeWords(one)} until <When at={one.until} />,{' '}
              {emergencyCodes[one.code].label.toLowerCase()}
            </span>
            {(isMine(one) || may('emergency.stop')) && (
              <Button size="xs" variant="default" onClick={() => setEnding(one)}>
                {isMine(one) ? 'End it…' : 'Stop it…'}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {ending && (
        <ReasonDialog
          opened
          onClose={() => setEnding(null)}
          title={`End emergency access of ${ending.name}`}
          confirm="End it now"
          done="It is over. Somebody else looks at it now."
          act={(reason) =>
            isMine(ending) ? emergencies.end(ending.id, reason) : emergencies.stop(ending.id, reason)
          }
        >
          <p>
            The role ends at once, in every open window. {isMine(ending) ? 'You' : 'They'} can take it again
            where it is still prepared.
          </p>
        </ReasonDialog>
      )}
    </section>
  );
}
