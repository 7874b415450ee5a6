import { Button, NumberInput, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Examined, policyModes } from '@wardline/model';
import { useState } from 'react';
import { segmentationActs, segmentationQueries } from '../../api/segmentation.ts';
import { counted } from '../../format/number.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { EffectTable } from './EffectTable.tsx';
import { modeWords } from './words.ts';

type Mode = (typeof policyModes)[number];
interface Row {
  conduit: string;
  title: string;
  mode: Mode;
}

/** How far each conduit of the version in force is taken; whoever writes policies proposes one a stage further, or back. */
export function StagesView({ text }: { text: string }) {
  const may = useMay();
  const { data } = useQuery(segmentationQueries.examined(text));
  const [chosen, setChosen] = useState<Row | null>(null);
  if (data === undefined || data.undeclared === null) return null;
  const rows = rowsOf(data, data.undeclared);
  return (
    <section className="stack-tight" aria-labelledby="policy-stages">
      <h3 id="policy-stages">Stages</h3>
      <p className="dim">From observing over alerting to enforcing, one conduit at a time.</p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Conduit</th>
            <th scope="col">Stage</th>
            <th scope="col">
              <span className="unseen">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.conduit}>
              <td>{row.title}</td>
              <td>
                <span className={`mark policy-mode-${row.mode}`}>{modeWords[row.mode]}</span>
              </td>
              <td>
                {may('segmentation.stage') && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Change the stage of ${row.title}`}
                    onClick={() => setChosen(row)}
                  >
                    Change…
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen && <Stage row={chosen} onClose={() => setChosen(null)} />}
    </section>
  );
}

const rowsOf = ({ conduits }: Examined, undeclared: Mode): Row[] => [
  ...conduits.map(({ name, title, mode }) => ({ conduit: name, title: title ?? name, mode })),
  { conduit: 'undeclared', title: 'What no conduit speaks of', mode: undeclared },
];

/** Shows first what would end beside the version in force; with life-critical devices among it, the number is written down. */
function Stage({ row, onClose }: { row: Row; onClose: () => void }) {
  const [mode, setMode] = useState<Mode>(nextOf(row.mode));
  const [accepted, setAccepted] = useState<number | string>('');
  const { data } = useQuery(segmentationQueries.staged(row.conduit, mode));
  const difference = data?.difference;
  const life = difference?.newlyCutLifeCritical ?? 0;
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Change the stage of ${row.title}`}
      confirm="Propose it"
      done="It waits for somebody else to approve it."
      ready={difference !== undefined && difference !== null && (life === 0 || accepted === life)}
      act={(reason) => segmentationActs.stage(row.conduit, mode, life, reason)}
    >
      <Select
        label="Stage"
        data={policyModes
          .filter((one) => one !== row.mode)
          .map((one) => ({ value: one, label: modeWords[one] }))}
        value={mode}
        allowDeselect={false}
        onChange={(value) => setMode(policyModes.find((one) => one === value) ?? mode)}
      />
      {difference ? (
        <>
          <p>
            Of what was recorded, {counted(difference.newlyCut, 'conversation')} would end that pass now, and{' '}
            {counted(difference.newlyPassing, 'conversation')} would pass that end now.
          </p>
          {difference.cut.length > 0 && <EffectTable rows={difference.cut.slice(0, 10)} />}
        </>
      ) : (
        <p>Working out what it would do to what was recorded…</p>
      )}
      {life > 0 && (
        <NumberInput
          label={`It ends ${counted(life, 'conversation')} of life-critical devices. Write the number to show that care allows it`}
          min={0}
          value={accepted}
          onChange={setAccepted}
        />
      )}
      <p className="small dim">
        Nothing changes before somebody else approves it, and points take it by an order. To undo it, refuse
        it or go back a version.
      </p>
    </ReasonDialog>
  );
}

const nextOf = (mode: Mode): Mode => (mode === 'observe' ? 'alert' : mode === 'alert' ? 'enforce' : 'alert');
