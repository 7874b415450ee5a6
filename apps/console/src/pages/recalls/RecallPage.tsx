import { Button, Radio } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { RecallDetail, RecallMatchRow, RecallState } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { recalls } from '../../api/recalls.ts';
import { counted } from '../../format/number.ts';
import { CriticalityMark, Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { certaintyWords, sourceWords, stateWords } from './words.ts';

/** One notice: what it says, and for each device how surely it is meant, why, and what people said. */
export function RecallPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(queries.recall(id));
  const [deciding, setDeciding] = useState<RecallMatchRow | null>(null);
  const may = useMay();
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="This notice" />;
  if (!data) return <Loading label="the notice" rows={10} />;
  return (
    <div className="stack">
      <header className="stack-tight">
        <nav aria-label="Where you are" className="small">
          <AppLink href="/recalls">Recalls</AppLink>
        </nav>
        <h1>
          {data.recall.firm} {data.recall.number}
        </h1>
        <p>{inShort(data)}</p>
      </header>
      <Devices detail={data} decide={may('recall.decide') ? setDeciding : null} />
      <Notice recall={data.recall} />
      {deciding !== null && (
        <DecideDialog recall={data.recall} match={deciding} onClose={() => setDeciding(null)} />
      )}
    </div>
  );
}

function inShort({ recall: { source, grade, day, status, devices, open } }: RecallDetail): string {
  const what = [
    sourceWords[source],
    grade === null ? 'its class is not told' : `class ${grade}`,
    ...(day === null ? [] : [`began on ${day}`]),
    ...(status === 'ended'
      ? ['ended by the authority, which does not say that our devices were seen to']
      : []),
  ].join(', ');
  if (devices === 0) return `${what}. No device here is likely to be meant, as far as is known.`;
  const left =
    open === 0
      ? 'nothing is left to do'
      : `${open} still ${open === 1 ? 'waits' : 'wait'} for a decision or an act`;
  return `${what}. ${counted(devices, 'device')} of ours may be meant; ${left}.`;
}

interface DevicesProps {
  detail: RecallDetail;
  decide: ((match: RecallMatchRow) => void) | null;
}

function Devices({ detail: { matches }, decide }: DevicesProps) {
  return (
    <section className="card stack-tight" aria-labelledby="devices">
      <h2 id="devices">Devices</h2>
      {matches.length === 0 ? (
        <p className="dim">
          No product here fits. Devices that are found later, or whose labels are entered, are held against it
          too.
        </p>
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Device</th>
                <th scope="col">Criticality</th>
                <th scope="col">Is it meant?</th>
                <th scope="col">Why</th>
                <th scope="col">What people said</th>
                {decide && <th scope="col">Decide</th>}
              </tr>
            </thead>
            <tbody>
              {matches.map((match) => (
                <DeviceRow key={match.asset} match={match} decide={decide} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function DeviceRow({ match, decide }: { match: RecallMatchRow; decide: DevicesProps['decide'] }) {
  const { asset, assetName, classLabel, criticality, certainty, reasons } = match;
  return (
    <tr>
      <th scope="row">
        <AppLink href={`/assets/${asset}`}>{assetName}</AppLink>
        <div className="small dim">{classLabel}</div>
      </th>
      <td>
        <CriticalityMark value={criticality as never} />
      </td>
      <td>
        <span className={`mark ${certainty === 'certain' ? 'criticality-high' : ''}`}>
          {certaintyWords[certainty]}
        </span>
      </td>
      <td>{reasons.join(' ')}</td>
      <td>
        <Said match={match} />
      </td>
      {decide && (
        <td>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Decide on ${assetName}`}
            onClick={() => decide(match)}
          >
            Decide
          </Button>
        </td>
      )}
    </tr>
  );
}

function Said({
  match: { state, decidedAt, decidedBy, decidedReason, reconsider },
}: {
  match: RecallMatchRow;
}) {
  if (state === 'undecided') return <Unknown word={stateWords.undecided} />;
  return (
    <>
      <strong>{stateWords[state]}</strong>
      {reconsider && ' – it has become certain since; look again'}
      <div className="small dim">
        {decidedBy}, {decidedAt !== null && <When at={decidedAt} />}: {decidedReason}
      </div>
    </>
  );
}

function Notice({ recall: { product, why, action, unitsText } }: { recall: RecallDetail['recall'] }) {
  const parts = [
    ['Product', product],
    ['Reason', why],
    ['What it asks for', action],
    ['Which units', unitsText],
  ] as const;
  return (
    <section className="card stack-tight" aria-labelledby="notice">
      <h2 id="notice">What the notice says</h2>
      {parts.map(([label, text]) => (
        <div key={label}>
          <strong>{label}</strong>
          <p className={text === '' ? 'dim' : ''}>{text === '' ? 'It does not say.' : text}</p>
        </div>
      ))}
    </section>
  );
}

interface DecideProps {
  recall: RecallDetail['recall'];
  match: RecallMatchRow;
  onClose: () => void;
}

function DecideDialog({ recall, match: { asset, assetName, reasons }, onClose }: DecideProps) {
  const [state, setState] = useState<Exclude<RecallState, 'undecided'> | ''>('');
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Is ${assetName} meant by ${recall.number}?`}
      confirm="Decide"
      done="The decision is kept."
      ready={state !== ''}
      act={(reason) => recalls.decide(recall.id, asset, state as Exclude<RecallState, 'undecided'>, reason)}
    >
      <p>{reasons.join(' ')}</p>
      <p className="dim">
        Hold the label of the device against: {recall.unitsText || 'the notice; it names no units'}
      </p>
      <Radio.Group label="What is so" value={state} onChange={(value) => setState(value as typeof state)}>
        <div className="stack-tight">
          <Radio value="ours" label="It is meant; what the notice asks for is still to be done" />
          <Radio value="done" label="It is meant, and what the notice asks for is done" />
          <Radio value="not-ours" label="It is not meant" />
        </div>
      </Radio.Group>
      <p className="dim">
        The finding on the device closes with “done” and “not meant”. You can decide anew.
      </p>
    </ReasonDialog>
  );
}
