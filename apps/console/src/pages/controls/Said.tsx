import { Button } from '@mantine/core';
import type { ControlDetail } from '@wardline/model';
import { useState } from 'react';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { stateWords } from '../risks/words.ts';
import { AttestDialog, DecideDialog, decisionWords, RiskDialog, TakeBackDialog } from './SayDialogs.tsx';

interface Told {
  kind: 'attestation' | 'decision';
  id: string;
  words: string;
  since: string;
  until: string;
  ended: string | null;
}

const toldOf = ({ attestations, decisions }: ControlDetail): Told[] =>
  [
    ...attestations.map(({ id, ownerName, statement, document, since, until, ended }) => {
      const words = `${ownerName} vouches: “${statement}”, by “${document}”`;
      return { kind: 'attestation' as const, id, words, since, until, ended };
    }),
    ...decisions.map(({ id, byName, decision, rationale, alternative, since, until, ended }) => {
      const instead = alternative === null ? '' : `; instead: “${alternative}”`;
      const words = `${byName} decided “${decisionWords[decision]}”: “${rationale}”${instead}`;
      return { kind: 'decision' as const, id, words, since, until, ended };
    }),
  ].toSorted((a, b) => Date.parse(b.since) - Date.parse(a.since));

/** Whether it held at the moment that the panel shows. */
function held({ since, until, ended }: Told, at: string): boolean {
  const moment = Date.parse(at);
  return (
    Date.parse(since) <= moment &&
    moment < Date.parse(until) &&
    (ended === null || Date.parse(ended) > moment)
  );
}

/** What persons said of a control, with what they can say now. The past is only shown. */
export function Said({ of, isPast }: { of: ControlDetail; isPast: boolean }) {
  const [taken, setTaken] = useState<Told | null>(null);
  const all = toldOf(of);
  const holding = all.filter((one) => held(one, of.asOf));
  const others = all.filter((one) => !holding.includes(one));
  if (of.isStandard) return null;
  return (
    <section aria-labelledby="control-said" className="stack-tight">
      <h3 id="control-said">What persons said</h3>
      {holding.length === 0 && <p className="dim">Nothing that {isPast ? 'held then' : 'holds now'}.</p>}
      <ul className="plain-list">
        {holding.map((one) => (
          <Line key={one.id} one={one} onTakeBack={isPast ? null : setTaken} />
        ))}
      </ul>
      {!isPast && <Say of={of} />}
      {others.length > 0 && (
        <details>
          <summary>
            {isPast ? 'What was said at other times' : 'What was said before'} ({others.length})
          </summary>
          <ul className="plain-list small">
            {others.map((one) => (
              <Line key={one.id} one={one} onTakeBack={null} />
            ))}
          </ul>
        </details>
      )}
      {taken !== null && <TakeBackDialog {...taken} onClose={() => setTaken(null)} />}
    </section>
  );
}

function Line({ one, onTakeBack }: { one: Told; onTakeBack: ((one: Told) => void) | null }) {
  const may = useMay();
  const action = one.kind === 'attestation' ? 'compliance.attest-end' : 'compliance.decide-end';
  return (
    <li className="said-item">
      {one.words}
      <span className="dim">
        {' '}
        · from <When at={one.since} />, until <When at={one.until} />
        {one.ended !== null && (
          <>
            , taken back <When at={one.ended} />
          </>
        )}
      </span>
      {onTakeBack !== null && may(action) && (
        <>
          {' '}
          <Button size="compact-sm" variant="default" onClick={() => onTakeBack(one)}>
            Take back…
          </Button>
        </>
      )}
    </li>
  );
}

function Say({ of }: { of: ControlDetail }) {
  const may = useMay();
  const [saying, setSaying] = useState<'attest' | 'decide' | 'risk' | null>(null);
  const close = () => setSaying(null);
  const hasGap = of.status === 'not-met' || of.status === 'unknown';
  return (
    <div className="row">
      {may('compliance.attest') && (
        <Button size="sm" onClick={() => setSaying('attest')}>
          Vouch for it…
        </Button>
      )}
      {may('compliance.decide') && (
        <Button size="sm" variant="default" onClick={() => setSaying('decide')}>
          Decide…
        </Button>
      )}
      {hasGap && may('compliance.gap-open') && (
        <Button size="sm" variant="default" onClick={() => setSaying('risk')}>
          Open a risk…
        </Button>
      )}
      {saying === 'risk' && <RiskDialog of={of} onClose={close} />}
      {saying === 'attest' && <AttestDialog of={of} onClose={close} />}
      {saying === 'decide' && <DecideDialog of={of} onClose={close} />}
    </div>
  );
}

/** Risks of its gaps, as they are now. */
export function RisksOf({ of: { risks } }: { of: ControlDetail }) {
  if (risks.length === 0) return null;
  return (
    <section aria-labelledby="control-risks">
      <h3 id="control-risks">In the register of risks</h3>
      <ul className="plain-list">
        {risks.map(({ id, title, state, opened, closed }) => (
          <li key={id}>
            <AppLink href={`/risks?row=${encodeURIComponent(id)}${closed === null ? '' : '&closed=yes'}`}>
              {title}
            </AppLink>{' '}
            <span className="dim">
              · {closed === null ? stateWords[state] : 'closed'} since <When at={closed ?? opened} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
