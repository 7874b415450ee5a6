import type { Controls } from '@wardline/knowledge';
import type { ComplianceExport, ControlStatus, JudgedControl } from '@wardline/model';
import { digestOfState, digestsOfKnowledge } from './digest.ts';
import { judge } from './judge.ts';

export interface Difference {
  control: string;
  recorded: ControlStatus | null;
  recomputed: ControlStatus | null;
}

export interface Replay {
  judged: ReadonlyMap<string, JudgedControl>;
  /** Controls that come out otherwise than the export says. */
  differences: Difference[];
  /** True where the evidence is the one that the digest was made of. */
  isSameEvidence: boolean;
  /** Catalogues and questions that are others here than those it was judged by. */
  otherKnowledge: string[];
}

/** Judges the evidence of an export again, by the catalogues and questions at hand. */
export function replay(recorded: ComplianceExport, controls: Controls): Replay {
  const judged = judge(controls, recorded.state);
  const refs = new Set([...Object.keys(recorded.statuses), ...judged.keys()]);
  const differences = [...refs].flatMap((control) => {
    const was = recorded.statuses[control] ?? null;
    const is = judged.get(control)?.status ?? null;
    return was === is ? [] : [{ control, recorded: was, recomputed: is }];
  });
  const here = digestsOfKnowledge(controls);
  const names = new Set([...Object.keys(here), ...Object.keys(recorded.knowledge)]);
  return {
    judged,
    differences,
    isSameEvidence: digestOfState(recorded.state) === recorded.digest,
    otherKnowledge: [...names].filter((name) => here[name] !== recorded.knowledge[name]).sort(),
  };
}
