import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type MaintenanceWindow, patchActs } from '../../api/patching.ts';
import { queries } from '../../api/queries.ts';
import { dayWords } from '../../format/days.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { AddWindowDialog } from './AddWindowDialog.tsx';

/** When devices may be taken out of use, each week, as persons say. */
export function Windows() {
  const may = useMay();
  const { data, error, refetch } = useQuery(queries.maintenanceWindows());
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<MaintenanceWindow | null>(null);
  return (
    <section className="card stack-tight" aria-labelledby="windows">
      <div className="spread">
        <h2 id="windows">Maintenance windows</h2>
        {may('patch.window-add') && <Button onClick={() => setAdding(true)}>Add a window…</Button>}
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The windows" />}
      {!data && !error && <Loading label="the windows" rows={3} />}
      {data?.items.length === 0 && (
        <p className="dim">Nobody has said yet when a device may be taken out of use: no time is proposed.</p>
      )}
      {data && data.items.length > 0 && (
        <WindowTable items={data.items} onRemove={may('patch.window-remove') ? setRemoving : undefined} />
      )}
      {adding && <AddWindowDialog onClose={() => setAdding(false)} />}
      {removing && (
        <ReasonDialog
          opened
          onClose={() => setRemoving(null)}
          title={`The window of ${removing.onName} on ${dayWords[removing.day]}`}
          confirm="It holds no more"
          done="It holds no more."
          act={(reason) => patchActs.removeWindow(removing.id, reason)}
        >
          <p className="dim">Nothing is proposed in it any more. Add it again to have it back.</p>
        </ReasonDialog>
      )}
    </section>
  );
}

interface TableProps {
  items: readonly MaintenanceWindow[];
  onRemove: ((window: MaintenanceWindow) => void) | undefined;
}

function WindowTable({ items, onRemove }: TableProps) {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Of</th>
            <th scope="col">Each</th>
            <th scope="col">From</th>
            <th scope="col">For</th>
            <th scope="col">Note</th>
            {onRemove && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody>
          {items.map((window) => (
            <tr key={window.id}>
              <td>{window.onName}</td>
              <td>{dayWords[window.day]}</td>
              <td>
                {window.fromHour}:00 <span className="dim">{window.timeZone}</span>
              </td>
              <td>{window.hours} h</td>
              <td>{window.note}</td>
              {onRemove && (
                <td>
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => onRemove(window)}
                    aria-label={`Holds no more: ${window.onName}, ${dayWords[window.day]}`}
                  >
                    Holds no more…
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
