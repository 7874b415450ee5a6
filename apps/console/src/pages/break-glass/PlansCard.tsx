import { Button, Modal, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type EmergencyPlan, emergencies, type Preparation } from '../../api/authority.ts';
import { queries } from '../../api/queries.ts';
import { plain, scopeWords } from '../../format/words.ts';
import { When } from '../../marks/When.tsx';
import { useDraft } from '../../shell/drafts.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { roleChoices } from '../access/AskDialog.tsx';
import { everywhere, isScope, ScopeFields, scopeOf } from '../access/ScopeFields.tsx';

type Act = { kind: 'prepare' } | { kind: 'seal' | 'withdraw'; plan: EmergencyPlan };
interface Sheet {
  plan: EmergencyPlan;
  credential: string;
}

/** Who may take what in an emergency, settled while there is none. */
export function PlansCard() {
  const list = useQuery(queries.emergencyPlans());
  const may = useMay();
  const [act, setAct] = useState<Act | null>(null);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  if (list.error)
    return <Failure error={list.error} retry={() => void list.refetch()} what="What is prepared" />;
  if (!list.data) return <Loading label="what is prepared" rows={3} />;
  const { items } = list.data;
  return (
    <section className="card stack">
      <div className="page-head">
        <h2>Prepared for an emergency</h2>
        {may('emergency.prepare') && (
          <Button variant="default" onClick={() => setAct({ kind: 'prepare' })}>
            Prepare for a person…
          </Button>
        )}
      </div>
      {items.length === 0 ? (
        <p className="dim">
          Nobody is prepared: in an emergency nobody can take a role that they do not hold. Name those who are
          on call.
        </p>
      ) : (
        <table className="people-table">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">May become</th>
              <th scope="col">Sealed credential</th>
              <th scope="col">
                <span className="unseen">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((plan) => (
              <Plan key={plan.id} plan={plan} onAct={setAct} mayChange={may('emergency.prepare')} />
            ))}
          </tbody>
        </table>
      )}
      {act && <ActDialog act={act} onClose={() => setAct(null)} onSealed={setSheet} />}
      <SheetDialog sheet={sheet} onClose={() => setSheet(null)} />
    </section>
  );
}

interface PlanProps {
  plan: EmergencyPlan;
  onAct: (act: Act) => void;
  mayChange: boolean;
}

function Plan({ plan, onAct, mayChange }: PlanProps) {
  return (
    <tr>
      <td>
        <strong>{plan.name}</strong>
      </td>
      <td>
        {plain(plan.role)} for {plan.minutes} min
        <div className="small dim">{scopeWords(plan)}</div>
      </td>
      <td>
        {plan.sealed ? (
          <>
            made <When at={plan.sealed} />
          </>
        ) : (
          <span className="dim">none</span>
        )}
      </td>
      <td>
        {mayChange && (
          <div className="people-acts">
            <Button size="xs" variant="default" onClick={() => onAct({ kind: 'seal', plan })}>
              {plan.sealed ? 'Seal anew…' : 'Seal…'}
            </Button>
            <Button size="xs" variant="default" onClick={() => onAct({ kind: 'withdraw', plan })}>
              Take back…
            </Button>
          </div>
        )}
      </td>
    </tr>
  );
}

interface ActDialogProps {
  act: Act;
  onClose: () => void;
  onSealed: (sheet: Sheet) => void;
}

function ActDialog({ act, onClose, onSealed }: ActDialogProps) {
  if (act.kind === 'prepare') return <PrepareDialog onClose={onClose} />;
  const { plan } = act;
  if (act.kind === 'withdraw')
    return (
      <ReasonDialog
        opened
        onClose={onClose}
        title={`Take back what is prepared for ${plan.name}`}
        confirm="Take it back"
        done="It is taken back, with its sealed credential."
        act={(reason) => emergencies.withdraw(plan.id, reason)}
      >
        <p>What runs goes on until it ends or is ended. It can be prepared anew at any time.</p>
      </ReasonDialog>
    );
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Seal a credential for ${plan.name}`}
      confirm="Make it"
      done="The credential is made; an earlier one opens nothing any more."
      act={async (reason) => onSealed({ plan, ...(await emergencies.seal(plan.id, reason)) })}
    >
      <p>
        It opens a session with this role once, without any other sign-in, also while the identity provider is
        down. It is shown once: print it, put it into an envelope, seal that, and lock it away.
      </p>
    </ReasonDialog>
  );
}

const spans = ['15', '30', '60', '120', '240'].map((value) => ({ value, label: `${value} minutes` }));

const PREPARE = 'Prepare emergency access';

function PrepareDialog({ onClose }: { onClose: () => void }) {
  const { data } = useQuery(queries.people());
  const { data: session } = useQuery(queries.session());
  const people = (data?.items ?? []).filter(({ active, actor }) => active && actor !== session?.actor);
  const [person, setPerson] = useDraft(PREPARE, 'person', '');
  const [role, setRole] = useDraft<Preparation['role']>(PREPARE, 'role', 'biomedical-engineer');
  const [minutes, setMinutes] = useDraft(PREPARE, 'minutes', '60');
  const [scope, setScope] = useDraft(PREPARE, 'scope', everywhere);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={PREPARE}
      confirm="Prepare"
      done="It is prepared."
      ready={person !== '' && isScope(scope)}
      act={(reason) =>
        emergencies.prepare({ person, role, minutes: Number(minutes), ...scopeOf(scope) }, reason)
      }
    >
      <NativeSelect
        label="Person"
        data={[
          { value: '', label: 'Choose…' },
          ...people.map(({ actor, name }) => ({ value: actor, label: name })),
        ]}
        value={person}
        onChange={(event) => setPerson(event.currentTarget.value)}
      />
      <NativeSelect
        label="May become"
        data={roleChoices}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value as Preparation['role'])}
      />
      <NativeSelect
        label="For"
        data={spans}
        value={minutes}
        onChange={(event) => setMinutes(event.currentTarget.value)}
      />
      <ScopeFields value={scope} onChange={setScope} />
    </ReasonDialog>
  );
}

function SheetDialog({ sheet, onClose }: { sheet: Sheet | null; onClose: () => void }) {
  return (
    <Modal
      opened={sheet !== null}
      onClose={onClose}
      title="Sealed emergency credential"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {sheet && (
        <div className="stack break-glass-sheet">
          <p>
            For {sheet.plan.name}: {plain(sheet.plan.role)} {scopeWords(sheet.plan)}, for {sheet.plan.minutes}{' '}
            minutes. Opens once, at {location.origin}/sealed. Break the seal in an emergency only.
          </p>
          <p className="mono break-glass-credential">{sheet.credential}</p>
          <p className="dim small">Shown only now. Once it was used, have a new one made and sealed.</p>
          <Button className="unprinted" onClick={() => window.print()}>
            Print
          </Button>
        </div>
      )}
    </Modal>
  );
}
