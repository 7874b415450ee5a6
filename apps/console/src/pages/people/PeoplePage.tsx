import { Button, CopyButton, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { roles } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type Invitation, type Person, people } from '../../api/sign-in.ts';
import { plain } from '../../format/words.ts';
import { When } from '../../marks/When.tsx';
import { useDraft } from '../../shell/drafts.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { everywhere, isScope, ScopeFields, scopeOf } from '../access/ScopeFields.tsx';
import { GrantsCard } from './GrantsCard.tsx';
import { GroupsCard } from './GroupsCard.tsx';
import '../../shell/sign-in.css';
import '../access/access.css';

type Act = { kind: 'add' } | { kind: 'invite' | 'shut' | 'let-in' | 'role'; person: Person };

/** Who uses Wardline, and what they may do. */
export function PeoplePage() {
  const list = useQuery(queries.people());
  const [act, setAct] = useState<Act | null>(null);
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} what="The people" />;
  if (!list.data) return <Loading label="people" />;
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>People</h1>
        <Button onClick={() => setAct({ kind: 'add' })}>Add a person</Button>
      </div>
      <p className="dim">
        Each person has a name of their own in the ledger. A new person gets a one-time link, makes a key with
        it, and may do nothing until they are given a role.
      </p>
      <section className="card">
        <table className="people-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Roles</th>
              <th scope="col">Signs in by</th>
              <th scope="col">Last seen</th>
              <th scope="col">
                <span className="unseen">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.data.items.map((person) => (
              <PersonRow key={person.id} person={person} onAct={setAct} />
            ))}
          </tbody>
        </table>
      </section>
      <GroupsCard />
      <GrantsCard />
      {act && <ActDialog act={act} onClose={() => setAct(null)} onInvited={setInvitation} />}
      <InvitationDialog invitation={invitation} onClose={() => setInvitation(null)} />
    </div>
  );
}

function PersonRow({ person, onAct }: { person: Person; onAct: (act: Act) => void }) {
  const ways = [
    ...(person.passkeys > 0 ? [`${person.passkeys} passkey${person.passkeys === 1 ? '' : 's'}`] : []),
    ...(person.password ? ['password and code'] : []),
  ];
  return (
    <tr>
      <td>
        <strong>{person.name}</strong>
        {!person.active && <span className="mark mark-unknown">shut out</span>}
        <div className="small dim">{person.email ?? person.login ?? ''}</div>
      </td>
      <td>{person.roles.map(plain).join(', ') || <span className="dim">none</span>}</td>
      <td>
        {ways.join(', ') || <span className="dim">nothing yet</span>}
        {person.invitedUntil && (
          <div className="small dim">
            invited until <When at={person.invitedUntil} />
          </div>
        )}
      </td>
      <td>{person.seen ? <When at={person.seen} /> : <span className="dim">never</span>}</td>
      <td>
        <div className="people-acts">
          {person.active ? (
            <>
              <Button size="xs" variant="default" onClick={() => onAct({ kind: 'role', person })}>
                Give a role
              </Button>
              <Button size="xs" variant="default" onClick={() => onAct({ kind: 'invite', person })}>
                New link
              </Button>
              <Button size="xs" variant="default" onClick={() => onAct({ kind: 'shut', person })}>
                Shut out
              </Button>
            </>
          ) : (
            <Button size="xs" variant="default" onClick={() => onAct({ kind: 'let-in', person })}>
              Let in again
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}

interface ActDialogProps {
  act: Act;
  onClose: () => void;
  onInvited: (invitation: Invitation) => void;
}

const ADD = 'Add a person';

function ActDialog({ act, onClose, onInvited }: ActDialogProps) {
  const [name, setName] = useDraft(ADD, 'name', '');
  const [email, setEmail] = useDraft(ADD, 'email', '');
  const giving = act.kind === 'add' ? '' : `Give ${act.person.name} a role`;
  const [role, setRole] = useDraft<string>(giving, 'role', 'biomedical-engineer');
  const [scope, setScope] = useDraft(giving, 'scope', everywhere);
  const common = { opened: true, onClose };
  if (act.kind === 'add')
    return (
      <ReasonDialog
        {...common}
        title={ADD}
        confirm="Add and make a link"
        done={`${name} was added.`}
        ready={name.trim() !== ''}
        act={async (reason) => onInvited(await people.add(name.trim(), email.trim() || null, reason))}
      >
        <TextInput
          label="Name"
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="E-mail"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
      </ReasonDialog>
    );
  const { person } = act;
  if (act.kind === 'invite')
    return (
      <ReasonDialog
        {...common}
        title={`A new link for ${person.name}`}
        confirm="Make a link"
        done="The link is made; earlier ones are void."
        act={async (reason) => onInvited(await people.invite(person.id, reason))}
      >
        <p>
          Whoever follows it first is {person.name}. Hand it over yourself, or by a way that only they read.
        </p>
      </ReasonDialog>
    );
  if (act.kind === 'role')
    return (
      <ReasonDialog
        {...common}
        title={giving}
        confirm="Give the role"
        done={`${person.name} is ${plain(role)} from now on.`}
        ready={isScope(scope)}
        act={(reason) => people.assign(person.actor, role, scopeOf(scope), reason)}
      >
        <NativeSelect
          label="Role"
          value={role}
          onChange={(event) => setRole(event.currentTarget.value)}
          data={roles
            .filter((one) => one !== 'sensor' && one !== 'device' && one !== 'provisioning')
            .map((one) => ({ value: one, label: plain(one) }))}
        />
        <ScopeFields value={scope} onChange={setScope} />
        <p className="small dim">
          It holds until it is taken back. For a role that is needed now and then, let {person.name} ask for
          it for a time.
        </p>
      </ReasonDialog>
    );
  const isShut = act.kind === 'shut';
  return (
    <ReasonDialog
      {...common}
      title={isShut ? `Shut ${person.name} out` : `Let ${person.name} in again`}
      confirm={isShut ? 'Shut out now' : 'Let in'}
      done={isShut ? `${person.name} is shut out.` : `${person.name} is let in again.`}
      act={(reason) => people.setActive(person.id, !isShut, reason)}
    >
      <p>
        {isShut
          ? 'Every session, link and token of theirs ends at once. What they did stays in the ledger. They can be let in again.'
          : 'They sign in with the keys that they had, and hold the roles that they held.'}
      </p>
    </ReasonDialog>
  );
}

function InvitationDialog({ invitation, onClose }: { invitation: Invitation | null; onClose: () => void }) {
  return (
    <Modal
      opened={invitation !== null}
      onClose={onClose}
      title="The one-time link"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {invitation && (
        <div className="stack">
          <p>
            It opens the console once, until <When at={invitation.expires} />. It is shown only now.
          </p>
          <pre className="mono ledger-bytes">{invitation.link}</pre>
          <CopyButton value={invitation.link}>
            {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy the link'}</Button>}
          </CopyButton>
        </div>
      )}
    </Modal>
  );
}
