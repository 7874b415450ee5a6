import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { encode } from 'uqr';
import { type Account, account } from '../../api/sign-in.ts';
import { When } from '../../marks/When.tsx';
import { useOwnAct } from './own-act.tsx';

/** Password and authenticator: the way in where no passkey is at hand. Only together are they one. */
export function PasswordCard({ own }: { own: Account }) {
  const isWhole = own.passwordChanged !== null && own.authenticator;
  return (
    <section className="card stack" aria-label="Password and code">
      <div>
        <h2>Password and code</h2>
        <p className="dim small">
          {isWhole ? (
            <>
              You can sign in as <strong>{own.login}</strong>. The password is of{' '}
              <When at={own.passwordChanged ?? ''} />; {own.recoveryCodes} recovery codes are left.
            </>
          ) : (
            'The way in where no passkey is at hand. It counts once it has both a password and an authenticator.'
          )}
        </p>
      </div>
      <PasswordForm own={own} />
      <Authenticator own={own} />
    </section>
  );
}

function PasswordForm({ own }: { own: Account }) {
  const [login, setLogin] = useState(own.login ?? '');
  const [password, setPassword] = useState('');
  const set = useOwnAct(
    (given: { login: string; password: string }) => account.setPassword(given.login, given.password),
    'The password is set.',
    () => setPassword(''),
  );
  return (
    <form
      className="own-form"
      onSubmit={(event) => {
        event.preventDefault();
        set.run({ login, password });
      }}
    >
      <TextInput
        label="Name to sign in with"
        autoComplete="username"
        required
        minLength={3}
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <PasswordInput
        label={own.passwordChanged === null ? 'Password' : 'New password'}
        description="At least 12 characters; a sentence is fine"
        autoComplete="new-password"
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={set.isRunning}>
        Set
      </Button>
      {set.trouble && (
        <p className="sign-in-refused" role="alert">
          {set.trouble}
        </p>
      )}
      {set.dialog}
    </form>
  );
}

function Authenticator({ own }: { own: Account }) {
  const [begun, setBegun] = useState<{ secret: string; uri: string } | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  const [code, setCode] = useState('');
  const begin = useOwnAct<null, { secret: string; uri: string }>(account.beginAuthenticator, '', setBegun);
  const confirm = useOwnAct(
    account.confirmAuthenticator,
    'The authenticator counts from now on.',
    ({ recoveryCodes }) => {
      setCodes(recoveryCodes);
      setBegun(null);
      setCode('');
    },
  );
  if (codes.length > 0) return <RecoveryCodes codes={codes} done={() => setCodes([])} />;
  return (
    <div className="stack">
      {begun === null ? (
        <div>
          <Button variant="default" loading={begin.isRunning} onClick={() => begin.run(null)}>
            {own.authenticator ? 'Change the authenticator' : 'Set up an authenticator'}
          </Button>
        </div>
      ) : (
        <form
          className="own-form"
          onSubmit={(event) => {
            event.preventDefault();
            confirm.run(code);
          }}
        >
          <QrCode text={begun.uri} />
          <div className="stack">
            <p className="small">
              Read the picture with your authenticator, or type <span className="mono">{begun.secret}</span>{' '}
              into it. Then enter the code that it shows.
            </p>
            <TextInput
              label="Code"
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Button type="submit" loading={confirm.isRunning}>
              Confirm
            </Button>
          </div>
        </form>
      )}
      {(begin.trouble ?? confirm.trouble) && (
        <p className="sign-in-refused" role="alert">
          {begin.trouble ?? confirm.trouble}
        </p>
      )}
      {begin.dialog}
      {confirm.dialog}
    </div>
  );
}

function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text);
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg
      className="account-qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="Picture for the authenticator"
    >
      <path d={dark.join('')} fill="#000000" />
    </svg>
  );
}

function RecoveryCodes({ codes, done }: { codes: readonly string[]; done: () => void }) {
  return (
    <div className="stack">
      <p>
        <strong>Write these down now; they are not shown again.</strong> Each lets you in once on the day on
        which the authenticator is lost.
      </p>
      <ul className="plain-list mono account-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div>
        <Button onClick={done}>I have written them down</Button>
      </div>
    </div>
  );
}
