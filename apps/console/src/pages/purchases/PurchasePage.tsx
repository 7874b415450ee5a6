import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Condition, Purchase, Score } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { purchases } from '../../api/suppliers.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { DecisionDialog } from './DecisionDialog.tsx';
import { ScoreBar, stateWords, VerdictMark } from './marks.tsx';
import { PurchaseDialog } from './PurchaseDialog.tsx';

/** One product before it is bought: its score line by line, what to ask for, and what was decided. */
export function PurchasePage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(queries.purchase(id));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="This assessment" />;
  if (!data) return <Loading label="the assessment" rows={12} />;
  return (
    <div className="stack">
      <Head purchase={data} />
      {data.conditions.length > 0 && <Conditions purchase={data} />}
      {data.score.parts.map((part) => (
        <PartCard key={part.id} part={part} />
      ))}
      <Clauses score={data.score} />
    </div>
  );
}

function Head({ purchase }: { purchase: Purchase }) {
  const { details, state, score, mds2, sbom, assets } = purchase;
  const may = useMay();
  const [dialog, setDialog] = useState<'change' | 'decide' | null>(null);
  const isOpen = state === 'requested' || state === 'assessed';
  return (
    <header className="card stack-tight">
      <nav aria-label="Where you are" className="small">
        <AppLink href="/purchases">Procurement</AppLink>
      </nav>
      <div className="spread">
        <h1>{details.title}</h1>
        <div className="row">
          {isOpen && may('purchase.change') && (
            <Button variant="default" onClick={() => setDialog('change')}>
              Change the offer
            </Button>
          )}
          {state !== 'commissioned' && may('purchase.decide') && (
            <Button onClick={() => setDialog('decide')}>Decide</Button>
          )}
        </div>
      </div>
      <p>
        {details.vendor} {details.model} {details.software} for{' '}
        {details.department || 'a department that is not told'}: {details.purpose}
      </p>
      <p>
        {stateWords[state]}. <ScoreBar score={score} />
      </p>
      <p className="small">
        {mds2 === null ? (
          'No form of the maker is here.'
        ) : (
          <AppLink href={`/mds2/${mds2}`}>The maker’s form</AppLink>
        )}{' '}
        {sbom === null ? (
          'No bill of materials is here.'
        ) : (
          <AppLink href={`/sboms/${sbom}`}>Bill of materials</AppLink>
        )}{' '}
        {assets.map((asset) => (
          <AppLink key={asset} href={`/assets/${asset}`}>
            {asset}
          </AppLink>
        ))}
      </p>
      {dialog === 'change' && <PurchaseDialog purchase={purchase} onClose={() => setDialog(null)} />}
      {dialog === 'decide' && <DecisionDialog purchase={purchase} onClose={() => setDialog(null)} />}
    </header>
  );
}

function Conditions({ purchase: { id, conditions } }: { purchase: Purchase }) {
  const may = useMay();
  const [asked, setAsked] = useState<Condition | null>(null);
  return (
    <section className="card stack-tight" aria-labelledby="conditions">
      <h2 id="conditions">Conditions</h2>
      <ul className="stack-tight">
        {conditions.map((one) => (
          <li key={one.id}>
            <span className={`mark ${one.met ? '' : 'criticality-high'}`}>{one.met ? 'Met' : 'Open'}</span>{' '}
            {one.text}
            {one.due !== null && <span className="dim"> due {one.due}</span>}{' '}
            {may('purchase.condition') && (
              <Button size="compact-xs" variant="default" onClick={() => setAsked(one)}>
                {one.met ? 'It is open again' : 'It is met'}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {asked !== null && (
        <ReasonDialog
          opened
          onClose={() => setAsked(null)}
          title={asked.met ? 'This condition is open again' : 'This condition is met'}
          confirm="Say so"
          done="It is kept."
          act={(reason) => purchases.condition(id, asked.id, !asked.met, reason)}
        >
          <p>{asked.text}</p>
        </ReasonDialog>
      )}
    </section>
  );
}

function PartCard({ part }: { part: Score['parts'][number] }) {
  return (
    <section className="card stack-tight" aria-labelledby={part.id}>
      <h2 id={part.id}>{part.title}</h2>
      <p className="dim">
        {part.points} of {part.most} points; the part counts {part.weight} of 100.
      </p>
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Asked</th>
              <th scope="col">Verdict</th>
              <th scope="col">Points</th>
              <th scope="col">Why</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {part.lines.map((line) => (
              <tr key={line.id}>
                <th scope="row">{line.title}</th>
                <td>
                  <VerdictMark line={line} />
                </td>
                <td>
                  {line.points} of {line.most}
                </td>
                <td>{line.reason}</td>
                <td className="small">{line.source ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Clauses({ score }: { score: Score }) {
  const clauses = score.parts.flatMap(({ lines }) =>
    lines.flatMap(({ id, clause }) => (clause === null ? [] : [{ id, clause }])),
  );
  if (clauses.length === 0) return null;
  return (
    <section className="card stack-tight" aria-labelledby="clauses">
      <h2 id="clauses">To ask for in the contract</h2>
      <ul>
        {clauses.map(({ id, clause }) => (
          <li key={id}>{clause}</li>
        ))}
      </ul>
    </section>
  );
}
