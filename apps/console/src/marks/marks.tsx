import {
  IconEyeOff,
  IconHeartbeat,
  IconLock,
  IconLockExclamation,
  IconLockOpen2,
  IconQuestionMark,
  IconSettings,
  IconStethoscope,
} from '@tabler/icons-react';
import type { Criticality, DataSensitivity, Harm, Severity } from '../api/types.ts';
import {
  confidenceWord,
  criticalityWords,
  harmWords,
  protectionStrength,
  protectionWord,
  registerWords,
  sensitivityWords,
  severityWords,
} from '../format/words.ts';
import './marks.css';

/** Life-critical is the one mark in full ink, with a heartbeat and its word: seen first, in both colour schemes. */
export function CriticalityMark({ value }: { value: Criticality }) {
  if (value === 'unknown') return <Unknown />;
  return (
    <span className={`mark criticality-${value}`}>
      {value === 'life-critical' && <IconHeartbeat size={14} aria-hidden />}
      {criticalityWords[value]}
    </span>
  );
}

/** Not known is an answer of its own: hatched and neutral, never green. */
export function Unknown({ word = 'Unknown' }: { word?: string }) {
  return (
    <span className="mark mark-unknown">
      <IconQuestionMark size={12} aria-hidden />
      {word}
    </span>
  );
}

export function SensitivityMark({ value }: { value: DataSensitivity }) {
  if (value === 'unknown') return <Unknown />;
  return <span className={`mark sensitivity-${value}`}>{sensitivityWords[value]}</span>;
}

const severitySteps: Record<Severity, number> = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };

/** Four steps and a word. Red only where patients may be harmed. */
export function SeverityMark({ value, harms = [] }: { value: Severity; harms?: readonly Harm[] }) {
  const step = severitySteps[value];
  const patient = harms.includes('patient') && step >= 3;
  return (
    <span className={`severity${patient ? ' severity-patient' : ''}`}>
      <span className="severity-steps" aria-hidden>
        {[1, 2, 3, 4].map((n) => (
          <i key={n} data-on={n <= step} />
        ))}
      </span>
      {severityWords[value]}
    </span>
  );
}

const harmIcons = { patient: IconStethoscope, privacy: IconEyeOff, operations: IconSettings } as const;

/** The three marks, each in its own place so that a column of them can be read at a glance. */
export function HarmMarks({ harms }: { harms: readonly Harm[] }) {
  return (
    <span className="harms">
      {(['patient', 'privacy', 'operations'] as const).map((harm) => (
        <HarmMark key={harm} harm={harm} on={harms.includes(harm)} />
      ))}
    </span>
  );
}

function HarmMark({ harm, on }: { harm: Harm; on: boolean }) {
  const Icon = harmIcons[harm];
  if (!on) return <span className="harm harm-off" aria-hidden />;
  return (
    <span className={`harm harm-${harm}`} title={`May harm: ${harmWords[harm].toLowerCase()}`}>
      <Icon size={14} aria-hidden />
      <span>{harmWords[harm]}</span>
    </span>
  );
}

const protectionIcons = {
  protected: IconLock,
  outdated: IconLockExclamation,
  clear: IconLockOpen2,
  unknown: IconQuestionMark,
} as const;

export function ProtectionMark({ value }: { value: string }) {
  const strength = protectionStrength(value);
  const Icon = protectionIcons[strength];
  return (
    <span className={`protection protection-${strength}`}>
      <Icon size={14} aria-hidden />
      {protectionWord(value)}
    </span>
  );
}

export function ProtectionMarks({ values }: { values: readonly string[] }) {
  return (
    <span className="row">
      {values.map((value) => (
        <ProtectionMark key={value} value={value} />
      ))}
    </span>
  );
}

/** The word first, then the number it stands for. */
export function ConfidenceMark({ value }: { value: number }) {
  const percent = Math.round(value * 100);
  return (
    <span className="confidence">
      <span className="confidence-track" aria-hidden>
        <i style={{ width: `${percent}%` }} />
      </span>
      {confidenceWord(value)} <span className="dim">{percent} %</span>
    </span>
  );
}

export function RegisterMark({ value }: { value: string | null }) {
  if (value === null) return <Unknown word="No register" />;
  return <span className={`mark register-${value}`}>{registerWords[value] ?? value}</span>;
}
