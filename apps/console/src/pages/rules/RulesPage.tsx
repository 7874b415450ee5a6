import { Badge, Button, Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { ruleActs, type WatchRule } from '../../api/watch.ts';
import { count, counted } from '../../format/number.ts';
import { SeverityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { LogLines } from './LogLines.tsx';
import { RuleWriter } from './RuleWriter.tsx';

/** Rules for conversations that the hospital wrote itself: what each says, whether it is on, and what it has told. */
export function RulesPage() {
  const list = useQuery(queries.rules());
  const may = useMay();
  const [writing, setWriting] = useState<WatchRule | 'new' | null>(null);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} what="The rules" />;
  if (!list.data) return <Loading label="rules" rows={3} />;
  const { items } = list.data;
  return (
    <div className="stack">
      <h1>Rules of your own</h1>
      <section className="card stack" aria-label="Rules">
        <p className="dim">
          A rule says which conversations, or lines of logs, you do not want to see: in a few lines of its
          own, or as a rule of Sigma for logs and facts of protocols. It is tried on what was recorded, then
          switched on by a person, and from then on judged like any other detection.
        </p>
        {items.length === 0 ? <p>No rule yet.</p> : <RuleTable rules={items} onChange={setWriting} />}
        {may('rule.try') && writing === null && (
          <div>
            <Button variant="default" onClick={() => setWriting('new')}>
              Write a rule…
            </Button>
          </div>
        )}
      </section>
      {writing !== null && (
        <RuleWriter
          key={writing === 'new' ? 'new' : writing.id}
          rule={writing === 'new' ? null : writing}
          onClose={() => setWriting(null)}
        />
      )}
      <LogLines />
    </div>
  );
}

function RuleTable({ rules, onChange }: { rules: WatchRule[]; onChange: (rule: WatchRule) => void }) {
  return (
    <table className="people-table">
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Severity</th>
          <th scope="col">State</th>
          <th scope="col">Alerts told</th>
          <th scope="col">Changed</th>
          <th scope="col">
            <span className="unseen">Acts</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.id}>
            <td>
              <strong>{rule.title}</strong>
              <div className="small dim">
                {rule.name}
                {rule.site !== null && `, site ${rule.site} only`}
              </div>
            </td>
            <td>
              <SeverityMark value={rule.severity} />
            </td>
            <td>
              <State rule={rule} />
            </td>
            <td>
              {rule.told === 0 ? (
                '0'
              ) : (
                <AppLink href="/alerts?detection=own-rule">{count(rule.told)}</AppLink>
              )}
            </td>
            <td>
              <When at={rule.changed} />
            </td>
            <td>
              <Acts rule={rule} onChange={() => onChange(rule)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function State({ rule: { enabled, trial } }: { rule: WatchRule }) {
  return (
    <>
      <Badge color={enabled ? 'green' : 'gray'}>{enabled ? 'On' : 'Off'}</Badge>
      {trial !== null && (
        <div className="small dim">
          when it was switched on, {counted(trial.days, 'day', 'days')} would have brought{' '}
          {counted(trial.alerts, 'alert', 'alerts')}
        </div>
      )}
    </>
  );
}

function Acts({ rule, onChange }: { rule: WatchRule; onChange: () => void }) {
  const may = useMay();
  const [asking, setAsking] = useState<'enable' | 'disable' | 'remove' | null>(null);
  const verb = rule.enabled ? 'disable' : 'enable';
  return (
    <>
      {may(`rule.${verb}`) && (
        <Act name={rule.name} onClick={() => setAsking(verb)}>
          {rule.enabled ? 'Switch off…' : 'Switch on…'}
        </Act>
      )}
      {may('rule.save') && (
        <Act name={rule.name} onClick={onChange}>
          Change…
        </Act>
      )}
      {may('rule.remove') && (
        <Act name={rule.name} onClick={() => setAsking('remove')}>
          Remove…
        </Act>
      )}
      {asking === 'enable' && <Enable rule={rule} onClose={() => setAsking(null)} />}
      <ReasonDialog
        opened={asking === 'disable' || asking === 'remove'}
        onClose={() => setAsking(null)}
        title={asking === 'remove' ? `Remove ${rule.name}` : `Switch ${rule.name} off`}
        confirm={asking === 'remove' ? 'Remove it' : 'Switch it off'}
        done={asking === 'remove' ? 'It is gone.' : 'It is off.'}
        act={(reason) =>
          asking === 'remove' ? ruleActs.remove(rule.id, reason) : ruleActs.disable(rule.id, reason)
        }
      >
        <p>It tells nothing more. What it has told stays.</p>
      </ReasonDialog>
    </>
  );
}

function Act({ name, onClick, children }: { name: string; onClick: () => void; children: string }) {
  return (
    <Button variant="subtle" size="compact-sm" aria-label={`${children} ${name}`} onClick={onClick}>
      {children}
    </Button>
  );
}

function Enable({ rule, onClose }: { rule: WatchRule; onClose: () => void }) {
  const [anyway, setAnyway] = useState(false);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`Switch ${rule.name} on`}
      confirm="Try it, and switch it on"
      done="It is on."
      act={(reason) => ruleActs.enable(rule.id, anyway, reason)}
    >
      <p>
        It is held against the last seven days first; what it would have told goes into the ledger with your
        reason. More than twenty alerts a day nobody looks at: then it stays off.
      </p>
      <Checkbox
        label="Switch it on even so"
        checked={anyway}
        onChange={(event) => setAnyway(event.currentTarget.checked)}
      />
    </ReasonDialog>
  );
}
