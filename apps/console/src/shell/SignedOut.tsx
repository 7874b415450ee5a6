import { Code } from '@mantine/core';

/** Until people and permissions arrive the console opens by a one-time link only. */
export function SignedOut({ spent = false }: { spent?: boolean }) {
  return (
    <main className="shell-alone">
      <img src="/wardline.svg" alt="" width={40} height={40} />
      <h1>{spent ? 'This link does not open the console any more' : 'This browser is not signed in'}</h1>
      <p>
        {spent
          ? 'Each link opens the console once and for a short time. '
          : 'Wardline opens by a one-time link that its own machine prints. '}
        Ask for a new one on the machine that Wardline runs on:
      </p>
      <Code block>npx wardline link</Code>
      <p className="dim">
        Open the printed address in this browser. Nothing was changed, and what was imported is still there.
        The link is also printed whenever Wardline starts.
      </p>
    </main>
  );
}
