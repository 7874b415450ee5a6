import { IconArrowsSplit2, IconEqual } from '@tabler/icons-react';
import type { EnforcementPoint } from '@wardline/model';
import { Unknown } from '../../marks/marks.tsx';
import { driftWords } from './words.ts';

/** Agreement is only said of a point that answered and was proved; a silent one is not known. */
export function DriftMark({ point: { drift, reported, version } }: { point: EnforcementPoint }) {
  if (reported === null) return <Unknown word="Not known" />;
  if (drift.length === 0)
    return version === null ? (
      <Unknown word="Nothing to hold it against" />
    ) : (
      <span className="mark">
        <IconEqual size={12} aria-hidden />
        Agree
      </span>
    );
  return (
    <span className="row">
      {drift.map(({ kind }) =>
        kind === 'silent' ? (
          <Unknown key={kind} word={driftWords[kind]} />
        ) : (
          <span key={kind} className="mark drift-mark">
            <IconArrowsSplit2 size={12} aria-hidden />
            {driftWords[kind]}
          </span>
        ),
      )}
    </span>
  );
}
