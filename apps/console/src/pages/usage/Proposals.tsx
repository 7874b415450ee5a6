import { Button } from '@mantine/core';
import { useState } from 'react';
import type { SafeWindow } from '../../api/usage.ts';
import { useMay } from '../../shell/permissions.ts';
import { AdoptDialog, type Holder } from './AdoptDialog.tsx';
import { restsOn, spanWord } from './words.ts';

interface ProposalsProps {
  of: Holder;
  windows: readonly SafeWindow[];
  timeZone: string;
}

/** When a device or a class might be taken out of use; a person makes a proposal a maintenance window. */
export function Proposals({ of, windows, timeZone }: ProposalsProps) {
  const may = useMay();
  const [adopting, setAdopting] = useState<SafeWindow | null>(null);
  if (windows.length === 0)
    return (
      <p className="dim">
        No window is proposed: too little was watched, or there is no span of two hours in which it seldom is
        in use.
      </p>
    );
  return (
    <>
      <ul className="plain-list stack-tight" aria-label={`Proposed windows of ${of.name}`}>
        {windows.map((window) => (
          <li key={`${window.day} ${window.fromHour}`} className="spread">
            <span>
              <strong>{spanWord(window)}</strong> <span className="dim">{restsOn(window)}</span>
            </span>
            {may('usage.adopt') && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Adopt ${spanWord(window)}`}
                onClick={() => setAdopting(window)}
              >
                Adopt…
              </Button>
            )}
          </li>
        ))}
      </ul>
      {adopting && (
        <AdoptDialog of={of} window={adopting} timeZone={timeZone} onClose={() => setAdopting(null)} />
      )}
    </>
  );
}
