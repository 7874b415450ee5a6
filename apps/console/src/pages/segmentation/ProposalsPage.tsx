import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Proposals } from '@wardline/model';
import { useState } from 'react';
import { segmentationActs, segmentationQueries } from '../../api/segmentation.ts';
import { count, counted } from '../../format/number.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import './segmentation.css';

type Proposal = Proposals['proposals'][number];

/** Below a month a monthly job may not have been seen once. */
const MONTH_DAYS = 28;

/** What the recorded traffic needs, each with its ground, for a person to choose from. */
export function ProposalsPage() {
  const { data, error, refetch } = useQuery(segmentationQueries.proposals());
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The proposals" />;
  if (!data) return <Loading label="the proposals" rows={8} />;
  const chosen = data.proposals.filter(({ name }) => !left.has(name)).map(({ name }) => name);
  const toggle = (name: string) => {
    const next = new Set(left);
    if (!next.delete(name)) next.add(name);
    setLeft(next);
  };
  return (
    <div className="stack">
      <div className="spread">
        <div>
          <h1>Proposals from traffic</h1>
          <p className="dim">
            {counted(data.proposals.length, 'conduit')} between {counted(data.zones.length, 'zone')}, from{' '}
            {counted(data.recordedDays, 'day')} that were recorded. Nothing of it is approved.
          </p>
        </div>
        <div className="row">
          <AppLink href="/segmentation">Back to the policies</AppLink>
          <MakeDraft chosen={chosen} undeclared={data.proposals.some((one) => one.undeclared.length > 0)} />
        </div>
      </div>
      {data.proposals.length === 0 && (
        <Empty title="Nothing was recorded yet" action={<AppLink href="/imports">Import a capture</AppLink>}>
          Proposals come from conversations in which both sides spoke.
        </Empty>
      )}
      {data.proposals.length > 0 && data.recordedDays < MONTH_DAYS && (
        <p role="note" className="card">
          {counted(data.recordedDays, 'day')} of recording cannot show what runs monthly, such as a
          calibration or a report. Ask who runs such jobs before anything is enforced.
        </p>
      )}
      {data.proposals.length > 0 && (
        <ProposalTable proposals={data.proposals} left={left} onToggle={toggle} />
      )}
      <Declared answer={data} />
      <LeftOut answer={data} />
    </div>
  );
}

function MakeDraft({ chosen, undeclared }: { chosen: readonly string[]; undeclared: boolean }) {
  const may = useMay();
  const { go } = useAddress();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('Our hospital');
  const [narrow, setNarrow] = useState(false);
  if (!may('segmentation.learn')) return null;
  return (
    <>
      <Button disabled={chosen.length === 0} onClick={() => setOpened(true)}>
        Make a draft of {count(chosen.length)}…
      </Button>
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={`A draft with ${counted(chosen.length, 'conduit')}`}
        confirm="Make it"
        done="The draft is there."
        ready={name.trim() !== ''}
        act={async (reason) => {
          const { id } = await segmentationActs.learn(name.trim(), chosen, narrow, reason);
          go(`/segmentation/drafts/${id}`);
        }}
      >
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        {undeclared && (
          <Checkbox
            label="Leave out services that no maker declares"
            checked={narrow}
            onChange={(event) => setNarrow(event.currentTarget.checked)}
          />
        )}
        <p>Every conduit of it only observes, until you say otherwise in the text.</p>
      </ReasonDialog>
    </>
  );
}

interface TableProps {
  proposals: readonly Proposal[];
  /** Names of those that are left out. */
  left: ReadonlySet<string>;
  onToggle: (name: string) => void;
}

function ProposalTable({ proposals, left, onToggle }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-label="Proposals" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">Chosen</span>
            </th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Services</th>
            <th scope="col">Why</th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {proposals.map((proposal) => (
            <ProposalRow
              key={proposal.name}
              proposal={proposal}
              isChosen={!left.has(proposal.name)}
              onToggle={() => onToggle(proposal.name)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  proposal: Proposal;
  isChosen: boolean;
  onToggle: () => void;
}

function ProposalRow({ proposal, isChosen, onToggle }: RowProps) {
  const { name, from, to, services, undeclared, ground, rare, lifeCritical, lastSeen, evidence } = proposal;
  return (
    <tr>
      <td>
        <Checkbox aria-label={`${from} to ${to}`} checked={isChosen} onChange={onToggle} />
      </td>
      <td>
        <strong>{from}</strong>
      </td>
      <td>
        <strong>{to}</strong>
      </td>
      <td className="mono policy-services">{services.join(', ')}</td>
      <td>
        {ground}
        {undeclared.length > 0 && (
          <div>Not declared by any maker of these servers: {undeclared.join(', ')}.</div>
        )}
        <div className="row">
          {lifeCritical && <CriticalityMark value="life-critical" />}
          {rare && <span className="mark mark-unknown">Rarely seen</span>}
        </div>
      </td>
      <td>
        <When at={lastSeen} />
        <div className="dim small" title={evidence.join('\n')}>
          {evidence[0] ?? name}
        </div>
      </td>
    </tr>
  );
}

/** What makers declare and nobody has heard: told, and never proposed. */
function Declared({ answer: { declared } }: { answer: Proposals }) {
  const unseen = declared.filter((zone) => zone.unseen.length > 0);
  if (unseen.length === 0) return null;
  return (
    <section className="card stack-tight" aria-labelledby="declared-unseen">
      <h2 id="declared-unseen">Declared by makers and never seen</h2>
      <p className="dim">It may run seldom, or not here. Nothing of it is proposed.</p>
      <ul className="plain-list">
        {unseen.map(({ zone, documents, unseen: services }) => (
          <li key={zone}>
            <strong>{zone}</strong>: {services.join(', ')}{' '}
            <span className="dim">({documents.join(', ')})</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function LeftOut({ answer: { leftOut } }: { answer: Proposals }) {
  if (leftOut.length === 0) return null;
  return (
    <section className="card stack-tight" aria-labelledby="left-out">
      <h2 id="left-out">What is no ground for a proposal</h2>
      <ul className="plain-list">
        {leftOut.map(({ reason, count: n }) => (
          <li key={reason}>
            {counted(n, 'conversation')}: {reason}
          </li>
        ))}
      </ul>
    </section>
  );
}
