import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { queries } from '../../api/queries.ts';
import type { AlertRow, StoryDetail } from '../../api/watch.ts';
import { counted } from '../../format/number.ts';
import { HarmMarks, SeverityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { EvidenceList } from '../../panel/Evidence.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { PartyLine } from './Party.tsx';
import { StoryActs } from './StoryActs.tsx';
import { StoryNote } from './StoryNote.tsx';
import {
  confidenceWords,
  detectionWord,
  storyEntryWords,
  storyStateWords,
  storyVerdictWords,
} from './words.ts';
import './watch.css';

/** One story: what was seen, what it means for patients, what to do first, the packets behind it, and what people did. */
export function StoryPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { data, error, refetch } = useQuery(queries.story(id));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The story" />;
  if (!data) return <Loading label="the story" rows={10} />;
  return (
    <div className="stack">
      <Head story={data} />
      <Alerts story={data} />
      <section className="card stack" aria-labelledby="done">
        <h2 id="done">What people did</h2>
        <StoryNote id={data.id} />
        {data.entries.length === 0 && <p className="dim">Nobody has done anything with it yet.</p>}
        <ol className="watch-entries">
          {data.entries.toReversed().map((entry) => (
            <li key={entry.sequence} className="stack-tight">
              <p className="small dim">
                <When at={entry.at} /> · {storyEntryWords[entry.kind]} · {entry.by}
              </p>
              {entry.text !== '' && <p>{entry.text}</p>}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

function Head({ story }: { story: StoryDetail }) {
  return (
    <section className="card stack-tight" aria-label="The story">
      <div className="spread">
        <h1>{story.title}</h1>
        <StoryActs story={story} />
      </div>
      <div className="row">
        <SeverityMark value={story.severity} harms={story.harms} />
        <HarmMarks harms={story.harms} />
        <span className="dim">{confidenceWords[story.confidence]}</span>
      </div>
      <h2>What was seen</h2>
      <p>{story.summary}</p>
      <h2>What it means</h2>
      <p>{story.meaning}</p>
      <h2>What to do first</h2>
      <p>{story.advice}</p>
      <Facts story={story} />
    </section>
  );
}

function Facts({ story }: { story: StoryDetail }) {
  return (
    <dl className="pairs">
      <dt>State</dt>
      <dd>
        {story.verdict === null ? storyStateWords[story.state] : storyVerdictWords[story.verdict]}
        {story.takenBy !== null && story.state !== 'resolved' && `, by ${story.takenBy}`}
        {story.resolvedBy !== null && `, says ${story.resolvedBy}`}
      </dd>
      {story.lookedAt === null && story.due !== null && (
        <>
          <dt>Somebody should look by</dt>
          <dd>
            <When at={story.due} />
          </dd>
        </>
      )}
      {story.incident !== null && (
        <>
          <dt>Incident</dt>
          <dd>
            <AppLink href={`/incidents/${story.incident}`}>Incident {story.incident}</AppLink>
          </dd>
        </>
      )}
      <dt>Who</dt>
      <dd>{story.actor === null ? 'The wire does not tell' : <PartyLine party={story.actor} />}</dd>
      <dt>To whom</dt>
      <dd>
        {story.targets.length === 0 ? (
          'nobody in particular'
        ) : (
          <ul className="plain-list">
            {story.targets.map((party) => (
              <li key={party.key}>
                <PartyLine party={party} />
              </li>
            ))}
          </ul>
        )}
        {story.targetCount > story.targets.length && (
          <span className="dim"> and {story.targetCount - story.targets.length} more</span>
        )}
      </dd>
      <dt>Seen</dt>
      <dd>
        <When at={story.firstSeen} /> to <When at={story.lastSeen} />, at {story.site.name}
      </dd>
    </dl>
  );
}

function Alerts({ story }: { story: StoryDetail }) {
  return (
    <section className="card stack" aria-labelledby="alerts">
      <div className="spread">
        <h2 id="alerts">{counted(story.alerts, 'alert')}, in order of time</h2>
        <AppLink href={`/alerts?story=${story.id}`}>As a list</AppLink>
      </div>
      <ol className="watch-entries">
        {story.shown.map((alert) => (
          <Alert key={alert.id} alert={alert} />
        ))}
      </ol>
      {story.alerts > story.shown.length && (
        <p className="dim">The gravest {story.shown.length} are shown; the list has all.</p>
      )}
    </section>
  );
}

function Alert({ alert }: { alert: AlertRow }) {
  return (
    <li className="stack-tight">
      <div className="row">
        <strong>{alert.title}</strong>
        <SeverityMark value={alert.severity} harms={alert.harms} />
        <span className="small dim">
          <When at={alert.firstSeen} /> · {counted(alert.count, 'time')} · number {alert.number}
        </span>
      </div>
      <p>{alert.summary}</p>
      <p className="small dim">
        {detectionWord(alert.detection)}
        {alert.technique !== null && ` · ATT&CK ${alert.technique}`}
        {alert.basis === 'baseline' ? ' · departs from what was learnt' : ' · wrong in itself'}
      </p>
      <EvidenceList evidence={alert.evidence} />
    </li>
  );
}
