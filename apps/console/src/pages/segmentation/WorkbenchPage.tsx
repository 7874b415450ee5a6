import { Button, SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type Draft, segmentationActs, segmentationQueries, type Version } from '../../api/segmentation.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { MeaningView } from './MeaningView.tsx';
import { PolicyEditor } from './PolicyEditor.tsx';
import { ProofView } from './ProofView.tsx';
import { SimulationView } from './SimulationView.tsx';
import { VersionActs } from './VersionActs.tsx';
import { effectSentence, stateWords } from './words.ts';
import './segmentation.css';

const views = [
  { value: 'text', label: 'Text' },
  { value: 'zones', label: 'Zones' },
  { value: 'simulation', label: 'Simulation' },
  { value: 'proof', label: 'Proof' },
];

/** A draft that a person writes at. */
export function DraftPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { data, error, refetch } = useQuery(segmentationQueries.draft(id));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The draft" />;
  if (!data) return <Loading label="the draft" rows={8} />;
  return <DraftBench key={`${data.id} ${data.revision}`} draft={data} />;
}

function DraftBench({ draft }: { draft: Draft }) {
  const may = useMay();
  const client = useQueryClient();
  const [text, setText] = useState(draft.text);
  const [trouble, setTrouble] = useState<string | null>(null);
  const isChanged = text !== draft.text;
  const save = async () => {
    try {
      await segmentationActs.save(draft.id, { name: draft.name, text, revision: draft.revision });
      setTrouble(null);
      await client.invalidateQueries();
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : 'It was not saved.');
    }
  };
  return (
    <div className="stack">
      <div className="spread">
        <div>
          <h1>{draft.name}</h1>
          <p className="dim">
            A draft, last changed <When at={draft.modified} /> by {draft.modifiedByName}. Nothing of it holds.
          </p>
        </div>
        <div className="row">
          <AppLink href="/segmentation">All policies</AppLink>
          {may('segmentation.save') && (
            <Button variant="default" disabled={!isChanged} onClick={() => void save()}>
              Save
            </Button>
          )}
          {may('segmentation.propose') && <Propose draft={draft} isChanged={isChanged} />}
        </div>
      </div>
      {trouble !== null && (
        <p role="alert" className="form-error">
          Not saved: {trouble}
        </p>
      )}
      <Bench name={draft.name} text={text} onChange={may('segmentation.save') ? setText : null} />
    </div>
  );
}

function Propose({ draft, isChanged }: { draft: Draft; isChanged: boolean }) {
  const { go } = useAddress();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        disabled={isChanged}
        title={isChanged ? 'Save it first' : undefined}
        onClick={() => setOpened(true)}
      >
        Propose…
      </Button>
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Propose ${draft.name}`}
        confirm="Propose it"
        done="It waits for somebody else to approve it."
        act={async (reason) => {
          const { number } = await segmentationActs.propose(draft.id, reason);
          go(`/segmentation/versions/${number}`);
        }}
      >
        <p>
          It becomes a version whose text never changes again, together with what it would do to what was
          recorded. Nothing holds until somebody who did not write it approves it.
        </p>
      </ReasonDialog>
    </>
  );
}

/** A version: its text is only read. */
export function VersionPage() {
  const { number } = useParams({ strict: false }) as { number: string };
  const { data, error, refetch } = useQuery(segmentationQueries.version(number));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The version" />;
  if (!data) return <Loading label="the version" rows={8} />;
  return (
    <div className="stack">
      <div className="spread">
        <div>
          <h1>
            Version {data.number}, {data.name}
          </h1>
          <VersionFacts version={data} />
        </div>
        <div className="row">
          <AppLink href="/segmentation">All policies</AppLink>
          <VersionActs version={data} />
        </div>
      </div>
      <Bench name={data.name} text={data.text} onChange={null} />
    </div>
  );
}

function VersionFacts({ version }: { version: Version }) {
  const { state, proposed, proposedByName, reason, decided, decidedByName, decisionReason, effect, digest } =
    version;
  return (
    <div className="stack-tight">
      <p>
        <span className={`mark policy-${state}`}>{stateWords[state]}</span> Proposed <When at={proposed} /> by{' '}
        {proposedByName}
        {reason !== null && `: “${reason}”`}
        {decided !== null && (
          <>
            . Decided <When at={decided} /> by {decidedByName}
            {decisionReason !== null && `: “${decisionReason}”`}
          </>
        )}
      </p>
      <p className="dim">
        Foreseen when it was proposed: {effectSentence(effect)}{' '}
        <span className="mono">SHA-256 {digest.slice(0, 16)}…</span>
      </p>
    </div>
  );
}

interface BenchProps {
  name: string;
  text: string;
  onChange: ((text: string) => void) | null;
}

const EXAMINE_MILLISECONDS = 400;

function Bench({ name, text, onChange }: BenchProps) {
  const { values, change } = useAddress();
  const view = views.find(({ value }) => value === values.view)?.value ?? 'text';
  const [settled] = useDebouncedValue(text, EXAMINE_MILLISECONDS);
  const { data } = useQuery({ ...segmentationQueries.examined(settled), placeholderData: (last) => last });
  return (
    <>
      <SegmentedControl
        aria-label="View"
        data={views}
        value={view}
        onChange={(next) => change({ view: next === 'text' ? undefined : next })}
        className="policy-views"
      />
      {view === 'text' && (
        <PolicyEditor text={text} onChange={onChange} diagnostics={data?.diagnostics ?? []} />
      )}
      {view === 'zones' && <MeaningView text={settled} />}
      {view === 'simulation' && <SimulationView text={settled} />}
      {view === 'proof' && <ProofView text={settled} name={name} />}
    </>
  );
}
