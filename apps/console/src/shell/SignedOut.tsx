import { Code } from '@mantine/core';

/** Until people and permissions arrive the console opens by a one-time link only. */
export function SignedOut({ spent = false }: { spent?: boolean }) {
  return (
    <main className="shell-alone">
      <img src="/wardline.svg" alt="" width={40} height={40} />
      <h1>{spent ? 'This link does not open the console any more' : 'This browser is not signed in'}</h1>
      <p>
        {spent
          ? 'Each link opens the console once and for a day at the most. '
          : 'Wardline opens by a one-time link that it prints in its terminal when it starts. '}
        For a new one, stop Wardline there with Ctrl-C and start it again:
      </p>
      <Code block>npm start</Code>
      <p className="dim">
        Open the address that it prints in this browser. Nothing was changed, and what was imported is still
        there.
      </p>
    </main>
  );
}
