/** The device's side of its identity: a certificate that is asked for, renewed and shown, and data that opens on this device alone. */
export { Agent, type AgentSettings, type EnrolmentOrder, type Link, type Outcome } from './agent.ts';
export { AgentError, type AgentFault } from './agent-error.ts';
export { alone } from './disk/alone.ts';
export { type Disk, folderDisk, sweepUnfinished } from './disk/disk.ts';
export { fileKeeper } from './keys/file-keeper.ts';
export type { HandshakeKey, HeldKey, KeyKeeper } from './keys/keeper.ts';
export { tpmName } from './keys/tpm/prove.ts';
export { type TpmSettings, tpmKeeper } from './keys/tpm/tpm-keeper.ts';
export type { VaultSecret } from './keys/vault.ts';
export type { Answer, Ask, Exchange, Identity } from './network/exchange.ts';
export { anyExchange } from './network/openssl-exchange.ts';
export { type Streaming, streamed } from './network/streamed.ts';
export { tlsExchange } from './network/tls-exchange.ts';
export { addAgentVerbs, agentProgram, runAgentProgram } from './program/program.ts';
export { type RunSettings, runAgent, type Step } from './run.ts';
export type { AgentStatus } from './status.ts';
export { type Factory, makeFactory, type UpdateState } from './update/state.ts';
export { Updater, type UpdaterSettings, type UpdateStep } from './update/updater.ts';
