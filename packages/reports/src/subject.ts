import type { Controls, PlacedControl } from '@wardline/knowledge';
import type { ComplianceExport, ControlStatus, JudgedControl } from '@wardline/model';

/** What a report of controls is made of: a record of a server, judged again here. */
export interface Subject {
  recorded: ComplianceExport;
  controls: Controls;
  judged: ReadonlyMap<string, JudgedControl>;
  /** What does not come out as the record says; null where no key of the ledger was given. */
  faults: readonly string[] | null;
}

export type Counts = Record<ControlStatus, number>;

export interface Placed {
  control: PlacedControl;
  judged: JudgedControl;
}

/** Controls of a catalogue in its order; `leaves` without the standards that are as others are. */
export function controlsOf({ controls, judged }: Subject, catalogue: string, leaves: boolean): Placed[] {
  return [...controls.controls.values()].flatMap((control) => {
    const one = judged.get(control.ref);
    if (control.catalogue !== catalogue || one === undefined) return [];
    return leaves && control.children.length > 0 ? [] : [{ control, judged: one }];
  });
}

export function countsOf(placed: readonly Placed[]): Counts {
  const counts: Counts = { met: 0, 'not-met': 0, unknown: 0, 'not-applicable': 0 };
  for (const { judged } of placed) counts[judged.status] += 1;
  return counts;
}

export const statusWords: Readonly<Record<ControlStatus, string>> = {
  met: 'Met',
  'not-met': 'Not met',
  unknown: 'Unknown',
  'not-applicable': 'Not applicable',
};
