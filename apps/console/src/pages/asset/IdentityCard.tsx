import { Button } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import { attributeWords } from '@wardline/model';
import { useState } from 'react';
import type { AssetDetail, Attribute, Conclusion } from '../../api/types.ts';
import { criticalityWords, sensitivityWords } from '../../format/words.ts';
import { ConfidenceMark, CriticalityMark, Unknown } from '../../marks/marks.tsx';
import { useAddress } from '../../shell/address.ts';
import { useTaxonomyWord } from '../overview/Breakdowns.tsx';
import { ApproveDialog } from './ApproveDialog.tsx';

export type ObservedAttribute = keyof AssetDetail['observed'];

const shown: ObservedAttribute[] = [
  'class',
  'vendor',
  'family',
  'model',
  'serial',
  'software',
  'os',
  'criticality',
  'dataSensitivity',
  'location',
];

/** What is believed of each attribute, how sure, and what a person has said; each opens its evidence. */
export function IdentityCard({ detail }: { detail: AssetDetail }) {
  const [approving, setApproving] = useState<Attribute | null>(null);
  return (
    <section className="card" aria-labelledby="identity">
      <h2 id="identity">Identity</h2>
      <div className="scroll-x">
        <table className="plain-table identity">
          <thead>
            <tr>
              <th scope="col">Attribute</th>
              <th scope="col">Observed</th>
              <th scope="col">Confidence</th>
              <th scope="col">Approved</th>
              <th scope="col">
                <span className="unseen">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((attribute) => (
              <AttributeRow
                key={attribute}
                attribute={attribute}
                detail={detail}
                onApprove={() => setApproving(attribute)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {approving && (
        <ApproveDialog
          detail={detail}
          attribute={approving as ObservedAttribute}
          onClose={() => setApproving(null)}
        />
      )}
    </section>
  );
}

function AttributeRow(props: { attribute: ObservedAttribute; detail: AssetDetail; onApprove: () => void }) {
  const { attribute, detail } = props;
  const { change } = useAddress();
  const conclusion = detail.observed[attribute];
  const approved = detail.approved.find((entry) => entry.attribute === attribute);
  return (
    <tr>
      <th scope="row">{attributeWords[attribute]}</th>
      <td>
        <Value attribute={attribute} value={conclusion.value} />
        <Conflicts conclusion={conclusion} />
      </td>
      <td>
        <button
          type="button"
          className="link-button"
          onClick={() => change({ panel: `attribute:${attribute}` })}
        >
          {conclusion.value === null ? 'Why unknown' : <ConfidenceMark value={conclusion.confidence} />}
          <span className="unseen">: evidence for {attributeWords[attribute].toLowerCase()}</span>
        </button>
      </td>
      <td>
        {approved ? (
          <span className="approved" title={`${approved.actor}: ${approved.reason}`}>
            <IconUserCheck size={16} aria-hidden />
            <Value attribute={attribute} value={approved.value} />
            {conclusion.value !== null && approved.value !== conclusion.value && (
              <span className="conflict">differs</span>
            )}
          </span>
        ) : (
          <span className="dim">not yet</span>
        )}
      </td>
      <td style={{ textAlign: 'end' }}>
        <Button size="compact-sm" variant="default" onClick={props.onApprove}>
          Approve…<span className="unseen"> {attributeWords[attribute].toLowerCase()}</span>
        </Button>
      </td>
    </tr>
  );
}

export function Value({ attribute, value }: { attribute: ObservedAttribute; value: string | null }) {
  const word = useTaxonomyWord();
  if (value === null || value === 'unknown') return <Unknown />;
  if (attribute === 'class') return word(value);
  if (attribute === 'criticality' && value in criticalityWords)
    return <CriticalityMark value={value as 'high'} />;
  if (attribute === 'dataSensitivity' && value in sensitivityWords) return sensitivityWords[value as 'phi'];
  return <span style={{ overflowWrap: 'anywhere' }}>{value}</span>;
}

function Conflicts({ conclusion }: { conclusion: Conclusion }) {
  const { length } = conclusion.conflicts;
  if (length === 0) return null;
  return (
    <div className="conflict">
      {length === 1 ? '1 other answer has support' : `${length} other answers have support`}
    </div>
  );
}
