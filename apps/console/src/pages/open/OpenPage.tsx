import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { acts } from '../../api/acts.ts';
import { ApiProblem } from '../../api/client.ts';
import { SignIn } from '../../shell/SignIn.tsx';
import { Failure } from '../../shell/states.tsx';

/** The token stands in the fragment, which a browser sends to nobody and no log keeps. */
function takeToken(): string {
  const fragment = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  return new URLSearchParams(fragment).get('token') ?? fragment;
}

/** Turns the one-time link into a session and goes on to the overview. */
export function OpenPage() {
  const router = useRouter();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    acts
      .openSession(takeToken())
      .then(() => client.invalidateQueries({ queryKey: ['session'] }))
      .then(() => router.history.replace('/'))
      .catch(setError);
  }, [router, client]);
  if (error === null) return <main className="shell-alone" role="status" aria-label="Opening the console" />;
  if (error instanceof ApiProblem && error.status >= 400 && error.status < 500) return <SignIn spent />;
  return (
    <main className="shell-alone">
      <Failure error={error} what="The console" />
    </main>
  );
}
