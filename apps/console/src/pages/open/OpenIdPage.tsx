import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { signIn } from '../../api/sign-in.ts';
import { SignIn } from '../../shell/SignIn.tsx';

/** Where the identity provider sends back: hands its answer over once, and goes on. */
export function OpenIdPage() {
  const router = useRouter();
  const client = useQueryClient();
  const [error, setError] = useState<Error | null>(null);
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    const query = location.search;
    history.replaceState(null, '', location.pathname);
    signIn
      .answerOfProvider(query)
      .then(({ connected }) =>
        client
          .invalidateQueries({ queryKey: ['session'] })
          .then(() => router.history.replace(connected ? '/account' : '/')),
      )
      .catch(setError);
  }, [router, client]);
  if (error === null) return <main className="shell-alone" role="status" aria-label="Signing in" />;
  return <SignIn refused={error.message} />;
}
