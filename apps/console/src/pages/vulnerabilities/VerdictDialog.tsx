import { Select } from '@mantine/core';
import { acts } from '../../api/acts.ts';
import type { MatchRow } from '../../api/types.ts';
import { plain } from '../../format/words.ts';
import { useDraft } from '../../shell/drafts.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const verdicts = [
  { value: 'not-affected', label: 'Not affected' },
  { value: 'affected', label: 'Affected' },
  { value: 'unknown', label: 'Unknown' },
];
const justifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
  'fixed_here',
  'confirmed',
];
const grounds = [
  { value: 'version', label: 'Until its software changes' },
  { value: 'model', label: 'Over versions of its software' },
];

/** A person's verdict over what the advisories conclude. */
export function VerdictDialog({ match, onClose }: { match: MatchRow; onClose: () => void }) {
  const title = `Verdict on ${match.vulnerability} for ${match.assetName}`;
  const [verdict, setVerdict] = useDraft(title, 'verdict', 'not-affected');
  const [justification, setJustification] = useDraft<string | null>(title, 'justification', null);
  const [ground, setGround] = useDraft(title, 'ground', 'version');
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={title}
      confirm="Give verdict"
      done="Verdict given."
      ready={justification !== null}
      act={(reason) =>
        acts.decideMatch({
          asset: match.asset,
          vulnerability: match.vulnerability,
          verdict,
          justification: justification ?? '',
          ground,
          reason,
        })
      }
    >
      <p>{match.reason}</p>
      <Select
        label="Verdict"
        required
        data={verdicts}
        value={verdict}
        onChange={(next) => setVerdict(next ?? verdict)}
      />
      <Select
        label="Justification"
        required
        data={justifications.map((value) => ({ value, label: plain(value.replaceAll('_', ' ')) }))}
        value={justification}
        onChange={setJustification}
      />
      <Select
        label="It holds"
        required
        data={grounds}
        value={ground}
        onChange={(next) => setGround(next ?? ground)}
      />
      <p className="dim">
        It falls away by itself where maker or model turn out to be others, or where the advisories conclude
        something else than now. A later verdict replaces it.
      </p>
    </ReasonDialog>
  );
}
