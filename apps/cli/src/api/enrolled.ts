import { setTimeout as pause } from 'node:timers/promises';
import { type Agent, AgentError, anyExchange, openAgent, runAgent } from '@wardline/agent';
import { CommandError, exitCodes } from '../exit-codes.ts';

/** One request over TLS 1.3 in which both sides prove themselves. */
export type Send = (
  place: URL,
  init: { method: string; headers: Headers; body: string | Uint8Array | undefined },
) => Promise<Response>;

/** The identity that `wardline agent enrol` gave this machine, in use and kept alive. */
export interface EnrolledIdentity {
  send: Send;
  /** Renews the certificate when it is due, until the signal; a failure is told and tried again. */
  keepAlive: (signal: AbortSignal, tell: (line: string) => void) => Promise<void>;
  close: () => Promise<void>;
}

/** @throws CommandError where the folder holds no identity, or another agent is at work in it */
export async function enrolledIdentity(folder: string, passphraseFile?: string): Promise<EnrolledIdentity> {
  const said = (error: unknown): never => {
    throw error instanceof AgentError
      ? new CommandError(`--agent ${folder}: ${error.message}`, exitCodes.failed)
      : error;
  };
  const flags = { folder, ...(passphraseFile === undefined ? {} : { passphraseFile }) };
  const { agent, close } = await openAgent(flags).catch(said);
  try {
    await agent.link();
  } catch (error) {
    await close();
    said(error);
  }
  return { send: sendBy(agent), keepAlive: (signal, tell) => keptAlive(agent, signal, tell), close };
}

/** Each request shows the certificate that holds at that moment, so that a renewal needs no new start. */
const sendBy =
  (agent: Agent): Send =>
  async (place, { method, headers, body }) => {
    const { as, judge } = await agent.link();
    const answer = await anyExchange({
      server: new URL(place.origin),
      method: method === 'POST' ? 'POST' : 'GET',
      path: `${place.pathname}${place.search}`,
      headers: Object.fromEntries(headers),
      ...(body === undefined ? {} : { body }),
      as,
      judge,
    });
    return new Response(new Uint8Array(answer.body), { status: answer.status });
  };

function keptAlive(agent: Agent, signal: AbortSignal, tell: (line: string) => void): Promise<void> {
  return runAgent(agent, {
    signal,
    sleep: async (seconds) => {
      await pause(seconds * 1000, undefined, { signal, ref: false }).catch(() => {});
    },
    chance: Math.random,
    tell: (step) => {
      if (step.state === 'failed' || step.state === 'refused') tell(`identity: ${step.message}`);
      if (step.state === 'certified' && step.renewed) tell('identity: the certificate is renewed');
    },
  });
}
