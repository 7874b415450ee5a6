import { useQuery } from '@tanstack/react-query';
import type { ControlDetail } from '@wardline/model';
import { queries } from '../../api/queries.ts';
import { counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { DayField, History } from './History.tsx';
import { RisksOf, Said } from './Said.tsx';
import { OutcomeMark, StatusMark } from './StatusMark.tsx';

/** Members that are shown before a person asks the list itself. */
const SHOWN = 12;

/** How a status came about: what was asked, of whom, what came back, how old it is, and what persons said. */
export function ControlPanel({
  control,
  day,
  onClose,
}: {
  control: string;
  day: string | undefined;
  onClose: () => void;
}) {
  const { data, error, refetch } = useQuery(queries.control(control, day));
  return (
    <SidePanel subject={control} title={data ? `${data.id} ${data.title}` : control} onClose={onClose}>
      {error && !data && (
        <>
          <Failure error={error} retry={() => void refetch()} what="The control" />
          {day !== undefined && <DayField />}
        </>
      )}
      {!data && !error && <Loading label="the control" rows={6} />}
      {data && <Derivation of={data} isPast={day !== undefined} />}
    </SidePanel>
  );
}

function Derivation({ of, isPast }: { of: ControlDetail; isPast: boolean }) {
  return (
    <>
      {isPast && (
        <p className="past-note">
          As it was recorded on <When at={of.asOf} /> (record {of.record}). Nothing can be said of the past.
        </p>
      )}
      <div>
        <StatusMark value={of.status} />{' '}
        <span className="dim">
          {of.basis === 'none' ? 'nothing speaks of it' : of.basis}
          {of.obligation === null ? '' : ` · ${of.obligation}`}
        </span>
        <p>{of.reason}</p>
        {of.contradicted && <p role="alert">A person vouches for it, and the evidence says otherwise.</p>}
      </div>
      {of.children.length > 0 && <Specifications of={of} />}
      {of.evidence.length > 0 && (
        <section aria-labelledby="control-evidence">
          <h3 id="control-evidence">Evidence</h3>
          {of.evidence.map((one) => (
            <Question key={one.query} one={one} />
          ))}
        </section>
      )}
      <Said of={of} isPast={isPast} />
      {!isPast && <RisksOf of={of} />}
      <History of={of} />
    </>
  );
}

function Specifications({ of }: { of: ControlDetail }) {
  return (
    <ul className="plain-list">
      {of.children.map(({ ref, id, title, status }) => (
        <li key={ref}>
          <StatusMark value={status} />{' '}
          <AppLink href={`/controls?catalogue=${of.catalogue}&control=${encodeURIComponent(ref)}`}>
            {id}
          </AppLink>{' '}
          {title}
        </li>
      ))}
    </ul>
  );
}

function Question({ one }: { one: ControlDetail['evidence'][number] }) {
  const { title, outcome, reason, asOf, days, covers, members, remedy } = one;
  return (
    <div className="evidence-item">
      <OutcomeMark value={outcome} /> <strong>{title}</strong>
      {covers === 'part' && <span className="dim"> · shows a part of the control</span>}
      <p>{reason}</p>
      <p className="small dim">
        {asOf === null ? 'Never observed' : <When at={asOf} />} · counts for {counted(days, 'day')}
      </p>
      {members.length > 0 && (
        <ul className="plain-list small">
          {members.slice(0, SHOWN).map((member) => (
            <li key={`${member.kind}:${member.id}:${member.note}`}>
              <Member of={member} />: {member.note}
            </li>
          ))}
          {members.length > SHOWN && <li className="dim">and more, over the API and by the command line</li>}
        </ul>
      )}
      {outcome === 'fails' && <p>{remedy}</p>}
    </div>
  );
}

function Member({ of: { kind, id, name } }: { of: ControlDetail['evidence'][number]['members'][number] }) {
  if (kind === 'asset') return <AppLink href={`/assets/${encodeURIComponent(id)}`}>{name}</AppLink>;
  if (kind === 'risk') return <AppLink href={`/risks?row=${encodeURIComponent(id)}`}>{name}</AppLink>;
  return <>{name}</>;
}
