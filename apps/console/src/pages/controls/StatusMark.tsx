import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import type { ControlStatus } from '@wardline/model';
import { Unknown } from '../../marks/marks.tsx';
import './controls.css';

export const statusWords: Readonly<Record<ControlStatus, string>> = {
  met: 'Met',
  'not-met': 'Not met',
  unknown: 'Unknown',
  'not-applicable': 'Not applicable',
};

/** A word and a sign; colour only underlines them, and unknown never looks like met. */
export function StatusMark({ value }: { value: ControlStatus }) {
  if (value === 'unknown') return <Unknown />;
  const Icon = { met: IconCheck, 'not-met': IconX, 'not-applicable': IconMinus }[value];
  return (
    <span className={`mark status-${value}`}>
      <Icon size={12} aria-hidden />
      {statusWords[value]}
    </span>
  );
}

const outcomes = { holds: 'met', fails: 'not-met', unknown: 'unknown' } as const;
const outcomeWords = { holds: 'Holds', fails: 'Fails', unknown: 'Unknown' } as const;

/** How one question was answered. */
export function OutcomeMark({ value }: { value: keyof typeof outcomes }) {
  if (value === 'unknown') return <Unknown />;
  const Icon = value === 'holds' ? IconCheck : IconX;
  return (
    <span className={`mark status-${outcomes[value]}`}>
      <Icon size={12} aria-hidden />
      {outcomeWords[value]}
    </span>
  );
}
