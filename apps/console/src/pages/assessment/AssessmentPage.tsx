import { Button, Textarea } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { SevenSteps, Step, StepName } from '@wardline/model';
import { useState } from 'react';
import { apiAddress, post } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useDraft } from '../../shell/drafts.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import './assessment.css';

/** Where each step is done. */
const links: Readonly<Record<StepName, readonly { href: string; label: string }[]>> = {
  scope: [
    { href: '/assets', label: 'Assets' },
    { href: '/register', label: 'Register' },
    { href: '/sites', label: 'Sites' },
  ],
  data: [{ href: '/assets', label: 'Approve data and criticality on each asset' }],
  threats: [{ href: '/threats', label: 'Threat models' }],
  weaknesses: [
    { href: '/vulnerabilities', label: 'Vulnerabilities' },
    { href: '/vulnerabilities/feeds', label: 'Feeds' },
    { href: '/sboms', label: 'Bills of materials' },
    { href: '/findings', label: 'Findings' },
  ],
  risk: [
    { href: '/risks', label: 'Risk register' },
    { href: '/attack-paths', label: 'Attack paths' },
  ],
  treatment: [
    { href: '/risks/board', label: 'Board of risks' },
    { href: '/plan', label: 'Patch plan' },
  ],
  watch: [
    { href: '/incidents', label: 'Incidents' },
    { href: '/imports', label: 'Sensors and captures' },
  ],
};

/** The seven steps of a risk assessment, each filled in with what is known, and the analysis at their end. */
export function AssessmentPage() {
  const { data, error, refetch } = useQuery(queries.sevenSteps());
  return (
    <div className="page stack">
      <div>
        <h1>Risk assessment</h1>
        <p className="dim">{data ? sentence(data) : ' '}</p>
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The assessment" />}
      {!data && !error && <Loading label="the assessment" rows={10} />}
      {data && (
        <>
          <ol className="steps plain-list stack">
            {data.steps.map((step, index) => (
              <StepCard key={step.name} step={step} number={index + 1} />
            ))}
          </ol>
          <WriteDown of={data} />
        </>
      )}
    </div>
  );
}

function sentence({ steps }: SevenSteps): string {
  const done = steps.filter(({ state }) => state === 'done').length;
  const next = steps.findIndex(({ state }) => state !== 'done');
  if (next < 0)
    return 'All seven steps are done. Write the analysis down, and come back when something changes.';
  return `Done: ${done} of ${steps.length} steps. Go on with step ${next + 1}: ${steps[next]!.title.toLowerCase()}. What nobody looked at is unknown, and never done.`;
}

const words = { done: 'Done', open: 'Open' } as const;

function StateMark({ value }: { value: Step['state'] }) {
  if (value === 'unknown') return <Unknown />;
  const Icon = value === 'done' ? IconCheck : IconX;
  return (
    <span className={`mark step-${value}`}>
      <Icon size={12} aria-hidden />
      {words[value]}
    </span>
  );
}

function StepCard({ step: { name, title, what, state, checks }, number }: { step: Step; number: number }) {
  return (
    <li className="card stack-tight">
      <div className="spread">
        <h2>
          {number}. {title}
        </h2>
        <StateMark value={state} />
      </div>
      <p className="dim">{what}</p>
      <ul className="plain-list">
        {checks.map((check) => (
          <li key={check.title} className="step-check">
            <StateMark value={check.state} /> <strong>{check.title}.</strong> {check.reason}
            {check.remedy !== '' && <p className="step-remedy">{check.remedy}</p>}
          </li>
        ))}
      </ul>
      <p>
        {links[name].map(({ href, label }, index) => (
          <span key={href}>
            {index > 0 && ' · '}
            <AppLink href={href}>{label}</AppLink>
          </span>
        ))}
      </p>
    </li>
  );
}

const TITLE = 'Make the risk analysis';
/** The fewest letters that the server takes for a scope. */
const LEAST_WORDS = 10;

/** The end of the way: the analysis as a report under the ledger, with the scope in the hospital’s own words. */
function WriteDown({ of: { last } }: { of: SevenSteps }) {
  const may = useMay();
  const [opened, setOpened] = useState(false);
  const [scope, setScope] = useDraft(TITLE, 'scope', '');
  return (
    <section className="card stack-tight" aria-labelledby="write-down">
      <h2 id="write-down">Write it down</h2>
      <p>
        The analysis holds all seven steps as they stand, the register of risks and the evidence. What is open
        or unknown is written down as that: it can be made at any time, and is better early than never.
      </p>
      {last !== null && (
        <p>
          The last is{' '}
          <a href={apiAddress(`/reports/${last.number}/page`)} target="_blank" rel="noreferrer">
            report {last.number}
          </a>
          , made <When at={last.at} />.
        </p>
      )}
      <div className="row">
        {may('report.make') && <Button onClick={() => setOpened(true)}>{TITLE}…</Button>}
        <AppLink href="/reports">All reports</AppLink>
      </div>
      {opened && (
        <ReasonDialog
          opened
          onClose={() => setOpened(false)}
          title={TITLE}
          confirm="Make it"
          done="It is made; Reports lists it."
          ready={scope.trim().length >= LEAST_WORDS}
          act={(reason) => post('/reports', { kind: 'risk-analysis', scope: scope.trim(), reason })}
        >
          <Textarea
            label="What belongs to it, and what does not"
            description="Houses, wards and kinds of devices; what is left out, and why. It stands in the analysis."
            required
            autosize
            minRows={3}
            maxLength={4000}
            value={scope}
            onChange={(event) => setScope(event.currentTarget.value)}
          />
        </ReasonDialog>
      )}
    </section>
  );
}
