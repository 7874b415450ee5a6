import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { queries } from '../api/queries.ts';
import { canHavePasskeys, namedAddress, signIn } from '../api/sign-in.ts';

interface SignInProps {
  spent?: boolean;
  refused?: string | null;
  /** True where somebody's unsent words wait for them. */
  kept?: boolean;
}

/** Where nobody is signed in: by a passkey, or by password and code. */
export function SignIn({ spent = false, refused = null, kept = false }: SignInProps) {
  const ways = useQuery(queries.ways());
  const provider = useMutation({ mutationFn: signIn.byProvider });
  const client = useQueryClient();
  const enter = () => client.invalidateQueries();
  const passkey = useMutation({ mutationFn: signIn.byPasskey, onSuccess: enter });
  return (
    <main className="shell-alone sign-in">
      <img src="/wardline.svg" alt="" width={40} height={40} />
      <h1>{spent ? 'This link does not open the console any more' : 'Sign in to Wardline'}</h1>
      {kept && (
        <p role="status">
          You were signed out. What you typed and did not send is still here: sign in with a passkey, or by
          password and code, and open the form again. Whoever else signs in does not see it.
        </p>
      )}
      {spent && <p>Each link opens the console once. Sign in, or ask an administrator for a new link.</p>}
      {canHavePasskeys() ? (
        <Button
          size="md"
          fullWidth
          leftSection={<IconKey size={18} aria-hidden />}
          loading={passkey.isPending}
          onClick={() => passkey.mutate()}
        >
          Sign in with a passkey
        </Button>
      ) : (
        <p className="small">
          Passkeys belong to a name: open <a href={namedAddress()}>{namedAddress()}</a> to use yours.
        </p>
      )}
      {passkey.error && (
        <p className="sign-in-refused" role="alert">
          {refusedWords(passkey.error)}
        </p>
      )}
      {ways.data?.openId && (
        <Button variant="default" fullWidth loading={provider.isPending} onClick={() => provider.mutate()}>
          Sign in with {ways.data.openId.name}
        </Button>
      )}
      {(provider.error ?? refused) && (
        <p className="sign-in-refused" role="alert">
          {provider.error?.message ?? refused}
        </p>
      )}
      <ByPassword enter={enter} />
      <p className="dim small">
        New here, or every key lost? An administrator makes a one-time link; on this machine{' '}
        <code>wardline access link</code> does.
      </p>
      <p className="small">
        In an emergency: <a href="/sealed">enter by a sealed credential</a>.
      </p>
    </main>
  );
}

/** The browser's own words are for programmers. */
export function refusedWords(error: Error): string {
  if (error.name === 'NotAllowedError') return 'No passkey was used: the request was closed or ran out.';
  if (error.name === 'InvalidStateError') return 'This device has a passkey for you already.';
  return error.message;
}

function ByPassword({ enter }: { enter: () => Promise<void> }) {
  const [open, setOpen] = useState(false);
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const mutation = useMutation({
    mutationFn: () => signIn.byPassword(login, password, code),
    onSuccess: enter,
  });
  if (!open)
    return (
      <Button variant="default" fullWidth onClick={() => setOpen(true)}>
        Use password and code
      </Button>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutation.mutate();
  };
  return (
    <form className="stack sign-in-form" onSubmit={submit}>
      <TextInput
        label="Name"
        autoComplete="username"
        required
        data-autofocus
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <TextInput
        label="Code"
        description="Six digits of your authenticator, or a recovery code"
        autoComplete="one-time-code"
        required
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      {mutation.error && (
        <p className="sign-in-refused" role="alert">
          {mutation.error.message}
        </p>
      )}
      <Button type="submit" loading={mutation.isPending}>
        Sign in
      </Button>
    </form>
  );
}
