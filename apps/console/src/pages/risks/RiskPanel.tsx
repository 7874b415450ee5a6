import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type RiskDetail, riskActs } from '../../api/risks.ts';
import { counted } from '../../format/number.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { AssignDialog } from './BulkDialogs.tsx';
import { Controls } from './Controls.tsx';
import { LevelMark } from './LevelMark.tsx';
import { AcceptanceDialog, CompleteDialog, TreatDialog } from './TreatDialogs.tsx';
import { controlWords, stateWords, treatmentWords } from './words.ts';

/** One risk: what it can do, how that was worked out, who answers for it and what is done. */
export function RiskPanel({ id, title, onClose }: { id: string; title: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(queries.risk(id));
  return (
    <SidePanel subject={id} title={title} onClose={onClose}>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The risk" />}
      {!data && !error && <Loading label="the risk" rows={6} />}
      {data && <Whole risk={data} />}
    </SidePanel>
  );
}

function Whole({ risk }: { risk: RiskDetail }) {
  return (
    <>
      {risk.kind === 'weakness' && risk.title !== '' && <p>{risk.title}</p>}
      <Axes risk={risk} />
      <Standing risk={risk} />
      <section>
        <h3>How this came about</h3>
        {risk.sentences.length === 0 ? (
          <p className="dim">Nothing shows it any more on any asset.</p>
        ) : (
          <ol className="risk-sentences">
            {risk.sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ol>
        )}
        {risk.decisions.map(({ table, outcomes }) => (
          <p key={table}>
            {table}: {outcomes.join(' or ')}
          </p>
        ))}
      </section>
      <Controls risk={risk} />
      {risk.kind !== 'control' && <Members risk={risk} />}
      <Comments risk={risk} />
      <History risk={risk} />
    </>
  );
}

function Axes({ risk }: { risk: RiskDetail }) {
  return (
    <dl className="risk-axes">
      <dt>Patients</dt>
      <dd>
        <LevelMark value={risk.patient} patient />
      </dd>
      <dt>Privacy</dt>
      <dd>
        <LevelMark value={risk.privacy} />
      </dd>
      <dt>Operations</dt>
      <dd>
        <LevelMark value={risk.operations} />
      </dd>
      <dt>FDA postmarket</dt>
      <dd>{risk.control === 'unknown' ? <Unknown /> : controlWords[risk.control]}</dd>
    </dl>
  );
}

type Open = 'assign' | 'treat' | 'approve' | 'refuse' | 'complete' | null;

function Standing({ risk }: { risk: RiskDetail }) {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <section>
      <h3>{stateWords[risk.state]}</h3>
      <p>{standingWords(risk)}</p>
      {risk.plan !== null && <p>Plan: {risk.plan}</p>}
      <Acts risk={risk} onOpen={setOpen} />
      {open === 'assign' && <AssignDialog risks={[risk.id]} onClose={close} />}
      {open === 'treat' && <TreatDialog risk={risk} onClose={close} />}
      {open === 'complete' && <CompleteDialog risk={risk} onClose={close} />}
      {(open === 'approve' || open === 'refuse') && (
        <AcceptanceDialog risk={risk} decision={open} onClose={close} />
      )}
    </section>
  );
}

function standingWords({
  treatment,
  owner,
  ownerName,
  deadline,
  overdue,
  acceptedUntil,
  approver,
}: RiskDetail): string {
  const due = deadline === null ? null : `${overdue ? 'overdue since' : 'due'} ${deadline.slice(0, 10)}`;
  const parts = [
    owner === null ? 'Nobody has it yet' : `${ownerName ?? owner} has it`,
    treatment === null ? null : `to ${treatmentWords[treatment].toLowerCase()}`,
    due,
    acceptedUntil === null ? null : `until ${acceptedUntil.slice(0, 10)}`,
    approver === null ? null : 'approved by somebody else',
  ];
  return `${parts.filter((part) => part !== null).join(', ')}.`;
}

function Acts({ risk, onOpen }: { risk: RiskDetail; onOpen: (open: Open) => void }) {
  const may = useMay();
  return (
    <div className="row">
      {may('risk.treat') && (
        <Button size="xs" onClick={() => onOpen('treat')}>
          Treat
        </Button>
      )}
      {may('risk.assign') && (
        <Button size="xs" variant="default" onClick={() => onOpen('assign')}>
          Assign
        </Button>
      )}
      {risk.state === 'treating' && may('risk.complete') && (
        <Button size="xs" variant="default" onClick={() => onOpen('complete')}>
          Carried out
        </Button>
      )}
      {risk.state === 'waiting' && may('risk.decide') && (
        <>
          <Button size="xs" onClick={() => onOpen('approve')}>
            Approve acceptance
          </Button>
          <Button size="xs" variant="default" onClick={() => onOpen('refuse')}>
            Refuse
          </Button>
        </>
      )}
    </div>
  );
}

function Members({ risk }: { risk: RiskDetail }) {
  return (
    <section>
      <h3>
        {counted(risk.assets, 'asset')}, {risk.lifeCritical} of them life-critical
      </h3>
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Asset</th>
              <th scope="col">Has it</th>
              <th scope="col">Patients</th>
            </tr>
          </thead>
          <tbody>
            {risk.members.map((member) => (
              <tr key={`${member.asset} ${member.source}`}>
                <td>
                  <AppLink href={`/assets/${member.asset}`}>{member.name}</AppLink>
                </td>
                <td>{member.presence === 'unknown' ? <Unknown /> : 'Yes'}</td>
                <td>
                  <LevelMark value={member.patient} patient />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Comments({ risk }: { risk: RiskDetail }) {
  const may = useMay();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const say = useMutation({
    mutationFn: () => riskActs.comment(risk.id, text.trim()),
    onSuccess: async () => {
      setText('');
      await client.invalidateQueries({ queryKey: ['risks'] });
    },
  });
  return (
    <section>
      <h3>Comments</h3>
      {risk.comments.map((comment) => (
        <p key={`${comment.at}${comment.text}`}>
          <strong>{comment.name}</strong> <When at={comment.at} />
          <br />
          {comment.text}
        </p>
      ))}
      {may('risk.comment') && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            say.mutate();
          }}
        >
          <Textarea
            label="Say something"
            autosize
            minRows={2}
            maxLength={2000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {say.error && (
            <p role="alert" className="form-error">
              Not said: {say.error.message}
            </p>
          )}
          <div>
            <Button
              size="xs"
              type="submit"
              variant="default"
              loading={say.isPending}
              disabled={text.trim() === ''}
            >
              Comment
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}

function History({ risk }: { risk: RiskDetail }) {
  return (
    <section>
      <h3>History</h3>
      <ol className="risk-history">
        {risk.history.map((entry) => (
          <li key={`${entry.at}${entry.text}`}>
            <When at={entry.at} /> <span className="dim">{entry.actor}</span>
            <br />
            {entry.text}
          </li>
        ))}
      </ol>
    </section>
  );
}
