import { useInfiniteQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { RiskList, RiskRow } from '../../api/risks.ts';
import { count } from '../../format/number.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { LevelMark } from './LevelMark.tsx';
import { nameOf, stateWords } from './words.ts';
import './risks.css';

const SHOWN = 8;

/** Where the risks stand: one column for each state, what can harm patients most on top. */
export function BoardPage() {
  return (
    <div className="page stack">
      <div className="spread">
        <h1>Risk board</h1>
        <div className="row">
          <AppLink href="/risks">Register</AppLink>
          <AppLink href="/risks/indicators">Indicators</AppLink>
        </div>
      </div>
      <div className="risk-board">
        {(Object.keys(stateWords) as RiskRow['state'][]).map((state) => (
          <StateColumn key={state} state={state} />
        ))}
      </div>
    </div>
  );
}

function StateColumn({ state }: { state: RiskRow['state'] }) {
  const query = useInfiniteQuery(queries.risks({ state, sort: 'priority', order: 'desc' }));
  const page = query.data?.pages[0] as RiskList | undefined;
  return (
    <section className="risk-board-column" aria-labelledby={`board-${state}`}>
      <h2 id={`board-${state}`}>
        {stateWords[state]} <span className="dim">{page === undefined ? '' : count(page.total)}</span>
      </h2>
      {query.error && !page && (
        <Failure error={query.error} retry={() => void query.refetch()} what="This column" />
      )}
      {!page && !query.error && <Loading label={stateWords[state]} rows={4} />}
      {page?.items.slice(0, SHOWN).map((risk) => (
        <BoardCard key={risk.id} risk={risk} />
      ))}
      {page && page.total > SHOWN && (
        <AppLink href={`/risks?state=${state}`}>All {count(page.total)}</AppLink>
      )}
    </section>
  );
}

function BoardCard({ risk }: { risk: RiskRow }) {
  return (
    <article className="risk-board-card">
      <AppLink href={`/risks?row=${risk.id}&state=${risk.state}`}>{nameOf(risk)}</AppLink>
      <span>{risk.product}</span>
      <LevelMark value={risk.patient} patient />
      <span className="dim">
        {risk.ownerName ?? 'nobody'}
        {risk.deadline === null
          ? ''
          : `, ${risk.overdue ? 'overdue since' : 'due'} ${risk.deadline.slice(0, 10)}`}
      </span>
    </article>
  );
}
