import { Autocomplete, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { attributeWords } from '@wardline/model';
import { acts } from '../../api/acts.ts';
import { queries } from '../../api/queries.ts';
import type { AssetDetail } from '../../api/types.ts';
import { criticalityWords, sensitivityWords } from '../../format/words.ts';
import { useDraft } from '../../shell/drafts.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import type { ObservedAttribute } from './IdentityCard.tsx';

interface ApproveProps {
  detail: AssetDetail;
  attribute: ObservedAttribute;
  onClose: () => void;
}

/** A person's word on one attribute: kept beside what is observed, never mixed with it. */
export function ApproveDialog({ detail, attribute, onClose }: ApproveProps) {
  const label = attributeWords[attribute];
  const title = `Approve ${label.toLowerCase()} of ${detail.asset.name}`;
  const [value, setValue] = useDraft(title, 'value', detail.observed[attribute].value ?? '');
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={title}
      confirm="Approve"
      done={`${label} approved.`}
      ready={value.trim() !== ''}
      act={(reason) => acts.approve(detail.asset.id, attribute, value.trim(), reason)}
    >
      <ValueInput attribute={attribute} detail={detail} value={value} onChange={setValue} />
      <p className="dim">
        From now on this value is shown as approved, and a later observation that differs is shown as a
        contradiction. It can be withdrawn beside its evidence; both acts stay in the ledger.
      </p>
    </ReasonDialog>
  );
}

function ValueInput(
  props: Omit<ApproveProps, 'onClose'> & { value: string; onChange: (value: string) => void },
) {
  const { attribute, detail, value, onChange } = props;
  const { data: taxonomy } = useQuery(queries.taxonomy());
  const label = attributeWords[attribute];
  const choices = choicesOf(attribute, taxonomy?.classes ?? []);
  if (choices) {
    return (
      <Select
        label={label}
        searchable
        required
        data={choices}
        value={value || null}
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  const { conflicts, value: observed } = detail.observed[attribute];
  const offered = [
    ...new Set([observed, ...conflicts.map((conflict) => conflict.value)].filter((text) => text !== null)),
  ];
  return <Autocomplete label={label} required data={offered} value={value} onChange={onChange} />;
}

function choicesOf(attribute: ObservedAttribute, classes: { id: string; label: string }[]) {
  const of = (words: Record<string, string>) =>
    Object.entries(words).map(([value, label]) => ({ value, label }));
  if (attribute === 'class') return classes.map((entry) => ({ value: entry.id, label: entry.label }));
  if (attribute === 'criticality') return of(criticalityWords);
  if (attribute === 'dataSensitivity') return of(sensitivityWords);
  return null;
}
