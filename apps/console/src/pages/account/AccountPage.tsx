import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { type Account, account, signIn } from '../../api/sign-in.ts';
import { When } from '../../marks/When.tsx';
import { forgetEveryDraft } from '../../shell/drafts.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { useOwnAct } from './own-act.tsx';
import { Passkeys } from './Passkeys.tsx';
import { PasswordCard } from './PasswordCard.tsx';
import '../../shell/sign-in.css';

/** How I sign in, and where I am signed in. */
export function AccountPage() {
  const own = useQuery(queries.account());
  if (own.error) return <Failure error={own.error} retry={() => void own.refetch()} what="Your account" />;
  if (!own.data) return <Loading label="your account" />;
  return (
    <div className="page stack">
      <h1>{own.data.name}</h1>
      <Passkeys keys={own.data.passkeys} />
      <PasswordCard own={own.data} />
      <ProviderCard />
      <Devices sessions={own.data.sessions} />
    </div>
  );
}

/** The hospital's identity provider, where there is one. */
function ProviderCard() {
  const ways = useQuery(queries.ways());
  const connect = useOwnAct<null, void>(account.connectProvider, '');
  if (!ways.data?.openId) return null;
  return (
    <section className="card stack" aria-label="Identity provider">
      <div>
        <h2>{ways.data.openId.name}</h2>
        <p className="dim small">Connect your account there once, and sign in with it from then on.</p>
      </div>
      <div>
        <Button variant="default" loading={connect.isRunning} onClick={() => connect.run(null)}>
          Connect
        </Button>
      </div>
      {connect.trouble && (
        <p className="sign-in-refused" role="alert">
          {connect.trouble}
        </p>
      )}
      {connect.dialog}
    </section>
  );
}

function Devices({ sessions }: { sessions: Account['sessions'] }) {
  const end = useOwnAct(account.endSession, 'That session has ended.');
  const client = useQueryClient();
  const out = useMutation({
    mutationFn: signIn.out,
    onSuccess: () => {
      forgetEveryDraft();
      return client.resetQueries();
    },
  });
  return (
    <section className="card stack" aria-label="Devices">
      <h2>Where you are signed in</h2>
      <div className="account-list">
        {sessions.map((session) => (
          <div className="account-row" key={session.id}>
            <div>
              <strong>{deviceOf(session.agent)}</strong>
              {session.current && <span className="dim"> · this one</span>}
              <div className="small dim">
                from {session.address}, by {session.method}, since <When at={session.since} />, last used{' '}
                <When at={session.seen} />
              </div>
            </div>
            {session.current ? (
              <Button size="xs" variant="default" loading={out.isPending} onClick={() => out.mutate()}>
                Sign out
              </Button>
            ) : (
              <Button size="xs" variant="default" onClick={() => end.run(session.id)}>
                End it
              </Button>
            )}
          </div>
        ))}
      </div>
      {end.trouble && (
        <p className="sign-in-refused" role="alert">
          {end.trouble}
        </p>
      )}
      {end.dialog}
    </section>
  );
}

/** `Firefox on Linux`, as far as a browser says so. */
function deviceOf(agent: string): string {
  const browser = ['Edg', 'Firefox', 'Chrome', 'Safari'].find((name) => agent.includes(`${name}/`));
  const system = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS X', 'Linux'].find((name) =>
    agent.includes(name),
  );
  if (browser === undefined) return agent.slice(0, 40) || 'Unknown program';
  return `${browser === 'Edg' ? 'Edge' : browser}${system === undefined ? '' : ` on ${system}`}`;
}
