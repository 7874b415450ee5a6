import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { Overview } from '../../api/types.ts';
import { count, counted } from '../../format/number.ts';
import { showSpan } from '../../format/time.ts';
import { plain, scopeWords } from '../../format/words.ts';
import { HarmMarks, SeverityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { Breakdowns } from './Breakdowns.tsx';
import { foundSentences, groundSentence, hasLosses, type Sentence, strangeSentences } from './sentences.ts';
import './overview.css';

export function OverviewPage() {
  const { data, error, refetch } = useQuery(queries.overview());
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The overview" />;
  if (!data) return <Loading label="the overview" rows={10} />;
  if (data.assets.total === 0) return <NothingYet />;
  return (
    <div className="page">
      <header>
        <h1>Overview</h1>
        {data.within && (
          <p>
            Only what lies within your role: <strong>{data.within.map(scopeWords).join('; or ')}</strong>.
            Each number counts that, and conversations of which one end does.
          </p>
        )}
        <p className="dim">
          {groundSentence(data)} <Observed overview={data} />
        </p>
      </header>
      <div className="overview-words">
        <Sentences title="What was found" sentences={foundSentences(data)} none="" />
        <Sentences
          title="What is strange"
          sentences={strangeSentences(data)}
          none="Nothing in what was observed contradicts itself or the register."
        />
        {hasLosses(data.losses) && <Losses losses={data.losses} />}
      </div>
      <Todo items={data.todo} />
      <Breakdowns overview={data} />
    </div>
  );
}

function NothingYet() {
  return (
    <Empty
      title="Nothing has been observed yet"
      action={
        <AppLink href="/imports" className="button-link">
          Import a capture
        </AppLink>
      }
    >
      Hand Wardline a capture of the network (pcap or pcapng); it sends no packet itself.
    </Empty>
  );
}

function Observed({ overview }: { overview: Overview }) {
  const { from, to } = overview.observed;
  if (from === null || to === null) return null;
  return (
    <>
      Observed from <When at={from} /> to <When at={to} /> ({showSpan(from, to)}).
    </>
  );
}

function Sentences({ title, sentences, none }: { title: string; sentences: Sentence[]; none: string }) {
  return (
    <section className="card">
      <h2>{title}</h2>
      {sentences.length === 0 && <p className="dim">{none}</p>}
      <ul className="plain-list overview-sentences">
        {sentences.map((sentence) => (
          <li key={sentence.href}>
            <AppLink href={sentence.href}>
              <ScannableSentence text={sentence.text} />
            </AppLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The number first and larger, so that a column of sentences can be scanned. */
function ScannableSentence({ text }: { text: string }) {
  const at = text.indexOf(' ');
  return (
    <>
      <strong>{text.slice(0, at)}</strong> <span>{text.slice(at + 1)}</span>
    </>
  );
}

function Losses({ losses }: { losses: Record<string, number> }) {
  const causes = Object.entries(losses).filter(([, number]) => number > 0);
  return (
    <section className="card">
      <h2>What could not be read</h2>
      <ul className="plain-list overview-sentences">
        {causes.map(([cause, number]) => (
          <li key={cause}>
            <AppLink href="/imports">
              <strong>{count(number)}</strong> <span>{plain(cause)}</span>
            </AppLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Todo({ items }: { items: Overview['todo'] }) {
  return (
    <section className="card" aria-labelledby="todo">
      <h2 id="todo">What to do next</h2>
      {items.length === 0 && <p className="dim">Nothing is waiting for a person.</p>}
      <ol className="plain-list todo">
        {items.map((item, index) => (
          <li key={item.id}>
            <span className="todo-number" aria-hidden>
              {index + 1}
            </span>
            <div className="todo-words">
              <h3>{item.title}</h3>
              <p className="dim">{item.why}</p>
              <p>{item.action}</p>
            </div>
            <div className="todo-marks">
              <SeverityMark value={item.severity} harms={item.harms} />
              <HarmMarks harms={item.harms} />
            </div>
            <TodoButton item={item} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function TodoButton({ item }: { item: Overview['todo'][number] }) {
  return (
    <Button variant="default" renderRoot={(props) => <AppLink {...props} href={item.link} />}>
      {item.assets === 0 ? 'Look at it' : `Show ${counted(item.assets, 'device')}`}
      <span className="unseen">: {item.title}</span>
    </Button>
  );
}
