import { type Harm, harms, hazardKinds } from '@wardline/model';
import { strengthOn } from './controls.ts';
import { gradesOf, type SourceGrades } from './evidence.ts';
import { MANY_DEPENDENTS } from './limits.ts';
import { placeIn, scales, topOf } from './scales.ts';
import { between, exactly, type Span } from './span.ts';
import type { RiskTables } from './tables.ts';
import type { RiskAsset, RiskControl, RiskInput } from './words.ts';

/** Severity, exploitability and level, as places in their scales. */
export interface Rated {
  severity: Span;
  exploitability: Span;
  level: Span;
}

export interface AxisScore extends Rated {
  /** The same, with the controls that are verified. */
  residual: Rated;
}

/** FDA's postmarket question, by the harm to patients that is left; unknown where both answers are possible. */
export type Control = 'controlled' | 'uncontrolled' | 'unknown';

export interface RiskScore {
  /** Three axes; nothing joins them into one. */
  axes: Readonly<Record<Harm, AxisScore>>;
  control: Control;
}

/** What of an asset does not depend on the weakness; worked out once for all of its weaknesses. */
export interface AssetGrades {
  criticality: Span;
  sensitivity: Span;
  patients: Span;
  dependents: Span;
  exposure: Span;
  /** By the place in the scale of effects: what it does to a patient on a device of this class. */
  harm: readonly Span[];
}

export function assetGrades(asset: RiskAsset): AssetGrades {
  const { exposure, hazards } = asset;
  return {
    criticality: known('criticality', asset.criticality),
    sensitivity: known('sensitivity', asset.dataSensitivity),
    patients: asset.manyPatients === null ? between(0, 1) : exactly(asset.manyPatients ? 1 : 0),
    dependents: exactly(asset.dependents >= MANY_DEPENDENTS ? 1 : 0),
    exposure:
      exposure === null
        ? between(1, topOf('exposure'))
        : between(placeIn('exposure', exposure.shown), placeIn('exposure', exposure.notExcluded)),
    harm: [
      exactly(0),
      ...hazardKinds.map((kind) =>
        hazards === null
          ? between(0, topOf('severity'))
          : exactly(placeIn('severity', hazards[kind].severity)),
      ),
    ],
  };
}

/** Unknown widens over the whole scale. */
function known(scale: 'criticality' | 'sensitivity', word: string): Span {
  const place = (scales[scale] as readonly string[]).indexOf(word);
  return place < 0 ? between(0, topOf(scale)) : exactly(place);
}

/** The score of one weakness or finding on one asset. */
export function scoreRisk(input: RiskInput, tables: RiskTables): RiskScore {
  return scoreGrades(assetGrades(input.asset), gradesOf(input.source), input, tables);
}

/** The same from grades that were worked out before. */
export function scoreGrades(
  asset: AssetGrades,
  source: SourceGrades,
  { presence, controls, at }: Pick<RiskInput, 'presence' | 'controls' | 'at'>,
  tables: RiskTables,
): RiskScore {
  const before = exploitabilityOf(asset.exposure, source, presence, tables);
  const left = exploitabilityLeft(asset, source, { presence, controls, at }, tables);
  const axis = (target: Harm, severity: Span): AxisScore => {
    const strength = exactly(strengthOn(controls, target, at));
    const severityLeft = tables['severity-left'].span(severity, strength);
    return {
      ...rated(severity, before, tables),
      residual: rated(severityLeft, left, tables),
    };
  };
  const axes = {
    patient: axis('patient', tables.patient.span(harmOf(asset, source.effect), asset.criticality)),
    privacy: axis('privacy', tables.privacy.span(asset.sensitivity, source.disclosure, asset.patients)),
    operations: axis(
      'operations',
      tables.operations.span(asset.criticality, source.outage, asset.dependents),
    ),
  };
  return { axes, control: controlOf(axes.patient.residual, tables) };
}

const rated = (severity: Span, exploitability: Span, tables: RiskTables): Rated => ({
  severity,
  exploitability,
  level: tables.level.span(severity, exploitability),
});

/** A weakness that may not be there is at the least not exploitable, and at the most as if it were. */
function exploitabilityOf(
  exposure: Span,
  source: SourceGrades,
  presence: RiskInput['presence'],
  tables: RiskTables,
): Span {
  const span = tables.exploitability.span(source.activity, source.effort, exposure);
  return presence === 'unknown' ? { from: 0, to: span.to } : span;
}

function exploitabilityLeft(
  asset: AssetGrades,
  source: SourceGrades,
  {
    presence,
    controls,
    at,
  }: { presence: RiskInput['presence']; controls: readonly RiskControl[]; at: number },
  tables: RiskTables,
): Span {
  const exposure = exposureLeft(asset.exposure, strengthOn(controls, 'exposure', at));
  const reached = exploitabilityOf(exposure, source, presence, tables);
  return tables['exploitability-left'].span(reached, exactly(strengthOn(controls, 'exploitability', at)));
}

/** A strong verified separation cuts off; a partial one leaves what is reached after other steps. */
function exposureLeft(exposure: Span, strength: number): Span {
  const most = strength === 0 ? 0 : strength === 1 ? placeIn('exposure', 'small') : topOf('exposure');
  return { from: Math.min(exposure.from, most), to: Math.min(exposure.to, most) };
}

const harmOf = ({ harm }: AssetGrades, effect: Span): Span => ({
  from: harm[effect.from]!.from,
  to: harm[effect.to]!.to,
});

function controlOf({ severity, exploitability }: Rated, tables: RiskTables): Control {
  const { from, to } = tables.control.span(severity, exploitability);
  return from === to ? (to === 1 ? 'uncontrolled' : 'controlled') : 'unknown';
}

/**
 * The place in the queue: harm to patients first, by the most that is possible; then its least; then the other two axes. One
 * digit for each question, the first one first; it orders, and measures nothing.
 */
export const priorityOf = (score: RiskScore): number =>
  priorityParts.reduce((digits, part) => digits * 10 + part(score), 0);

const priorityParts: readonly ((score: RiskScore) => number)[] = [
  ({ axes }) => axes.patient.residual.level.to,
  ({ axes }) => axes.patient.residual.level.from,
  ({ axes }) => axes.patient.residual.exploitability.to,
  ({ axes }) => Math.max(axes.operations.residual.level.to, axes.privacy.residual.level.to),
  ({ axes }) => Math.max(axes.operations.residual.level.from, axes.privacy.residual.level.from),
];

export const axisNames: readonly Harm[] = harms;
