import { Button } from '@mantine/core';
import { useState } from 'react';
import type { SafeWindow } from '../../api/usage.ts';
import { counted } from '../../format/number.ts';
import { useMay } from '../../shell/permissions.ts';
import { AdoptDialog, type Holder } from './AdoptDialog.tsx';
import { restsOn, spanWord } from './words.ts';

/** The surest; the others fold away. */
const SHOWN = 3;

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
  const adopt = may('usage.adopt') ? setAdopting : null;
  return (
    <>
      <Windows label={`Proposed windows of ${of.name}`} windows={windows.slice(0, SHOWN)} adopt={adopt} />
      {windows.length > SHOWN && (
        <details>
          <summary>{counted(windows.length - SHOWN, 'more window')}</summary>
          <Windows
            label={`More proposed windows of ${of.name}`}
            windows={windows.slice(SHOWN)}
            adopt={adopt}
          />
        </details>
      )}
      {adopting && (
        <AdoptDialog of={of} window={adopting} timeZone={timeZone} onClose={() => setAdopting(null)} />
      )}
    </>
  );
}

interface WindowsProps {
  label: string;
  windows: readonly SafeWindow[];
  adopt: ((window: SafeWindow) => void) | null;
}

function Windows({ label, windows, adopt }: WindowsProps) {
  return (
    <ul className="plain-list stack-tight" aria-label={label}>
      {windows.map((window) => (
        <li key={`${window.day} ${window.fromHour}`} className="proposal">
          <span>
            <strong>{spanWord(window)}</strong> <span className="dim">{restsOn(window)}</span>
          </span>
          {adopt && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Adopt ${spanWord(window)}`}
              onClick={() => adopt(window)}
            >
              Adopt…
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
