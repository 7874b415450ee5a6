import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Elevation, elevations } from '../../api/authority.ts';
import { queries } from '../../api/queries.ts';
import { plain, scopeWords } from '../../format/words.ts';
import { When } from '../../marks/When.tsx';
import { useAddress } from '../../shell/address.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { AskDialog } from './AskDialog.tsx';
import '../../marks/marks.css';
import '../../shell/sign-in.css';
import './access.css';

const views = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'mine', label: 'Mine' },
  { value: 'running', label: 'Running' },
  { value: 'past', label: 'Past' },
];

/** Roles for a time: asked for, decided by somebody else, over by themselves. */
export function AccessPage() {
  const { values, change } = useAddress();
  const view = values.view ?? 'waiting';
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>Access requests</h1>
        <Button onClick={() => change({ ask: 'biomedical-engineer' })}>Ask for a role…</Button>
      </div>
      <p className="dim">
        A role that is needed now and then is asked for, approved by somebody else and ends by itself. Every
        step is in the ledger.
      </p>
      <SegmentedControl
        data={views}
        value={view}
        onChange={(next) => change({ view: next })}
        aria-label="Which requests"
        className="access-views"
      />
      <Requests view={view} />
      {values.ask !== undefined && (
        <AskDialog key={values.ask} role={values.ask} onClose={() => change({ ask: undefined })} />
      )}
    </div>
  );
}

const nothing: Record<string, string> = {
  waiting: 'No request waits for a decision',
  mine: 'You have asked for no role yet',
  running: 'Nobody holds a role for a time now',
  past: 'No request is over yet',
};

type Act = { kind: 'approve' | 'refuse' | 'end'; of: Elevation };

function Requests({ view }: { view: string }) {
  const list = useInfiniteQuery(queries.elevations({ view }));
  const [act, setAct] = useState<Act | null>(null);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} what="The requests" />;
  if (!list.data) return <Loading label="requests" />;
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Empty title={nothing[view] ?? 'Nothing here'} />;
  return (
    <section className="card">
      <table className="people-table">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Role</th>
            <th scope="col">Why</th>
            <th scope="col">State</th>
            <th scope="col">
              <span className="unseen">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Request key={item.id} item={item} onAct={setAct} />
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
      {act && <ActDialog act={act} onClose={() => setAct(null)} />}
    </section>
  );
}

function Request({ item, onAct }: { item: Elevation; onAct: (act: Act) => void }) {
  return (
    <tr>
      <td>
        <strong>{item.name}</strong>
        <div className="small dim">
          asked <When at={item.asked} />
        </div>
      </td>
      <td>
        {plain(item.role)} for {item.minutes} min
        <div className="small dim">{scopeWords(item)}</div>
      </td>
      <td>{item.reason ?? <span className="dim">erased</span>}</td>
      <td>
        <State item={item} />
      </td>
      <td>
        <div className="people-acts">
          {item.mayDecide && (
            <>
              <Button size="xs" onClick={() => onAct({ kind: 'approve', of: item })}>
                Approve…
              </Button>
              <Button size="xs" variant="default" onClick={() => onAct({ kind: 'refuse', of: item })}>
                Refuse…
              </Button>
            </>
          )}
          {item.mine && (item.state === 'waiting' || item.state === 'running') && (
            <Button size="xs" variant="default" onClick={() => onAct({ kind: 'end', of: item })}>
              {item.state === 'waiting' ? 'Take back…' : 'Give back…'}
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}

function State({ item }: { item: Elevation }) {
  const decided = item.decidedBy && (
    <div className="small dim">
      by {item.decidedByName}
      {item.decisionReason && `: ${item.decisionReason}`}
    </div>
  );
  if (item.state === 'waiting')
    return (
      <>
        waits until <When at={item.lapses} />
      </>
    );
  if (item.state === 'running')
    return (
      <>
        holds until <When at={item.until!} />
        {decided}
      </>
    );
  if (item.state === 'ended')
    return (
      <>
        ended <When at={item.ended!} />
        {decided}
      </>
    );
  return (
    <>
      {item.state === 'lapsed' ? 'lapsed undecided' : item.state}
      {item.state === 'refused' && decided}
    </>
  );
}

function ActDialog({ act: { kind, of }, onClose }: { act: Act; onClose: () => void }) {
  const what = `${plain(of.role)} ${scopeWords(of)} for ${of.minutes} minutes`;
  if (kind === 'end')
    return (
      <ReasonDialog
        opened
        onClose={onClose}
        title={of.state === 'waiting' ? 'Take the request back' : 'Give the role back'}
        confirm={of.state === 'waiting' ? 'Take it back' : 'Give it back'}
        done={of.state === 'waiting' ? 'The request is taken back.' : 'The role is given back.'}
        act={(reason) => elevations.end(of.id, reason)}
      >
        <p>You can ask for it again at any time.</p>
      </ReasonDialog>
    );
  const isApproval = kind === 'approve';
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={isApproval ? `Make ${of.name} ${plain(of.role)} for a time` : `Refuse what ${of.name} asked for`}
      confirm={isApproval ? 'Approve' : 'Refuse'}
      done={isApproval ? `${of.name} is ${what}.` : 'The request is refused.'}
      act={(reason) => (isApproval ? elevations.approve(of.id, reason) : elevations.refuse(of.id, reason))}
    >
      <p>
        {of.name} asks to be {what}: {of.reason ?? 'the reason was erased'}
      </p>
      {isApproval && <p className="small dim">It holds from now on and ends by itself.</p>}
    </ReasonDialog>
  );
}
