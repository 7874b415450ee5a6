import type { FindingRow } from '../../api/types.ts';
import { counted } from '../../format/number.ts';
import { CriticalityMark, HarmMarks, SeverityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { EvidenceList } from '../../panel/Evidence.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';

/** One judgement: what was seen, why it matters, what to do, and the packets that it rests on. */
export function FindingPanel({ finding, onClose }: { finding: FindingRow; onClose: () => void }) {
  return (
    <SidePanel subject={finding.id} title={finding.title} onClose={onClose}>
      <div className="stack-tight">
        <SeverityMark value={finding.severity} harms={finding.harms} />
        <HarmMarks harms={finding.harms} />
      </div>
      <section>
        <h3>What was seen</h3>
        <p>{finding.summary}</p>
      </section>
      <section>
        <h3>Why it matters and what to do</h3>
        <p>{finding.remedy}</p>
      </section>
      <dl className="pairs">
        <dt>Asset</dt>
        <dd className="row">
          <AppLink href={`/assets/${finding.asset}`}>{finding.assetName}</AppLink>
          <CriticalityMark value={finding.assetCriticality} />
        </dd>
        <Other finding={finding} />
        <dt>Seen</dt>
        <dd>{counted(finding.count, 'time')}</dd>
        <dt>First</dt>
        <dd>
          <When at={finding.firstSeen} />
        </dd>
        <dt>Last</dt>
        <dd>
          <When at={finding.lastSeen} />
        </dd>
        <dt>Rule</dt>
        <dd className="mono">{finding.rule}</dd>
      </dl>
      <section>
        <h3>Evidence</h3>
        <EvidenceList evidence={finding.evidence} />
      </section>
      <AppLink href={`/conversations?asset=${finding.asset}${finding.peer ? `&peer=${finding.peer}` : ''}`}>
        See the conversations behind it
      </AppLink>
    </SidePanel>
  );
}

function Other({ finding }: { finding: FindingRow }) {
  return (
    <>
      {finding.peer && (
        <>
          <dt>Other side</dt>
          <dd>
            <AppLink href={`/assets/${finding.peer}`}>{finding.peerName ?? finding.peer}</AppLink>
          </dd>
        </>
      )}
      {finding.service && (
        <>
          <dt>Service</dt>
          <dd>
            {finding.service.transport}
            {finding.service.port === null ? '' : ` port ${finding.service.port}`}
          </dd>
        </>
      )}
    </>
  );
}
